import type { Deployment } from './deployment.ts';
import type { Step } from './effect-id.ts';
import type { Effect } from './effect.ts';
import type { SuitePlan } from './plan.ts';
import { runsOf } from './suite-run.ts';

export type RunSuite = Extract<Effect, { kind: 'run-suite' }>;

/** A suite that was started and has not ended, as far as the journal knows. */
export interface SuiteUnderWay {
  effect: RunSuite;
  since: string;
}

type UnderWay = Pick<Deployment, 'effect' | 'effectSince' | 'suitesUnderWay'>;

/** The work tree of suites that have none of their own, as in plans of before they ran side by side. */
const sharedTree = 'test';

/** The work tree a suite runs in: what shares one runs one after the other. */
export function treeOf({ tree }: Pick<SuitePlan, 'tree'>): string {
  return tree ?? sharedTree;
}

/** The suites under way, in the order in which they were started. */
export function suitesUnderWay({
  suitesUnderWay: under,
  effect,
  effectSince = '',
}: UnderWay): SuiteUnderWay[] {
  // Folds of before there could be several know the one.
  return under ?? (effect?.kind === 'run-suite' ? [{ effect, since: effectSince }] : []);
}

/** The run of this suite that is under way; undefined where none is. */
export function underWay(d: UnderWay, suite: string): SuiteUnderWay | undefined {
  return suitesUnderWay(d).find(({ effect }) => effect.suite.name === suite);
}

/** What an effect that was started changes: a suite runs beside those that do already, anything else alone. */
export function effectStarted(d: UnderWay, effect: Effect, since: string): UnderWay {
  if (effect.kind !== 'run-suite') return { effect, effectSince: since, suitesUnderWay: undefined };
  const others = suitesUnderWay(d).filter((run) => run.effect.id !== effect.id);
  return oldestOf([...others, { effect, since }]);
}

/** What remains under way once this effect has ended. */
export function effectEnded(d: UnderWay, id: string): Partial<UnderWay> {
  const left = suitesUnderWay(d).filter(({ effect }) => effect.id !== id);
  return left.length > 0 ? oldestOf(left) : { effect: undefined, suitesUnderWay: undefined };
}

/** `effect` is the one that has been under way for longest. */
function oldestOf(runs: SuiteUnderWay[]): UnderWay {
  return { effect: runs[0]?.effect, effectSince: runs[0]?.since, suitesUnderWay: runs };
}

/** Those it needs that have not passed. */
export function openNeeds({ suites }: Pick<Deployment, 'suites'>, { needs = [] }: SuitePlan): string[] {
  return needs.filter((name) => suites.find(({ suite }) => suite === name)?.status !== 'passed');
}

/**
 * The suites that shall run now, in the plan's order: no more at once than the plan says, none before what it needs passed, and
 * none in a work tree in which another runs. What runs already goes on. Empty when all have ended that can.
 */
export function wantedSuites(d: Deployment): Extract<Step, { kind: 'run-suite' }>[] {
  const steps = d.plan.suites.flatMap((suite) => stepOf(d, suite) ?? []);
  const chosen = steps.filter(({ suite }) => underWay(d, suite.name) !== undefined);
  for (const step of steps) {
    if (chosen.length >= (d.plan.parallelSuites ?? 1)) break;
    if (!chosen.some(({ suite }) => treeOf(suite) === treeOf(step.suite))) chosen.push(step);
  }
  return steps.filter((step) => chosen.includes(step));
}

function stepOf(d: Deployment, suite: SuitePlan): Extract<Step, { kind: 'run-suite' }> | undefined {
  const state = d.suites.find((s) => s.suite === suite.name);
  if (!state) return openNeeds(d, suite).length === 0 ? { kind: 'run-suite', suite } : undefined;
  const wanted = d.rerun?.suite === suite.name || isRetried(suite, state);
  return wanted ? { kind: 'run-suite', suite, run: runsOf(state) + 1 } : undefined;
}

/** Whether a suite that did not pass runs again by itself. */
function isRetried({ retries = 0 }: SuitePlan, state: Deployment['suites'][number]): boolean {
  return state.status !== 'passed' && runsOf(state) <= retries;
}
