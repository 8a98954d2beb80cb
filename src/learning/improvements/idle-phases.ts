import { counted } from '../../domain/counted.ts';
import { formatDuration, writtenDuration } from '../../domain/duration.ts';
import type { EditPath, FoundImprovement } from '../../domain/improvement.ts';
import { formatInterval } from '../../domain/interval.ts';
import type { EnvironmentSettings } from '../../domain/settings.ts';
import { type Finder, deploysOf, rateOf, roundedUp } from './finder.ts';
import type { DeploymentProcess, PhaseProcess } from './process-facts.ts';

/**
 * Rollouts without a verdict before a phase may be called idle: none of 20 still means that up to 12 in 100 could find
 * something there (the upper end of the 90 % Wilson interval).
 */
const fewestRollouts = 20;
/** A phase is at most halved at a time: what follows has to show itself before the next step. */
const shortest = 0.5;
/** Rules that say only that too little was seen: they find no fault. */
const noFault = new Set(['sample', 'asks', 'measurement']);
/** Each step at most so many times the share of the one before, where one between goes. */
const largestJump = 5;

/** Phases of rollouts in which nothing was ever decided, and what they could be instead. */
export const idlePhases: Finder = (past) =>
  past.environments.flatMap((environment) => {
    const target = past.settings.environments[environment];
    if (!target) return [];
    const rollouts = deploysOf(past, environment).filter(
      ({ phases }) => phases.length > 0 && phases.every(({ judged }) => judged) && phases.some(wasReached),
    );
    if (rollouts.some((d) => leftLater(d, past.deployments))) return [];
    return (['canary', 'blue-green', 'rolling', 'recreate'] as const).flatMap((strategy) => {
      const its = rollouts.filter((d) => d.strategy === strategy);
      return [
        ...shorter(environment, strategy, target, its),
        ...(strategy === 'canary' ? fewer(environment, target, its) : []),
      ];
    });
  });

const wasReached = ({ passed, held }: PhaseProcess) => passed || held.length > 0;
const caught = ({ held }: PhaseProcess) => held.some((rule) => !noFault.has(rule));

/** Whether somebody went back from it afterwards: then its phases rather saw too little. */
function leftLater(d: DeploymentProcess, all: readonly DeploymentProcess[]): boolean {
  if (d.outcome !== 'succeeded') return false;
  const next = all
    .filter(
      (other) =>
        other.environment === d.environment &&
        other.requestedAt > d.requestedAt &&
        other.outcome === 'succeeded',
    )
    .at(-1);
  return next?.kind === 'rollback';
}

const keyOf = { canary: 'duration', 'blue-green': 'bake', rolling: 'bake', recreate: 'bake' } as const;

function nowMs(target: EnvironmentSettings, strategy: keyof typeof keyOf): number {
  return strategy === 'canary' ? target.canary.duration : target[strategy].bake;
}

/** The longest window of the thresholds, milliseconds. */
function windowsOf({ thresholds }: EnvironmentSettings): number {
  return Math.max(thresholds.error_window, thresholds.latency_window, thresholds.unhealthy_window);
}

/** A shorter watch, where no phase of the strategy ever decided anything. */
function shorter(
  environment: string,
  strategy: keyof typeof keyOf,
  target: EnvironmentSettings,
  rollouts: readonly DeploymentProcess[],
): FoundImprovement[] {
  const bake = nowMs(target, strategy);
  const same = rollouts.filter(({ phases }) =>
    phases.every(({ bakeMs, passed, byHand }) => bakeMs === bake && passed && !byHand),
  );
  if (same.length < fewestRollouts || rollouts.some(({ phases }) => phases.some(caught))) return [];
  const phases = same.map((d) => d.phases.length).reduce((a, b) => Math.min(a, b));
  const windows = windowsOf(target);
  const sample = Math.max(...same.flatMap((d) => d.phases.map(sampleMs(windows))));
  const wanted = roundedUp(Math.max(shortest * bake, 1.5 * sample, windows / phases));
  const savesMs = (bake - wanted) * phases;
  if (!Number.isFinite(wanted) || wanted > 0.8 * bake || savesMs < 30_000) return [];
  const rate = rateOf(0, same.length, 'rollouts in which a phase decided something');
  const path: EditPath = ['environments', environment, strategy, keyOf[strategy]];
  return [
    {
      id: `phase-duration-${environment}-${strategy}`,
      kind: 'phase',
      environment,
      title: `No phase of ${strategy} in ${environment} ever held a candidate up`,
      evidence: [
        `In 0 of ${same.length} rollouts with phases of ${formatDuration(bake)} one paused or took back anything (${formatInterval(rate.interval)}), and nobody went back from one afterwards.`,
        `The sample that is asked for was there after ${formatDuration(sample)} at the latest; the windows of the thresholds still fit into all phases together.`,
      ],
      n: same.length,
      rate,
      savesMs,
      suggestion: `Watch each for ${formatDuration(wanted)} instead of ${formatDuration(bake)}.`,
      edits: [{ path, value: writtenDuration(wanted) }],
      weakens: [
        `Each phase is watched for ${formatDuration(wanted)} instead of ${formatDuration(bake)}: harm that shows later meets more users before it is seen. Up to ${Math.round(100 * rate.interval[1])} in 100 rollouts may have some.`,
      ],
    },
  ];
}

/** Milliseconds until a phase had the requests it is judged by, as fast as they came. */
const sampleMs =
  (windowMs: number) =>
  ({ requests, watchedMs, minimumSample }: PhaseProcess): number =>
    requests === undefined || watchedMs === undefined || requests === 0
      ? Infinity
      : (Math.min(watchedMs, windowMs) * minimumSample) / requests;

/** One step fewer, where the ones that caught something stay. */
function fewer(
  environment: string,
  target: EnvironmentSettings,
  rollouts: readonly DeploymentProcess[],
): FoundImprovement[] {
  const { steps, duration } = target.canary;
  // What lasts for a window has to be seen in what is left.
  if ((steps.length - 1) * duration < windowsOf(target)) return [];
  const idle = steps.flatMap((weight, at) => {
    const [before, after] = [steps[at - 1], steps[at + 1]];
    if (before === undefined || after === undefined || after > largestJump * before) return [];
    const its = rollouts.flatMap(({ phases }) => phases.filter((phase) => phase.weight === weight));
    const passed = its.filter((phase) => phase.passed && !phase.byHand && phase.bakeMs === duration);
    return passed.length < fewestRollouts || its.some(caught)
      ? []
      : [{ weight, at, jump: after / before, before, after, n: passed.length }];
  });
  const best = idle.sort((a, b) => a.jump - b.jump || b.at - a.at)[0];
  if (!best) return [];
  const rate = rateOf(0, best.n, 'rollouts in which the step decided something');
  return [
    {
      id: `phase-step-${environment}-${best.weight}`,
      kind: 'phase',
      environment,
      title: `The step at ${best.weight} % in ${environment} never decided anything`,
      evidence: [
        `${counted(best.n, 'rollout')} passed it; 0 were held up or taken back there (${formatInterval(rate.interval)}), and nobody went back from one afterwards.`,
      ],
      n: best.n,
      rate,
      savesMs: duration,
      suggestion: `Go from ${best.before} % to ${best.after} % at once.`,
      edits: [{ path: ['environments', environment, 'canary', 'steps', best.at] }],
      weakens: [
        `What ${best.before} % of the users did not show meets ${best.after} % of them next, not ${best.weight} %. Up to ${Math.round(100 * rate.interval[1])} in 100 rollouts may have something to find there.`,
      ],
    },
  ];
}
