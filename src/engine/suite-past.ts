import type { Deployment } from '../domain/deployment.ts';
import type { SuitePlan } from '../domain/plan.ts';
import { suitePasts, type SuitePasts } from '../domain/suite-past.ts';
import type { Memory } from '../ports/memory.ts';

/** How many past deployments are looked at: enough for a median, few enough to be read while suites run. */
const newest = 30;

/** What the newest deployments of the history say of suites. A record that cannot be read says nothing. */
export async function readSuitePast(
  memory: Pick<Memory, 'history' | 'record'>,
  suites: readonly SuitePlan[],
): Promise<SuitePasts> {
  const rows = (await memory.history()).filter(({ kind }) => kind === 'deploy').slice(0, newest);
  const past: Deployment[] = [];
  // One after the other: who waits for it has other things to do meanwhile.
  for (const { id } of rows) {
    const record = await memory.record(id);
    if (record) past.push(record);
  }
  return suitePasts(past, suites);
}
