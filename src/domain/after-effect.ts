import { afterAction } from './after-action.ts';
import { counted } from './counted.ts';
import {
  conclude,
  concludeRestored,
  enterPhase,
  flagOff,
  rollBack,
  rollingBack,
  touchedProduction,
} from './course.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody, Failure } from './event.ts';
import { flagMustGo } from './flag-progress.ts';
import { type GateResult, type GateTime, stopping, stoppingWords } from './gate.ts';
import { failures } from './next-effect.ts';
import type { Stage } from './plan.ts';
import {
  failingSuites,
  failingWords,
  holdingSuites,
  letPassWords,
  passingWords,
  waitsForRerun,
} from './testing-verdict.ts';
import { suitesUnderWay } from './suites-under-way.ts';

/** Times restoring stable is tried again before a person is called. */
const restoreAttempts = 5;

/** Times a raised flag is set to 0 % again on the way back before a person is called. */
const flagAttempts = 4;

/** What follows once an effect is done and `event` says so; that event itself is not among it. */
export function afterEffect(d: Deployment, event: EventBody, now: Date): EventBody[] {
  switch (event.type) {
    case 'papers.written':
      return [
        {
          type: 'stage.finished',
          stage: 'staging',
          status: 'passed',
          reason: 'candidate and documents are ready',
        },
        ...waiting(d, 'staging'),
        ...skipTesting(d),
      ];
    case 'tests.reported':
      return testsEnded(d);
    case 'gates.checked':
      return afterGates(d, event.when, event.results);
    case 'candidate.prepared':
      return enterPhase(d, 0);
    case 'candidate.started':
      return d.phase < 0 ? enterPhase(d, 0) : [];
    case 'cleaned':
      return conclude(d, 'succeeded', `${name(d)} serves all traffic`, 'passed');
    case 'action.finished':
      return afterAction(d, event.result);
    case 'restored':
      return flagMustGo(d) ? [] : wentBack(d);
    case 'flag.set':
      return d.restored ? wentBack(d) : [];
    case 'promoted':
      return d.status.kind === 'rolling_back'
        ? conclude(d, 'rolled_back', `${d.status.reason}; ${name(d)} keeps serving, ${flagOff(d)}`)
        : [];
    case 'learned':
      return [
        {
          type: 'stage.finished',
          stage: 'learning',
          status: 'passed',
          reason: counted(event.lessons.length, 'lesson'),
        },
        ...finish(d, now),
      ];
    default:
      return [];
  }
}

/** What follows when an effect failed: it is tried again, or the deployment goes back or ends. */
export function afterFailure(d: Deployment, effect: string, failure: Failure): EventBody[] {
  const running = [d.effect, ...suitesUnderWay(d).map((run) => run.effect)];
  const kind = running.find((one) => one?.id === effect)?.kind;
  const reason = failure.message;
  switch (kind) {
    case undefined:
      return [];
    case 'build-candidate':
      // Nothing is broken; what was chosen cannot go on as it is.
      return conclude(d, failure.code === 'lockfile' ? 'blocked' : 'failed', reason);
    case 'check-gates':
      return touchedProduction(d) ? [rollBack('failure', reason)] : conclude(d, 'blocked', reason);
    case 'write-papers':
    case 'report-tests':
    case 'ready-stable':
      return conclude(d, 'failed', reason);
    case 'run-suite':
      // What is known of the suites stays as it was: the run that could not begin says nothing of the candidate.
      return d.rerun ? testsEnded(d) : conclude(d, 'blocked', `tests could not run: ${reason}`);
    case 'prepare-candidate':
    case 'start-candidate':
    case 'scale':
    case 'set-flag':
      return rollingBack(d) ? flagStays(d, reason) : [rollBack('failure', reason)];
    case 'set-weight':
    case 'observe':
    case 'verify':
    case 'promote':
    case 'act':
      return rollingBack(d) ? [] : [rollBack('failure', reason)];
    case 'revive-stable':
      return d.status.kind === 'paused'
        ? []
        : [
            {
              type: 'deployment.paused',
              reason: `${d.stable?.name ?? 'stable'} does not run any more and cannot be started again: ${reason}`,
            },
          ];
    case 'clean-up':
      return [
        { type: 'cleaned', effect, detail: `not everything could be cleaned up: ${reason}` },
        ...conclude(d, 'succeeded', `${name(d)} serves all traffic`, 'passed'),
      ];
    case 'restore-stable': {
      const tried = (d.attempts[effect.slice(0, effect.lastIndexOf('/'))] ?? 0) + 1;
      return tried < restoreAttempts ? [] : conclude(d, 'halted', `stable could not be restored: ${reason}`);
    }
    case 'learn':
      return [{ type: 'learned', effect, lessons: [`nothing could be learned this time: ${reason}`] }];
    default:
      return kind satisfies never;
  }
}

/** What stops before production ends the deployment; what stops after the rollout takes it back (REQUIREMENTS R2). */
function afterGates(d: Deployment, when: GateTime, results: readonly GateResult[]): EventBody[] {
  if (stopping(results).length === 0 || rollingBack(d)) return [];
  const reason = `a gate refused: ${stoppingWords(results)}`;
  return when === 'before' ? conclude(d, 'blocked', reason) : [rollBack('failure', reason)];
}

/** Stable serves again: the hooks that come after that are next, where the plan has some. */
function wentBack(d: Deployment): EventBody[] {
  return d.plan.actions?.some((action) => action.at.includes('after-rollback')) ? [] : concludeRestored(d);
}

/** The flag could not be set to 0 %: traffic goes back first, then it is tried again, then a person is called. */
function flagStays(d: Deployment, reason: string): EventBody[] {
  if (!d.restored || failures(d, 'flag-off') + 1 < flagAttempts) return [];
  return conclude(
    d,
    'halted',
    `${d.stable?.name ?? 'what was before'} serves again, but ${d.plan.flag?.flag} could not be set to 0 %: ${reason}`,
  );
}

function skipTesting(d: Deployment): EventBody[] {
  const reason =
    d.plan.suitesSkipped ?? (d.plan.suites.length === 0 ? 'orchestra.yaml names no suites' : undefined);
  if (reason === undefined) return [];
  return [{ type: 'stage.finished', stage: 'testing', status: 'skipped', reason }, ...waiting(d, 'testing')];
}

function testsEnded(d: Deployment): EventBody[] {
  if (failingSuites(d).length === 0)
    return [
      { type: 'stage.finished', stage: 'testing', status: 'passed', reason: passingWords(d) },
      ...waiting(d, 'testing'),
    ];
  const reason = failingWords(d);
  if (holdingSuites(d).length === 0)
    return [
      {
        type: 'stage.finished',
        stage: 'testing',
        status: 'failed',
        reason: `${reason}; it goes on all the same: ${letPassWords(d)}`,
      },
      ...waiting(d, 'testing'),
    ];
  return waitsForRerun(d)
    ? [{ type: 'stage.finished', stage: 'testing', status: 'failed', reason }, ...waiting(d, 'testing')]
    : conclude(d, 'blocked', reason);
}

function waiting(d: Deployment, after: Stage): EventBody[] {
  return d.through === after ? [{ type: 'deployment.waiting', after }] : [];
}

function finish(d: Deployment, now: Date): EventBody[] {
  if (d.status.kind !== 'concluding') return [];
  const candidate = d.candidate.kind === 'promoted' ? d.candidate.version : null;
  return [
    {
      type: 'deployment.finished',
      outcome: d.status.outcome,
      reason: d.status.reason,
      environment: d.environment,
      version: candidate ?? d.stable,
      durationMs: Math.max(0, now.getTime() - Date.parse(d.requestedAt)),
    },
  ];
}

function name(d: Deployment): string {
  return d.candidate.kind === 'none' ? d.id : d.candidate.version.name;
}
