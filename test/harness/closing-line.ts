import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { countsIn, countsTable } from './counts.ts';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** `12 passed, 0 failed`, and `, 3 skipped` where some were. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function whySkipped(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? (test.options.mode === 'todo' ? 'to be written' : 'no reason given');
}

/** Counts tests, and what failed beside them: files that did not load, set-up and clean-up, errors nobody caught. */
export function tallyOf(modules: readonly TestModule[], unhandled: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const ended = (state: string) => tests.filter((test) => test.result().state === state).length;
  const beside = modules.flatMap((module) => [
    ...module.errors(),
    ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
  ]).length;
  return {
    passed: ended('passed'),
    failed: ended('failed') + beside + unhandled,
    skipped: ended('skipped') + ended('pending'),
  };
}

/**
 * Ends the output of a test run with what was left out, what the lanes counted, and one last line that says how it went, after
 * whatever else is printed.
 */
export default class ClosingLine implements Reporter {
  #vitest: Vitest | undefined;
  #lines: string[] = [];
  #counts: string | undefined;

  constructor() {
    process.once('exit', () => {
      if (this.#counts !== undefined) rmSync(path.dirname(this.#counts), { recursive: true, force: true });
      if (this.#lines.length > 0) process.stdout.write(`${this.#lines.join('\n')}\n`);
    });
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    // The processes that run the tests take it over from this one.
    this.#counts ??= path.join(realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestra-counts-'))), 'counts');
    process.env['ORCHESTRA_COUNTS'] = this.#counts;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const root = this.#vitest?.config.root ?? '';
    // Whoever asks for some tests by name knows that the others are left out.
    const named = this.#vitest?.config.testNamePattern === undefined;
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map(
        (test) => `skipped: ${path.relative(root, module.moduleId)} > ${test.fullName} (${whySkipped(test)})`,
      ),
    );
    const counted = this.#counts === undefined ? [] : countsTable(countsIn(this.#counts));
    this.#lines = [...(named ? skipped : []), ...counted, closingLine(tallyOf(modules, unhandled.length))];
  }
}
