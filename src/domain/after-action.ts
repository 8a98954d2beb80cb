import { type ActionResult, actionWords, pointWords } from './action.ts';
import { concludeRestored, conclude, rollBack, rollingBack } from './course.ts';
import type { Deployment } from './deployment.ts';
import { endsRollback, planOf } from './due-action.ts';
import type { EventBody } from './event.ts';

/**
 * What follows once an action ended: nothing when it passed or its failure means nothing; else a person is asked, the
 * deployment ends before anything in production changed, or stable is restored.
 */
export function afterAction(d: Deployment, result: ActionResult): EventBody[] {
  if (result.point === 'after-rollback') return endsRollback(d, result) ? concludeRestored(d) : [];
  if (result.status === 'passed' || rollingBack(d) || d.candidate.kind === 'promoted') return [];
  const onFailure = planOf(d, result)?.onFailure ?? 'abort';
  if (onFailure === 'ignore') return [];
  const reason = failureWords(result);
  if (onFailure === 'pause') return [{ type: 'deployment.paused', reason }];
  return result.point === 'before-deployment'
    ? conclude(d, 'blocked', reason)
    : [rollBack('failure', reason)];
}

/** Why an action failed, with what was expected and what came. */
export function failureWords(result: ActionResult): string {
  const { detail, expected, actual, point } = result;
  const compared =
    expected === undefined ? detail : `${detail}: expected ${expected}, got ${actual ?? 'nothing'}`;
  return `${actionWords(result)} failed ${pointWords[point]}: ${compared}`;
}
