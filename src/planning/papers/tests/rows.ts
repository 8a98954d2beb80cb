import type { Deployment } from '../../../domain/deployment.ts';
import { isFlaky } from '../../../domain/suite-run.ts';
import { holdingSuites, letPassWords } from '../../../domain/testing-verdict.ts';
import type { SuiteState } from '../../../domain/suite-result.ts';

/** A suite of the plan or of the results, with its last result where it ran. */
export interface SuiteRow {
  name: string;
  kind: string;
  status: SuiteState['status'] | 'not_run';
  result: SuiteState | undefined;
}

/** Planned suites in their order, each with its last result; then results of suites that were not planned. */
export function rowsOf({ plan, suites }: Deployment): SuiteRow[] {
  const last = new Map(suites.map((result) => [result.suite, result]));
  const planned = plan.suites.map(({ name, kind }): SuiteRow => {
    const result = last.get(name);
    last.delete(name);
    return { name, kind, status: result?.status ?? 'not_run', result };
  });
  return [
    ...planned,
    ...[...last.values()].map((result) => ({
      name: result.suite,
      kind: result.kind,
      status: result.status,
      result,
    })),
  ];
}

/** How the suites stand together, in a line. */
export function verdictOf(
  rows: readonly SuiteRow[],
  deployment: Deployment,
): {
  word: string;
  className: 'passed' | 'failed' | 'waiting';
} {
  const bad = rows.filter((row) => row.status === 'failed' || row.status === 'timed_out').length;
  const open = rows.filter((row) => row.status === 'not_run').length;
  if (bad > 0)
    return {
      word: `✖ ${bad} of ${rows.length} suites did not pass: ${holdingSuites(deployment).length > 0 ? 'production is blocked' : `it goes on all the same, ${letPassWords(deployment)}`}`,
      className: 'failed',
    };
  if (rows.length === 0) return { word: '– Nothing was tested', className: 'waiting' };
  if (open > 0) return { word: `– ${open} of ${rows.length} suites did not run`, className: 'waiting' };
  const flaky = rows.filter(({ result }) => result && isFlaky(result)).length;
  const told = flaky > 0 ? `, ${flaky} only when run again` : '';
  return { word: `✔ All ${rows.length} suites passed${told}`, className: 'passed' };
}
