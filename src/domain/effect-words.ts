import { actionWords, pointWords } from './action.ts';
import type { Effect } from './effect.ts';
import type { Phase } from './plan.ts';
import { safeText } from './safe-text.ts';
import { reachWords } from './share-words.ts';

/** What an effect does, in words; safe to print; `phases` are the deployment's, for whom a share means. */
export function effectText(effect: Effect, phases: readonly Phase[]): string {
  switch (effect.kind) {
    case 'build-candidate':
      return 'building the candidate';
    case 'build-artifact':
      return 'building the artifact, or finding the one that was built';
    case 'write-papers':
      return 'writing the papers';
    case 'run-suite':
      return `running ${safeText(effect.suite.name)}${effect.run === undefined ? '' : `, run ${effect.run}`}`;
    case 'report-tests':
      return 'writing the test report';
    case 'check-gates':
      return effect.when === 'before'
        ? 'looking at the gates before production'
        : 'looking at the gates after the rollout';
    case 'ready-stable':
      return 'making sure that stable serves';
    case 'prepare-candidate':
      return 'installing and building the candidate';
    case 'scale':
      return effect.step === 'grow' ? 'starting further copies of the candidate' : 'ending copies of stable';
    case 'start-candidate':
      return 'starting the candidate, without users yet';
    case 'set-weight':
      return safeText(`moving traffic to ${reachWords(effect.weight, effect.phase, phases)}`);
    case 'set-flag':
      return `setting ${safeText(effect.flag)} to ${effect.percent} %`;
    case 'revive-stable':
      return 'starting stable again';
    case 'observe':
      return 'watching the candidate';
    case 'promote':
      return 'making the candidate stable';
    case 'verify':
      return 'asking whether the new version answers';
    case 'clean-up':
      return 'stopping what is no longer needed';
    case 'restore-stable':
      return 'giving all traffic back to stable';
    case 'act':
      return safeText(`${actionWords(effect.action)}, ${pointWords[effect.point]}`);
    case 'learn':
      return 'learning from it';
    default:
      return effect satisfies never;
  }
}
