import type { ChangeLearning } from '../../domain/risk/change-learning.ts';
import type { Cache } from '../../ports/cache.ts';
import { recallView } from './kept-past.ts';
import type { LearnedPast } from './past-view.ts';

/** What was learned with what it was learned from; undefined where one of them is gone or they do not belong together. */
export async function learnedPast(
  cache: Cache,
  learning: ChangeLearning | undefined,
): Promise<LearnedPast | undefined> {
  if (!learning?.learnedTo) return undefined;
  const view = await recallView(cache, learning.learnedTo.sha);
  return view && { view, model: learning.model, labels: learning.labels };
}
