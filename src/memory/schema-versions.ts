import { OrchestraError, exitCode } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json-object.ts';
import { migrations } from './migrations.ts';

function splitVersion(schema: string): { family: string; version: number } | undefined {
  const match = /^([a-z/-]+)@(\d{1,6})$/.exec(schema);
  return match ? { family: match[1] ?? '', version: Number(match[2]) } : undefined;
}

/** The schema that a document names, `orchestra/config@2`; undefined where it names none. */
export function schemaOf(data: unknown): string | undefined {
  return isJsonObject(data) && typeof data['schema'] === 'string' ? data['schema'] : undefined;
}

/** Whether `found` is a later version of the schema `known`. */
export function isNewer(found: string | undefined, known: string): boolean {
  const [there, here] = [splitVersion(found ?? ''), splitVersion(known)];
  return there !== undefined && here?.family === there.family && there.version > here.version;
}

/** Throws code `newer-schema` (exit 78) when `data` says it was written by a later version of the program. */
export function refuseNewer(data: unknown, known: string, file: string): void {
  const found = schemaOf(data);
  if (!isNewer(found, known)) return;
  throw new OrchestraError('newer-schema', `${file} has the schema ${found}; this version knows ${known}`, {
    exit: exitCode.config,
    hint: 'Update orchestrate to the version that wrote the file; nothing was changed.',
    details: { file, found, known },
  });
}

/** The step that leads from this document towards `name`; undefined where it is there, or no step knows it. */
function stepFrom(data: unknown, name: string) {
  const [wanted, found] = [splitVersion(name), schemaOf(data)];
  return migrations.find((step) => {
    const to = splitVersion(step.newer);
    if (to === undefined || to.family !== wanted?.family || to.version > wanted.version) return false;
    return found === undefined ? step.isOlder(data) : found === step.older;
  });
}

/** A document of an older version as one of the version `name`; the same where it is none. Pure. Throws zod's error. */
export function broughtUp(data: unknown, name: string): { data: unknown; from: string | undefined } {
  let now = data;
  let from: string | undefined;
  for (let step = stepFrom(now, name); step; step = stepFrom(now, name)) {
    from ??= step.older;
    now = step.up(now);
  }
  return { data: now, from };
}

/**
 * A document as the version `name` before its own has it, for an earlier program; the same where it is of that one. Pure.
 * Throws zod's error, or code `no-way-back` (78) where no step leads there.
 */
export function broughtDown(data: unknown, name: string): unknown {
  let now = data;
  while (schemaOf(now) !== name) {
    const at = schemaOf(now);
    const step = isNewer(at, name) ? migrations.find(({ newer }) => newer === at) : undefined;
    if (!step) {
      throw new OrchestraError('no-way-back', `${at ?? 'what names no schema'} cannot become ${name}`, {
        exit: exitCode.config,
        hint: 'Only documents of a later version of the same kind can go back to it.',
      });
    }
    now = step.down(now);
    if (schemaOf(now) === undefined) return now;
  }
  return now;
}
