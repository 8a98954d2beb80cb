import type { Triggers } from './plan.ts';
import type { Sample } from './sample.ts';
import { formatSize } from './size-setting.ts';
import type { Decision } from './verdict.ts';

/** One large reading can be a moment before memory is given back. */
const readingsInARow = 3;

/** Rolls back when the candidate's memory was over its limit in each of the last readings (REQUIREMENTS G3). */
export function tooMuchMemory(samples: readonly Sample[], triggers: Triggers): Decision | undefined {
  const { memoryLimitBytes: limit } = triggers;
  if (limit === undefined) return undefined;
  const last = samples.slice(-readingsInARow);
  if (last.length < readingsInARow || last.some(({ memory }) => !memory || !(memory.candidate > limit)))
    return undefined;
  const now = last.at(-1)?.memory;
  if (!now) return undefined;
  const beside = now.stable === undefined ? '' : `; stable uses ${formatSize(now.stable)}`;
  const reason = `the candidate uses ${formatSize(now.candidate)} of memory, more than the ${formatSize(limit)} it may${beside}`;
  return {
    kind: 'roll_back',
    verdict: {
      kind: 'failed',
      rule: 'memory',
      reason,
      data: { memory: now.candidate, memoryLimit: limit, stableMemory: now.stable ?? null },
    },
  };
}
