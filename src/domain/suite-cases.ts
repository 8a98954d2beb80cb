import { parseJson } from './parse-json.ts';
import { testCaseSchema, type CaseCounts, type TestCase } from './test-case.ts';

/** Every test of one suite's last run, as its file holds them, or why that cannot be had. */
export type SuiteCases =
  | {
      kind: 'read';
      /** Those that failed first of all, then the others, both in the order of the file; `left` more are counted only. */
      cases: TestCase[];
      counts: CaseCounts;
      /** What took longest, of all, the longest first. */
      slowest: TestCase[];
      left: number;
      /** Lines that are no test. */
      unreadable: number;
    }
  | { kind: 'missing' }
  /** Its bytes are not those that the journal names. */
  | { kind: 'differs' };

/** By the suite's name. */
export type CasesBySuite = ReadonlyMap<string, SuiteCases>;

/** More than a page can hold; the rest is counted. */
const mostKept = 12_000;
const mostFailed = 2_000;
const mostSlow = 10;

/** Takes the lines of a file of tests one by one, and holds no more of them than a page can show. */
export class CaseCollector {
  readonly #failed: TestCase[] = [];
  readonly #others: TestCase[] = [];
  readonly #counts: CaseCounts = { total: 0, passed: 0, failed: 0, skipped: 0 };
  #slowest: TestCase[] = [];
  #unreadable = 0;

  take(line: string): void {
    if (line.trim() === '') return;
    const parsed = testCaseSchema.safeParse(parseJson(line));
    if (!parsed.success) {
      this.#unreadable += 1;
      return;
    }
    const one = parsed.data;
    this.#counts.total += 1;
    this.#counts[one.status] += 1;
    const kept = one.status === 'failed' ? this.#failed : this.#others;
    if (kept.length < (one.status === 'failed' ? mostFailed : mostKept)) kept.push(one);
    const least = this.#slowest.at(-1)?.durationMs ?? 0;
    if (one.durationMs === undefined || (this.#slowest.length >= mostSlow && one.durationMs <= least)) return;
    this.#slowest = [...this.#slowest, one]
      .sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))
      .slice(0, mostSlow);
  }

  done(): Extract<SuiteCases, { kind: 'read' }> {
    const cases = [...this.#failed, ...this.#others];
    return {
      kind: 'read',
      cases,
      counts: this.#counts,
      slowest: this.#slowest,
      left: this.#counts.total - cases.length,
      unreadable: this.#unreadable,
    };
  }
}
