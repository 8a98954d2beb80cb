import { auditEntrySchema, auditHash, chainStart, type AuditHead, type Digest } from './audit.ts';
import { counted } from './counted.ts';
import { parseJson } from './parse-json.ts';

/** Problems that are named; of more it is said how many. */
const mostProblems = 100;

export interface ChainProblem {
  kind: 'unreadable' | 'altered' | 'removed' | 'reordered' | 'unlinked' | 'rewritten' | 'shortened' | 'torn';
  /** Where it shows, from 1; the line after the last for what is missing at the end. */
  line: number;
  /** In words, with the entry's number. */
  text: string;
}

export interface ChainVerdict {
  entries: number;
  problems: ChainProblem[];
  /** Problems beyond those that are named. */
  more: number;
  /**
   * Whether the last entry is known from elsewhere: `unknown` where nobody kept it, so that an end that was cut off would not
   * be noticed.
   */
  end: 'known' | 'unknown';
}

/** Reads a trail line by line and says where it is not what was written. */
export interface ChainReader {
  /** The next line, without its end; `torn` where the file ends without one. */
  take(line: string, torn?: boolean): void;
  end(): ChainVerdict;
}

/** A reader of the whole trail; `head` is its last entry as it was kept elsewhere, before the reading began. */
export function readChain(digest: Digest, head: AuditHead | undefined): ChainReader {
  const problems: ChainProblem[] = [];
  let more = 0;
  let line = 0;
  let entries = 0;
  let last: AuditHead = { seq: 0, hash: chainStart };
  /** Lines that were not read since `last`: each may have been an entry. */
  let skipped = 0;
  const gaps: { from: number; to: number; line: number }[] = [];
  const late = new Set<number>();
  const seen = new Map<number, string>();

  const say = (kind: ChainProblem['kind'], text: string, at = line) => {
    if (problems.length < mostProblems) problems.push({ kind, line: at, text });
    else more += 1;
  };

  function take(text: string, torn = false): void {
    line += 1;
    const raw = parseJson(text);
    const entry = auditEntrySchema.safeParse(raw);
    if (!entry.success || typeof raw !== 'object' || raw === null) {
      if (torn) say('torn', `line ${line} was not written to its end; the next entry cuts it off`);
      else say('unreadable', `line ${line} cannot be read as an entry`);
      skipped += 1;
      return;
    }
    const { seq, hash, prev } = entry.data;
    // Written once with these bytes: a key given twice, or another order, was put in by something else.
    const whole = isWhole(raw, text, hash, digest);
    if (!whole)
      say('altered', `entry ${seq} (line ${line}) was altered: its hash is not that of what it says`);
    if (head?.seq === seq && head.hash !== hash)
      say('rewritten', `entry ${seq} (line ${line}) is not the one that was written: the trail was replaced`);
    // A writer that was stopped may write its entry once more when it wakes: the same bytes say nothing else.
    if (whole && seen.get(seq) === hash) return;
    seen.set(seq, hash);
    entries += 1;
    const expected = last.seq + 1;
    if (seq < expected) {
      say('reordered', `entry ${seq} (line ${line}) stands after entry ${last.seq}`);
      late.add(seq);
      return;
    }
    if (seq > expected + skipped) gaps.push({ from: expected, to: seq - 1, line });
    else if (skipped === 0 && prev !== last.hash)
      say(
        'unlinked',
        `entry ${seq} (line ${line}) does not follow from entry ${last.seq}: one of them was replaced`,
      );
    last = { seq, hash };
    skipped = 0;
  }

  return {
    take,
    end() {
      for (const { from, to, line: at } of gaps) {
        const gone = missingIn(from, to, late);
        if (gone) say('removed', `${gone} before line ${at}`, at);
      }
      if (head && head.seq > last.seq)
        say(
          'shortened',
          `${missingWords(last.seq + 1, head.seq)} at the end: the trail was shortened`,
          line + 1,
        );
      problems.sort((a, b) => a.line - b.line);
      return { entries, problems, more, end: head ? 'known' : 'unknown' };
    },
  };
}

/** What is missing of `from` … `to`, apart from what came late; undefined where all of it came. */
function missingIn(from: number, to: number, late: ReadonlySet<number>): string | undefined {
  const came = [...late].filter((seq) => seq >= from && seq <= to).length;
  const count = to - from + 1 - came;
  if (count <= 0) return undefined;
  return came === 0 ? missingWords(from, to) : `${count} of the entries ${from} to ${to} are missing`;
}

function missingWords(from: number, to: number): string {
  return from === to
    ? `entry ${from} is missing`
    : `entries ${from} to ${to} are missing (${counted(to - from + 1, 'entry', 'entries')})`;
}

function isWhole(raw: object, text: string, hash: string, digest: Digest): boolean {
  try {
    return auditHash(raw, digest) === hash && JSON.stringify(raw) === text;
  } catch {
    // Nested deeper than the stack goes: no entry was ever written so.
    return false;
  }
}
