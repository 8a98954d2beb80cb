import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import type { FailedCase } from '../../../src/domain/suite-result.ts';
import type { CaseCounts, TestCase } from '../../../src/domain/test-case.ts';

/** Tests kept of one run of a suite; what comes after is counted. */
export const keptCases = 200_000;
/** How large the file of them may become, bytes: 200,000 tests with short names are half of it. */
const largestFile = 64 * 1024 * 1024;
/** Failing tests that go into the journal; the file has them all. */
const shownFailures = 10;
/** Characters that are written at once. */
const writtenAtOnce = 1024 * 1024;

/** What became of the tests of a run. */
export interface Kept {
  counts: CaseCounts;
  casesFile?: { path: string; sha256: string };
  /** The first failing ones. */
  cases: FailedCase[];
  /** Tests that were counted and not kept. */
  left: number;
}

/** Counts tests, and writes them to `path`, one JSON a line, as they come. */
export function openCases(path: string, limits = { cases: keptCases, bytes: largestFile }) {
  const counts: CaseCounts = { total: 0, passed: 0, failed: 0, skipped: 0 };
  const cases: FailedCase[] = [];
  const hash = createHash('sha256');
  let file: number | undefined;
  let waiting = '';
  let bytes = 0;
  let kept = 0;
  let full = false;

  function write() {
    if (waiting === '') return;
    file ??= openSync(path, 'w', 0o600);
    const buffer = Buffer.from(waiting);
    waiting = '';
    hash.update(buffer);
    for (let at = 0; at < buffer.length;) at += writeSync(file, buffer, at);
  }

  return {
    counts,
    take(test: TestCase): void {
      counts.total += 1;
      counts[test.status] += 1;
      if (test.status === 'failed' && cases.length < shownFailures) {
        const { name, group, message, place } = test;
        cases.push({
          line: `✖ ${name}`,
          name,
          ...(group !== undefined && { group }),
          ...(message !== undefined && { message: message.slice(0, 300) }),
          ...(place !== undefined && { place }),
        });
      }
      if (full || kept >= limits.cases) return;
      const line = `${JSON.stringify(test)}\n`;
      bytes += line.length;
      // Once one did not fit none is kept, so that the file is the beginning of the run and not a choice from it.
      if (bytes > limits.bytes) return void (full = true);
      kept += 1;
      waiting += line;
      if (waiting.length >= writtenAtOnce) write();
    },
    /** Ends the file, on the disk before it is named anywhere; absent where no test was found. */
    end(): Kept {
      try {
        write();
        if (file !== undefined) fsyncSync(file);
      } finally {
        if (file !== undefined) closeSync(file);
      }
      return {
        counts,
        cases,
        left: counts.total - kept,
        ...(file !== undefined && { casesFile: { path, sha256: hash.digest('hex') } }),
      };
    },
    /** Leaves no file behind when reading was given up. */
    discard(): void {
      if (file !== undefined) closeSync(file);
      rmSync(path, { force: true });
    },
  };
}
export type Cases = ReturnType<typeof openCases>;
