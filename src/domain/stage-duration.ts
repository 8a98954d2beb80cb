import type { StageState } from './deployment.ts';

/** How long a stage took, in milliseconds; undefined where it did not begin or is not over. */
export function stageMs(state: StageState): number | undefined {
  if (!('finishedAt' in state) || state.startedAt === undefined || state.status === 'skipped')
    return undefined;
  return Math.max(0, Date.parse(state.finishedAt) - Date.parse(state.startedAt));
}
