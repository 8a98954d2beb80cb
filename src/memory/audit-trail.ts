import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { nextEntry, type AuditAct, type AuditEntry, type AuditHead } from '../domain/audit.ts';
import { readChain } from '../domain/audit-chain.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { AuditTrail } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import { writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import { withFileLock, type Held } from '../../providers/runtime/file-lock.ts';
import { findState } from '../../providers/runtime/state-file.ts';
import {
  linesFromEnd,
  linesFromStart,
  openToRead,
  parseEntry,
  readEnd,
  type TrailEnd,
} from './audit-lines.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { lockOf } from './json-document.ts';

const headSchema = z.object({
  schema: z.literal('orchestra/audit-head@1'),
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The trail's name below the memory. */
export const auditFile = 'audit.ndjson';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whoever wrote an entry, to say that the trail itself was mended. */
const program = { name: 'orchestrate', face: 'conductor' } as const;

/**
 * The audit trail in `dir`, the memory's folder. `head` is a file outside of the repository that knows the last entry, so that
 * an end that was cut off is noticed.
 *
 * What is to be appended is put into a file beside the trail first, which only who holds the lock can write; so a holder that
 * slept past its lease cannot fork the chain: whoever comes next appends those very lines, and the sleeper the same ones once more.
 */
export function openAuditTrail(options: {
  dir: string;
  head: string;
  clock: Clock;
  onProblem: (problem: string) => void;
}): AuditTrail {
  const { dir, clock, onProblem } = options;
  const file = path.join(dir, auditFile);
  const next = path.join(dir, '.audit.next');

  async function knownHead(): Promise<AuditHead | undefined> {
    const found = await findState(options.head, headSchema).catch(() => undefined);
    return found?.kind === 'value' ? { seq: found.value.seq, hash: found.value.hash } : undefined;
  }

  async function keepHead({ seq, hash }: AuditHead): Promise<void> {
    const text = `${JSON.stringify({ schema: 'orchestra/audit-head@1', seq, hash })}\n`;
    try {
      await writeFileAtomic(options.head, text, { mode: 0o600 });
    } catch (error) {
      onProblem(`the end of the audit trail could not be kept in ${options.head}: ${messageOf(error)}`);
    }
  }

  async function endOfTrail(): Promise<{ end: TrailEnd; fresh: boolean }> {
    const trail = await openToRead(dir, auditFile);
    if (!trail)
      return { end: { size: 0, torn: 0, lacksNewline: false, unreadable: 0, last: undefined }, fresh: true };
    try {
      return { end: await readEnd(trail), fresh: false };
    } finally {
      await trail.close();
    }
  }

  /** Entries that somebody was about to append, and that are not in the trail. */
  async function pending(last: AuditHead | undefined): Promise<AuditEntry[]> {
    const text = (await disk.read(next).catch(ifMissing(Buffer.alloc(0)))).toString('utf8');
    const entries = text.split('\n').flatMap((line) => parseEntry(line) ?? []);
    return entries.filter(({ seq }) => seq > (last?.seq ?? 0));
  }

  async function append(act: AuditAct, held: Held): Promise<AuditEntry> {
    const { end, fresh } = await endOfTrail();
    const left = await pending(end.last);
    const { entries, notes } = whatToWrite(act, end, left, await knownHead(), clock.now());
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await held.write(next, text);
    if (end.torn > 0) {
      // Cut off by replacing the file: cutting it in place could hit what another appended since.
      const whole = (await disk.read(file)).subarray(0, end.size);
      await held.write(file, `${whole.toString('utf8')}${text}`);
    } else await appendText(file, `${end.lacksNewline ? '\n' : ''}${text}`, fresh ? dir : undefined);
    for (const note of notes) onProblem(note);
    const last = entries.at(-1);
    if (!last) throw new TypeError('nothing was written');
    await keepHead(last);
    return last;
  }

  return {
    async record(act) {
      try {
        await disk.makeFolders(dir);
        await keepOutOfGit(dir);
        return await withFileLock(lockOf(file), (held) => append(act, held));
      } catch (error) {
        if (error instanceof OrchestraError && error.exit === exitCode.locked) throw error;
        throw cannotWrite(file, error);
      }
    },

    async *entries(skipped = () => undefined) {
      const trail = await openToRead(dir, auditFile);
      if (!trail) return;
      const shown = new Set<number>();
      try {
        for await (const { text } of linesFromEnd(trail)) {
          const entry = parseEntry(text);
          if (!entry) skipped();
          else if (!shown.has(entry.seq)) yield entry;
          if (entry) shown.add(entry.seq);
        }
      } finally {
        await trail.close();
      }
    },

    async verify(signal) {
      const reader = readChain(digest, await knownHead());
      const trail = await openToRead(dir, auditFile);
      try {
        if (trail)
          for await (const { text, torn } of linesFromStart(trail)) {
            signal?.throwIfAborted();
            reader.take(text, torn);
          }
      } finally {
        await trail?.close();
      }
      return reader.end();
    },
  };
}

/** The entries to append: those that somebody left, the act, and before it what has to be said of the trail's end. */
function whatToWrite(
  act: AuditAct,
  end: TrailEnd,
  left: readonly AuditEntry[],
  known: AuditHead | undefined,
  now: Date,
) {
  const notes: string[] = [];
  const mends: AuditAct[] = [];
  const note = (action: string, text: string, details: NonNullable<AuditAct['details']>) => {
    notes.push(`the audit trail: ${text}`);
    mends.push({ action, who: program, subject: auditFile, why: text, details });
  };
  if (end.torn > 0)
    note('trail.cut', `its last line was not written to its end; ${end.torn} bytes were cut off`, {
      bytes: end.torn,
    });
  if (end.unreadable > 0)
    note('trail.damaged', 'its last lines cannot be read; it goes on after them', { lines: end.unreadable });
  const found = left.at(-1) ?? (end.last && { ...end.last, seq: end.last.seq + end.unreadable });
  // What is known from elsewhere is where it really ended: the numbers go on from there, so that the gap stays visible.
  const behind = known !== undefined && known.seq > (found?.seq ?? 0);
  if (behind && end.unreadable === 0)
    note('trail.shortened', `it ended at entry ${found?.seq ?? 0}, but entry ${known.seq} had been written`, {
      known: known.seq,
      found: found?.seq ?? 0,
    });
  let head: AuditHead | undefined = behind ? known : found;
  const added = [...mends, act].map((each) => {
    const entry = nextEntry(each, head, now, digest);
    head = entry;
    return entry;
  });
  return { entries: [...left, ...added], notes };
}

/** Appends, on the disk when it resolves; `folder` is synced where the file is new in it. */
async function appendText(file: string, text: string, folder: string | undefined): Promise<void> {
  const trail = await disk.open(file, 'append');
  try {
    await trail.write(text);
    await trail.sync();
  } finally {
    await trail.close();
  }
  if (folder !== undefined) await disk.syncFolder(folder);
}

function cannotWrite(file: string, cause: unknown): OrchestraError {
  return new OrchestraError('audit-write', `the audit trail cannot be written: ${messageOf(cause)}`, {
    exit: exitCode.io,
    hint: `Nothing was done: what changes something is written down first. Check the rights of, and the space on, ${path.dirname(file)}.`,
    details: { file },
    cause,
  });
}
