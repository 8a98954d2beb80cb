import type { Deployment } from '../domain/deployment.ts';
import type { SuitePlan } from '../domain/plan.ts';
import type { Memory } from '../ports/memory.ts';

/** So many of the newest deployments are looked at: a candidate that waits was tested lately, or is tested anew. */
const lookedAt = 30;

/**
 * The newest deployment in which all of these suites passed, by the same commands, on the very same tree; undefined where none is
 * among the newest. One whose lockfiles were made again was tested on another tree than it was proved with.
 */
export async function testedBefore(
  memory: Pick<Memory, 'history' | 'record'>,
  tree: string | undefined,
  suites: readonly SuitePlan[],
): Promise<Deployment | undefined> {
  if (tree === undefined || suites.length === 0) return undefined;
  for (const { id } of (await memory.history()).slice(0, lookedAt)) {
    const record = await memory.record(id);
    if (!record || record.candidate.kind === 'none') continue;
    const { candidate } = record;
    if (candidate.tree !== tree || (candidate.regenerated?.length ?? 0) > 0) continue;
    if (suites.every((suite) => passedIn(record, suite))) return record;
  }
  return undefined;
}

function passedIn({ plan, suites }: Deployment, { name, run }: SuitePlan): boolean {
  const same = plan.suites.some((suite) => suite.name === name && suite.run === run);
  return same && suites.some((state) => state.suite === name && state.status === 'passed');
}
