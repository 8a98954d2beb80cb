import { casesFileOf } from '../../../src/domain/cases-file.ts';
import type { SuitePlan } from '../../../src/domain/plan.ts';
import { safeText } from '../../../src/domain/safe-text.ts';
import type { SuiteResult } from '../../../src/domain/suite-result.ts';
import { openCases } from './cases.ts';
import { findReports, type FoundReport } from './find-reports.ts';
import { knownOutputs } from './known-outputs.ts';
import { printedReport } from './printed.ts';
import { readReportFile, type Budget, type ReadFile } from './read-file.ts';
import { reportFormat } from './registry.ts';
import type { ReportedTest } from './report-format.ts';
import { testCaseOf } from './test-case-of.ts';

/** How much of a run's reports is read in all, bytes: 256 MB, what a million tests take. */
const readInAll = 256 * 1024 * 1024;

/** What the reports of a run say, as the result of a suite has it; `status` is what exit code and reports say together. */
export type ReportsSay = Pick<
  SuiteResult,
  'status' | 'counts' | 'format' | 'casesFile' | 'cases' | 'reportProblem'
>;

/** The reports of a suite that is about to run. */
export interface SuiteReports {
  /** Reads what the run wrote; called once, when all that the suite started has ended. Throws the signal's reason, nothing else. */
  read(run: {
    exitCode: number | null;
    timedOut: boolean;
    /** The whole output, and the byte at which the suite's own begins. */
    log: string;
    from: number;
    signal?: AbortSignal | undefined;
    /** How much is read in all, bytes. */
    limit?: number;
  }): Promise<ReportsSay>;
}

/**
 * Looks at what lies where a suite of the work tree `root` writes its reports, before it runs: what is the same afterwards is
 * of the checkout or of another run, and is not read. Call it right before the run.
 */
export async function watchReports(parts: {
  root: string;
  suite: Pick<SuitePlan, 'run' | 'report'>;
}): Promise<SuiteReports> {
  const { root, suite } = parts;
  const patterns = suite.report ? [suite.report.path] : knownOutputs(suite.run);
  const before = new Map((await findAll(root, patterns)).reports.map(({ path, state }) => [path, state]));

  return {
    async read(run) {
      const budget: Budget = { bytes: run.limit ?? readInAll };
      const cases = openCases(casesFileOf(run.log));
      const problems: string[] = [];
      const formats = new Set<string>();
      let saidFailed = false;
      const found = (test: ReportedTest) => cases.take(testCaseOf(test, root));
      const add = (name: string, read: ReadFile) => {
        if (read.format) formats.add(read.format.name);
        if (read.failed) saidFailed = true;
        if (read.problem !== undefined) problems.push(`${name}: ${read.problem}`);
      };
      try {
        const { reports, refused } = await findAll(root, patterns);
        const fresh = reports.filter(({ path, state }) => before.get(path) !== state);
        problems.push(...refused);
        const format = suite.report?.format && reportFormat(suite.report.format);
        for (const { path, real } of fresh)
          add(path, await readReportFile({ path: real, format, found, budget, signal: run.signal }));
        if (fresh.length === 0) {
          if (suite.report) problems.push(missing(suite.report.path, reports));
          else {
            const printed = await printedReport(run.log, run.from);
            const at = { path: run.log, found, budget, signal: run.signal };
            if (printed) add('its output', await readReportFile({ ...at, ...printed }));
          }
        }
        const kept = cases.end();
        return say({ ...kept, problems, formats, saidFailed, ...run });
      } catch (error) {
        cases.discard();
        run.signal?.throwIfAborted();
        return say({
          counts: undefined,
          cases: [],
          left: 0,
          problems: [`its report cannot be read: ${error instanceof Error ? error.message : String(error)}`],
          formats,
          saidFailed,
          ...run,
        });
      }
    },
  };
}

async function findAll(root: string, patterns: readonly string[]) {
  const all = await Promise.all(
    patterns.map((pattern) =>
      findReports(root, pattern).catch((error: unknown) => ({
        reports: [],
        refused: [`${pattern}: ${String(error)}`],
      })),
    ),
  );
  const byPath = new Map(all.flatMap(({ reports }) => reports).map((one) => [one.path, one]));
  return { reports: [...byPath.values()], refused: all.flatMap(({ refused }) => refused) };
}

function missing(path: string, standing: readonly FoundReport[]): string {
  return standing.length > 0
    ? `${path} was there before the suite ran, and is as it was: it is not read`
    : `it wrote no ${path}`;
}

/** What a run says as a whole. A report never makes a command pass that failed; what it says against one that passed counts. */
function say(run: {
  counts: SuiteResult['counts'];
  casesFile?: NonNullable<SuiteResult['casesFile']>;
  cases: NonNullable<SuiteResult['cases']>;
  left: number;
  problems: readonly string[];
  formats: ReadonlySet<string>;
  saidFailed: boolean;
  exitCode: number | null;
  timedOut: boolean;
}): ReportsSay {
  const { counts, exitCode, timedOut } = run;
  const known = counts !== undefined && run.formats.size > 0;
  const failed = (counts?.failed ?? 0) > 0;
  const byCode = !timedOut && exitCode === 0;
  const problems = [...run.problems];
  if (byCode && failed)
    problems.unshift(`${counts?.failed} of its tests failed, though the command ended with exit code 0`);
  if (!byCode && !timedOut && known && !failed && !run.saidFailed)
    problems.unshift(
      `no test of its report failed, though the command ended ${exitCode === null ? 'by a signal' : `with exit code ${exitCode}`}`,
    );
  if (run.left > 0) problems.push(`${run.left} further tests are counted and not kept`);
  const [first, ...more] = problems;
  const problem =
    first === undefined ? undefined : `${first}${more.length > 0 ? `; ${more.slice(0, 3).join('; ')}` : ''}`;
  return {
    status: timedOut ? 'timed_out' : byCode && !failed && !run.saidFailed ? 'passed' : 'failed',
    ...(known && { counts, format: [...run.formats].join(', ') }),
    ...(run.casesFile && { casesFile: run.casesFile }),
    ...(run.cases.length > 0 && { cases: run.cases }),
    ...(problem !== undefined && { reportProblem: safeText(problem, 600) }),
  };
}
