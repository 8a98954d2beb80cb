import { formatDuration, writtenDuration } from '../../domain/duration.ts';
import type { EditPath, FoundImprovement } from '../../domain/improvement.ts';
import { formatInterval } from '../../domain/interval.ts';
import type { EnvironmentSettings } from '../../domain/settings.ts';
import { extension } from '../../strategies/strategy.ts';
import { type Finder, deploysOf, rateOf, rateWords, roundedUp } from './finder.ts';
import type { DeploymentProcess, PhaseProcess } from './process-facts.ts';

/** Phases that went well before a threshold is said never to be near. */
const fewestPhases = 30;
/** A threshold that is so many times the worst healthy phase is far away, and one of so many times keeps its distance. */
const [far, distance] = [4, 2];
/** Requests that would have to fail at the suggested rate, in each phase that it is said from. */
const fewestFailures = 5;
/** No threshold is suggested below: at fifty requests one that failed is 2 %. */
const lowestErrorRate = 0.2;

/** Thresholds that no healthy candidate ever came near, and such that hold up what is fine. */
export const thresholds: Finder = (past) =>
  past.environments.flatMap((environment) => {
    const target = past.settings.environments[environment];
    if (!target) return [];
    const its = deploysOf(past, environment).filter(({ phases }) => phases.some(({ judged }) => judged));
    return [
      ...neverNear(environment, target, its),
      ...alwaysNear(environment, target, its),
      ...tooSmallSamples(environment, target, its),
    ];
  });

const judgedPhases = (its: readonly DeploymentProcess[]) =>
  its
    .filter(({ says }) => says === 'success')
    .flatMap(({ phases }) =>
      phases.filter(({ judged, passed, errorRate }) => judged && passed && Number.isFinite(errorRate)),
    );

const worstOf = (phases: readonly PhaseProcess[]) =>
  Math.max(...phases.map(({ errorRate = 0 }) => errorRate));

const percent = (rate: number) => `${Number(rate.toPrecision(2))} %`;

/** An error rate that could be watched for more closely. */
function neverNear(
  environment: string,
  { thresholds: { error_rate: now } }: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const phases = judgedPhases(its);
  if (phases.length < fewestPhases) return [];
  const worst = worstOf(phases);
  const wanted = Math.max(lowestErrorRate, Math.ceil(10 * distance * worst) / 10);
  if (worst * far > now || wanted > now / 2) return [];
  // A few unlucky requests must not be a rate: where little traffic comes, a lower threshold would take back by chance.
  if (phases.some(({ requests = 0 }) => (requests * wanted) / 100 < fewestFailures)) return [];
  const rate = rateOf(0, phases.length, 'phases of rollouts that went well, above the suggested rate');
  return [
    {
      id: `threshold-error-rate-${environment}`,
      kind: 'threshold',
      environment,
      title: `The error rate in ${environment} never came near its threshold`,
      evidence: [
        `In ${phases.length} phases of rollouts that went well at most ${percent(worst)} of the requests failed; the threshold is ${percent(now)}.`,
        `With ${percent(wanted)} none of these would have been taken back: 0 of ${phases.length} (${formatInterval(rate.interval)}).`,
      ],
      n: phases.length,
      rate,
      suggestion: `Roll back from ${percent(wanted)} on: smaller harm is then seen too. It makes the gate tighter.`,
      edits: [{ path: ['environments', environment, 'thresholds', 'error_rate'], value: wanted }],
      weakens: [],
    },
  ];
}

/** An error rate that healthy candidates often have nearly. */
function alwaysNear(
  environment: string,
  { thresholds: { error_rate: now } }: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const phases = judgedPhases(its);
  const near = phases.filter(({ errorRate = 0 }) => errorRate >= 0.7 * now);
  if (near.length < 5 || near.length < phases.length / 4) return [];
  const rate = rateOf(
    near.length,
    phases.length,
    'phases of rollouts that went well, at 70 % of the threshold or more',
  );
  return [
    {
      id: `threshold-near-${environment}`,
      kind: 'threshold',
      environment,
      title: `Healthy candidates in ${environment} fail nearly as much as the threshold allows`,
      evidence: [
        `${rateWords(rate)} of the phases of rollouts that went well had ${percent(0.7 * now)} of failed requests or more; ${percent(now)} takes back.`,
      ],
      n: phases.length,
      rate,
      suggestion:
        'Look at what fails all the time: stable has it too. Candidate and stable are compared at the same time as well, so a higher threshold would only hide it.',
      edits: [],
      weakens: [],
    },
  ];
}

/** Phases that pause since too few requests came to judge by. */
function tooSmallSamples(
  environment: string,
  target: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const now = target.canary.duration;
  const rollouts = its.filter(
    ({ strategy, phases }) => strategy === 'canary' && phases.every(({ bakeMs }) => bakeMs === now),
  );
  const waited = rollouts.filter(({ phases }) => phases.some(({ held }) => held.includes('sample')));
  if (waited.length < 3) return [];
  const rate = rateOf(waited.length, rollouts.length, 'rollouts that paused for too small a sample');
  // As long as it may be extended to now, that was too short at least once: twice that is a start, and more will show.
  const wanted = roundedUp(Math.max(2 * now, extension(now)));
  const path: EditPath = ['environments', environment, 'canary', 'duration'];
  return [
    {
      id: `threshold-sample-${environment}`,
      kind: 'threshold',
      environment,
      title: `Phases in ${environment} pause since too few requests come to judge by`,
      evidence: [
        `${rateWords(rate)} of the rollouts paused for a person, with fewer than ${target.thresholds.minimum_sample} requests after ${formatDuration(extension(now))}.`,
      ],
      n: rollouts.length,
      rate,
      suggestion: `Watch each step for ${formatDuration(wanted)}, or begin with a larger share than ${target.canary.steps[0]} %; asking for fewer requests would judge by less.`,
      edits: [{ path, value: writtenDuration(wanted) }],
      weakens: [],
    },
  ];
}
