import { longDuration } from './analysis-words.ts';
import { counted } from './counted.ts';
import type { Improvement, Improvements } from './improvement.ts';

/** What applying it would save, `saves about 4 min a deployment`; undefined where no record says. */
export function savingWords({ savesMs }: Pick<Improvement, 'savesMs'>): string | undefined {
  return savesMs === undefined || savesMs < 500
    ? undefined
    : `saves about ${longDuration(savesMs)} a deployment`;
}

/** Whether it can be written into `orchestra.yaml` now; what keeps it from that is said in `whyNot`. */
export function canApply({ change, whyNot }: Improvement): boolean {
  return change !== undefined && whyNot === undefined;
}

/** What was looked at, in a sentence. */
export function lookedWords({ looked, environment, improvements }: Improvements): string {
  const where = environment === null ? '' : ` of ${environment}`;
  return `Looked at ${looked === 1 ? '1 deployment' : `the newest ${counted(looked, 'deployment')}`}${where}: ${improvements.length === 0 ? 'nothing that could be done better, or not enough history to say so' : counted(improvements.length, 'suggestion')}.`;
}
