import type { OpenFile } from '../../providers/runtime/disk.ts';
import { reach } from '../../providers/runtime/failpoints.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { Event, EventBody } from '../domain/event.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Journal } from '../ports/journal.ts';
import { parseEvent, printEvent } from './event-line.ts';

/** A journal open for its one writer; `before` is what it holds, `damaged` whether a part was cut off it. Its `append` throws code `journal-write` (74). */
export function writable(file: OpenFile, id: string, before: readonly Event[], damaged: boolean): Journal {
  const events = [...before];
  let broken: unknown;
  return {
    events,
    damaged,
    async append(bodies, at) {
      if (bodies.length === 0) return [];
      if (broken !== undefined) throw cannotWrite(id, broken);
      try {
        const last = events.at(-1);
        // A clock that was set back since must not make what comes after look older.
        const time = new Date(Math.max(at.getTime(), last ? Date.parse(last.at) : 0));
        const added = await appendEvents(file, id, last?.seq ?? 0, bodies, time);
        events.push(...added);
        return added;
      } catch (error) {
        // After a failed fsync nobody knows what is on the disk: only a reader of the file can tell.
        broken = error;
        throw cannotWrite(id, error);
      }
    },
    close: () => file.close(),
  };
}

/** Writes events as lines, numbered after `last`, and on the disk when it resolves. Throws the system's errors. */
export async function appendEvents(
  file: OpenFile,
  deployment: string,
  last: number,
  bodies: readonly EventBody[],
  at: Date,
): Promise<Event[]> {
  const events: Event[] = bodies.map((body, i) => ({
    seq: last + i + 1,
    deployment,
    at: at.toISOString(),
    ...(i < bodies.length - 1 ? { more: true as const } : {}),
    ...body,
  }));
  await transition(events, 'before');
  await file.write(events.map(printEvent).join(''));
  await transition(events, 'written');
  await file.datasync();
  await transition(events, 'synced');
  return events;
}

/** In builds for tests, a failpoint for each change of a deployment's state: `event:phase.started written`. */
async function transition(events: readonly Event[], moment: 'before' | 'written' | 'synced'): Promise<void> {
  if (typeof ORCHESTRA_FAILPOINTS === 'undefined' || !ORCHESTRA_FAILPOINTS) return;
  for (const { type } of events) await reach(`event:${type} ${moment}`);
}

/** What stands in a journal. */
export interface Readable {
  /** Those of whole decisions, up to the first that cannot be read. */
  events: Event[];
  /** In bytes, up to the last whole decision. */
  length: number;
  /** Where an event stands that cannot be read, its number where that is known. */
  bad: number | '?' | undefined;
  /** The type of the first event that a later version of the program wrote, wherever it stands. */
  newer: string | undefined;
}

/**
 * The events of a journal's whole decisions, and the length in bytes up to the last whole one. Only the end may be
 * torn: a bad line before it, or a gap in `seq`, throws code `bad-journal` (74); an event of a later version of the
 * program throws `newer-schema` (78).
 */
export function parseJournal(
  bytes: Buffer,
  id: string,
  expected: number | null = 1,
): { events: Event[]; length: number } {
  const { events, length, bad, newer } = parseReadable(bytes, id, expected);
  if (newer !== undefined) throw newerJournal(id, newer);
  if (bad === undefined) return { events, length };
  throw new OrchestraError('bad-journal', `the journal of ${id} cannot be read at event ${bad}`, {
    exit: exitCode.io,
    hint: 'it was changed by something else; look at journal.ndjson in the deployment’s folder',
  });
}

/** Why nothing is done with a journal that a later version of the program writes. */
export function newerJournal(id: string, type: string): OrchestraError {
  return new OrchestraError(
    'newer-schema',
    `the journal of ${id} has an event ${safeText(JSON.stringify(type), 60)}, which this version does not know`,
    {
      exit: exitCode.config,
      hint: 'Update orchestrate to the version that wrote it; nothing was changed.',
      details: { deployment: id, type: safeText(type, 60) },
    },
  );
}

/** As `parseJournal`, up to the first event that cannot be read. Throws nothing. */
export function parseReadable(bytes: Buffer, id: string, expected: number | null = 1): Readable {
  const events: Event[] = [];
  let decision: Event[] = [];
  let length = 0;
  let next = expected;
  for (let from = 0; ;) {
    const end = bytes.indexOf(10, from);
    if (end < 0) break;
    const line = bytes.subarray(from, end);
    const parsed = parseEvent(line, id);
    if (parsed.kind !== 'event') {
      if (parsed.kind === 'damaged' && end === bytes.length - 1 && isUnwritten(line)) break;
      const newer = parsed.kind === 'newer' ? parsed.type : newerAfter(bytes, end + 1, id);
      return { events, length, bad: next ?? '?', newer };
    }
    if (next !== null && parsed.event.seq !== next) {
      return { events, length, bad: next, newer: newerAfter(bytes, end + 1, id) };
    }
    if (next !== null) next++;
    from = end + 1;
    decision.push(parsed.event);
    if (parsed.event.more === true) continue;
    events.push(...decision);
    decision = [];
    length = from;
  }
  return { events, length, bad: undefined, newer: undefined };
}

/** A power cut leaves a line's blocks out of order: its end is there, and zeros for what is not. Nobody writes those. */
function isUnwritten(line: Buffer): boolean {
  return line.includes('\0\0');
}

/** What a later version wrote must not be cut off, also where something before it is damaged. */
function newerAfter(bytes: Buffer, start: number, id: string): string | undefined {
  for (let from = start; ;) {
    const end = bytes.indexOf(10, from);
    if (end < 0) return undefined;
    const parsed = parseEvent(bytes.subarray(from, end), id);
    if (parsed.kind === 'newer') return parsed.type;
    from = end + 1;
  }
}

function cannotWrite(id: string, cause: unknown): OrchestraError {
  return new OrchestraError('journal-write', `the journal of ${id} cannot be written: ${messageOf(cause)}`, {
    exit: exitCode.io,
    hint: 'make room on the disk or mend its permissions; the deployment goes on with the next command',
    cause,
  });
}
