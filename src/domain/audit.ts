import { z } from 'zod';
import { actorSchema, type Actor } from './actor.ts';
import { safeText } from './safe-text.ts';
import { withoutSecrets } from './without-secrets.ts';

export const auditName = 'orchestra/audit@1';

/** What the first entry follows. */
export const chainStart = '0'.repeat(64);

/** Characters of a reason, of a subject, and of one detail, and how many details: an entry stays below 64 kB whatever it is told. */
const most = { why: 1000, subject: 200, detail: 300, details: 20, listed: 20 } as const;

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
const detailSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
export type AuditDetail = z.infer<typeof detailSchema>;

/** One line of `audit.ndjson`: who did what, to what, when, from which face, and why. */
export const auditEntrySchema = z
  .object({
    schema: z.literal(auditName),
    /** From 1 without gaps. */
    seq: z.number().int().positive(),
    at: z.string(),
    /** What was done, as `deploy.requested`. */
    action: z.string().regex(/^[a-z]+(?:[.-][a-z]+)*$/),
    who: actorSchema.loose(),
    /** A deployment's id, an environment, a document. */
    subject: z.string(),
    environment: z.string().optional(),
    why: z.string().optional(),
    details: z.record(z.string(), detailSchema).optional(),
    /** The hash of the entry before. */
    prev: digestSchema,
    /** Of this entry with `prev`, by `auditHash`. */
    hash: digestSchema,
  })
  .loose();
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Something that is about to be done, or how it went. */
export interface AuditAct {
  action: string;
  who: Actor;
  subject: string;
  environment?: string | undefined;
  why?: string | undefined;
  /** Small, and no secrets; what has no value is left out. */
  details?: Record<string, AuditDetail | undefined>;
}

/** The end of the trail: what the next entry follows. */
export interface AuditHead {
  seq: number;
  hash: string;
}

/** SHA-256 of a text as 64 hexadecimal digits. */
export type Digest = (text: string) => string;

/** JSON with the keys of every object in order, so that a value has one text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`;
}

/** The hash of an entry: of all its fields but `hash`, those that are not known here too. */
export function auditHash(entry: object, digest: Digest): string {
  return digest(canonicalJson(Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'hash'))));
}

/** What a person or a program said, for good: passwords and tokens in it are nobody's to read (REQUIREMENTS E3). */
function told(text: string, length: number): string {
  return safeText(withoutSecrets(text.slice(0, 10 * length)), length);
}

/** The entry that follows `head`; its texts are made safe to show, without secrets and cut, since they come from outside. */
export function nextEntry(act: AuditAct, head: AuditHead | undefined, at: Date, digest: Digest): AuditEntry {
  const { name, face, ...rest } = act.who;
  const open = {
    schema: auditName,
    seq: (head?.seq ?? 0) + 1,
    at: at.toISOString(),
    action: act.action,
    who: { name: safeText(name, 100), face, ...safeFields(rest) },
    subject: safeText(act.subject, most.subject),
    ...(act.environment === undefined ? {} : { environment: safeText(act.environment, 100) }),
    ...(act.why === undefined || act.why.trim() === '' ? {} : { why: told(act.why, most.why) }),
    ...(act.details === undefined ? {} : { details: safeFields(act.details) }),
    prev: head?.hash ?? chainStart,
  } as const;
  return auditEntrySchema.parse({ ...open, hash: auditHash(open, digest) });
}

/** Fields of known kinds only, so that no object from outside brings more along than its name says. */
function safeFields(fields: Readonly<Record<string, unknown>>): Record<string, AuditDetail> {
  const safe = Object.entries(fields).flatMap(([key, value]): [string, AuditDetail][] => {
    const name = safeText(key, 60);
    // As a key it is JavaScript's own word, which readers would lose.
    if (name === '__proto__') return [];
    if (typeof value === 'string') return [[name, told(value, most.detail)]];
    if (typeof value === 'boolean' || value === null) return [[name, value]];
    if (typeof value === 'number') return [[name, Number.isFinite(value) ? value : null]];
    if (!Array.isArray(value)) return [];
    const texts = value.filter((item): item is string => typeof item === 'string');
    const more = texts.length > most.listed ? [`… ${texts.length - most.listed} more`] : [];
    return [[name, [...texts.slice(0, most.listed).map((text) => told(text, 100)), ...more]]];
  });
  return Object.fromEntries(safe.slice(0, most.details));
}
