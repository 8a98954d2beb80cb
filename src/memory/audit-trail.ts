import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { nextEntry, type AuditAct, type AuditEntry, type AuditHead } from '../domain/audit.ts';
import { readChain } from '../domain/audit-chain.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { AuditTrail } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import { writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { findState } from '../../providers/runtime/state-file.ts';
import { linesFromEnd, linesFromStart, parseEntry, readEnd, type TrailEnd } from './audit-lines.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { lockOf } from './json-document.ts';
import { checkInside } from './layout.ts';

const headSchema = z.object({
  schema: z.literal('orchestra/audit-head@1'),
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The name of the trail below the memory, and of its last entry's number and hash, which are kept elsewhere. */
export const auditFile = 'audit.ndjson';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Whoever wrote an entry, to say that the trail itself was mended. */
const program = { name: 'orchestrate', face: 'conductor' } as const;

/**
 * The audit trail in `dir`, the memory's folder. `head` is a file outside of the repository that knows the last entry, so that
 * an end that was cut off is noticed.
 */
export function openAuditTrail(options: {
  dir: string;
  head: string;
  clock: Clock;
  onProblem: (problem: string) => void;
}): AuditTrail {
  const { dir, clock, onProblem } = options;
  const file = path.join(dir, auditFile);

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

  async function append(act: AuditAct): Promise<AuditEntry> {
    const made = await mkdir(dir, { recursive: true });
    const handle = await openTrail(file);
    try {
      if (made !== undefined || handle.fresh) await keepOutOfGit(dir);
      await checkInside(dir, file);
      const [end, known] = await Promise.all([readEnd(handle.file), knownHead()]);
      const { entries, notes } = whatToWrite(act, end, known, clock.now());
      await write(handle.file, end, entries);
      if (handle.fresh) await disk.syncFolder(dir);
      for (const note of notes) onProblem(note);
      const last = entries.at(-1);
      if (!last) throw new TypeError('nothing was written');
      await keepHead(last);
      return last;
    } finally {
      await handle.file.close();
    }
  }

  return {
    async record(act) {
      try {
        return await withFileLock(lockOf(file), () => append(act));
      } catch (error) {
        if (error instanceof OrchestraError && error.exit === exitCode.locked) throw error;
        throw cannotWrite(file, error);
      }
    },

    async *entries(skipped = () => undefined) {
      for await (const { text } of linesFromEnd(file)) {
        const entry = parseEntry(text);
        if (entry) yield entry;
        else skipped();
      }
    },

    async verify(signal) {
      const reader = readChain(digest, await knownHead());
      for await (const { text, torn } of linesFromStart(file)) {
        signal?.throwIfAborted();
        reader.take(text, torn);
      }
      return reader.end();
    },
  };
}

/** The entries to append, with one before it where the trail's end is not as it was left. */
function whatToWrite(act: AuditAct, end: TrailEnd, known: AuditHead | undefined, now: Date) {
  const notes: string[] = [];
  const mends: AuditAct[] = [];
  const note = (action: string, text: string, details: AuditAct['details']) => {
    notes.push(`the audit trail: ${text}`);
    mends.push({ action, who: program, subject: auditFile, why: text, ...(details ? { details } : {}) });
  };
  if (end.torn > 0)
    note('trail.cut', `its last line was not written to its end; ${end.torn} bytes were cut off`, {
      bytes: end.torn,
    });
  if (end.unreadable > 0)
    note('trail.damaged', 'its last lines cannot be read; it goes on after them', { lines: end.unreadable });
  // What is known from elsewhere is where it really ended: the numbers go on from there, so that the gap stays visible.
  const behind = known !== undefined && known.seq > (end.last?.seq ?? 0);
  if (behind && end.unreadable === 0)
    note(
      'trail.shortened',
      `it ended at entry ${end.last?.seq ?? 0}, but entry ${known.seq} had been written`,
      {
        known: known.seq,
        found: end.last?.seq ?? 0,
      },
    );
  let head = behind ? known : end.last && { ...end.last, seq: end.last.seq + end.unreadable };
  const entries = [...mends, act].map((each) => {
    const entry = nextEntry(each, head, now, digest);
    head = entry;
    return entry;
  });
  return { entries, notes };
}

/** Replaces a torn end by whole lines, synced; where that fails the file is as long as before, as far as that can be had. */
async function write(file: FileHandle, end: TrailEnd, entries: readonly AuditEntry[]): Promise<void> {
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  const bytes = Buffer.from(`${end.lacksNewline ? '\n' : ''}${text}`);
  if (end.torn > 0) await file.truncate(end.size);
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at, end.size + at);
      at += bytesWritten;
    }
    await file.sync();
  } catch (error) {
    await file.truncate(end.size).catch(() => undefined);
    throw error;
  }
}

/** Opens the trail for reading and writing, made where there is none; a link is never followed. */
async function openTrail(file: string): Promise<{ file: FileHandle; fresh: boolean }> {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return { file: await regular(await open(file, flags)), fresh: false };
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return { file: await open(file, flags | constants.O_CREAT, 0o644), fresh: true };
  }
}

async function regular(file: FileHandle): Promise<FileHandle> {
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new TypeError('it is no file');
}

function cannotWrite(file: string, cause: unknown): OrchestraError {
  return new OrchestraError('audit-write', `the audit trail cannot be written: ${messageOf(cause)}`, {
    exit: exitCode.io,
    hint: `Nothing was done: what changes something is written down first. Check the rights of, and the space on, ${path.dirname(file)}.`,
    details: { file },
    cause,
  });
}
