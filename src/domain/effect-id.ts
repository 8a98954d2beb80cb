import type { Deployment } from './deployment.ts';
import type { Effect } from './effect.ts';
import { wayBack } from './flag-progress.ts';
import type { Stage } from './plan.ts';

/** An effect before it has its id. */
export type Step = Effect extends infer E ? (E extends Effect ? Omit<E, 'id'> : never) : never;

/** The stage an effect belongs to. */
export function stageOf(kind: Effect['kind']): Stage {
  switch (kind) {
    case 'build-candidate':
    case 'build-artifact':
    case 'write-papers':
      return 'staging';
    case 'run-suite':
    case 'report-tests':
      return 'testing';
    case 'check-gates':
    case 'ready-stable':
    case 'prepare-candidate':
    case 'start-candidate':
    case 'scale':
    case 'revive-stable':
    case 'set-weight':
    case 'set-flag':
    case 'observe':
    case 'verify':
    case 'promote':
    case 'clean-up':
    case 'restore-stable':
    case 'act':
      return 'production';
    case 'learn':
      return 'learning';
    default:
      return kind satisfies never;
  }
}

/** Which run it is, where it is not the first. */
function runOf({ run }: { run?: number | undefined }): string {
  return run === undefined ? '' : `-run-${run}`;
}

function subjectOf(step: Step): string {
  switch (step.kind) {
    case 'run-suite':
      return `suite-${step.suite.name}${runOf(step)}`;
    case 'report-tests':
      return `report-tests${runOf(step)}`;
    case 'set-weight':
      return `weight-${step.phase}`;
    case 'scale':
      return `${step.step}-${step.phase}`;
    case 'set-flag':
      return step.phase === wayBack ? 'flag-off' : `flag-${step.phase}`;
    case 'observe':
      return `observe-${step.phase}`;
    case 'check-gates':
      return `gates-${step.when}`;
    case 'act':
      return [
        'act',
        step.point,
        ...(step.phase === undefined ? [] : [step.phase]),
        step.action.kind,
        step.action.name,
      ].join('-');
    case 'build-candidate':
    case 'build-artifact':
    case 'write-papers':
    case 'ready-stable':
    case 'prepare-candidate':
    case 'start-candidate':
    case 'revive-stable':
    case 'verify':
    case 'promote':
    case 'clean-up':
    case 'restore-stable':
    case 'learn':
      return step.kind;
    default:
      return step satisfies never;
  }
}

/** The effect with its id: the deployment, its stage and subject, and which attempt it is. */
export function withId(d: Deployment, step: Step): Effect {
  const path = `${d.id}/${stageOf(step.kind)}/${subjectOf(step)}`;
  return { ...step, id: `${path}/${(d.attempts[path] ?? 0) + 1}` };
}
