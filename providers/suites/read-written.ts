import { messageOf } from '../../src/domain/errors.ts';
import type { SuitePlan } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { SuiteResult } from '../../src/domain/suite-result.ts';
import type { Git } from '../../src/ports/git.ts';
import { readCoverage } from './line-coverage/read-coverage.ts';
import { readFindings } from './findings.ts';
import { readMeasurements } from './measurements.ts';
import { markOf, NotRead } from './written-file.ts';

/** The files that a suite says it writes. */
const kinds = ['coverage', 'measurements', 'findings'] as const;
type Kind = (typeof kinds)[number];

/** What each of these files was before the suite ran. */
export type Marks = Partial<Record<Kind, string | undefined>>;

/** Taken before a suite runs: what was there already was not written by it. */
export async function markWritten(root: string, suite: SuitePlan): Promise<Marks> {
  const marks: Marks = {};
  for (const kind of kinds) {
    const path = suite[kind];
    if (path !== undefined) marks[kind] = await markOf(root, path);
  }
  return marks;
}

/** What a suite wrote beside its output; what cannot be read is said, and never taken for good news. */
export async function readWritten(request: {
  git: Git;
  root: string;
  suite: SuitePlan;
  before: Marks;
  base: string | null;
  sha: string;
}): Promise<Pick<SuiteResult, Kind | 'problems'>> {
  const { git, root, suite, before, base, sha } = request;
  const read: Pick<SuiteResult, Kind> = {};
  const problems: string[] = [];
  const take = async (kind: Kind, path: string | undefined, work: (path: string) => Promise<void>) => {
    if (path === undefined) return;
    try {
      await work(path);
    } catch (error) {
      if (!(error instanceof NotRead) && !(error instanceof Error && 'code' in error)) throw error;
      problems.push(safeText(`${kind} ${path}: ${messageOf(error)}`, 300));
    }
  };
  await take('coverage', suite.coverage, async (path) => {
    read.coverage = await readCoverage({ git, root, path, before: before.coverage, base, sha });
  });
  await take('measurements', suite.measurements, async (path) => {
    read.measurements = await readMeasurements(root, path, before.measurements);
  });
  await take('findings', suite.findings, async (path) => {
    read.findings = await readFindings(root, path, before.findings);
  });
  return { ...read, ...(problems.length > 0 ? { problems } : {}) };
}
