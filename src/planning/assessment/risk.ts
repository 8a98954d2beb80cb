import type { ShippedFeature } from '../../domain/event.ts';
import type { Factor, Risk, RiskLevel } from '../../domain/feature.ts';
import { wilson } from '../../domain/interval.ts';
import type { Patterns } from '../../domain/memory.ts';
import { logitOf, sigmoid } from '../../domain/risk/online-logistic.ts';
import { placeOf, timeInputs } from '../../domain/risk/outcome-inputs.ts';
import {
  judgeOutcome,
  outcomeLogit,
  startOutcomeModel,
  usualSuccess,
} from '../../domain/risk/outcome-model.ts';
import { inputsOfShipped } from '../../domain/risk/shipped-inputs.ts';
import type { Candidate } from '../assemble.ts';
import type { Experience } from './experience.ts';
import { learnedTerms } from './learned-terms.ts';
import { describeFailure, pastOf, type Past } from './past.ts';
import { shapeOf, type ChangeHistory, type Term } from './shape.ts';

/** No change is sure to go well, whatever the sum says. */
const surest = 0.99;

/** Thresholds on one feature's probability of success. */
const levels = { low: 0.95, medium: 0.85 };

/** Deployments below which what is said rests on other repositories: ten are what 70 % means 44–87 % after. */
const enough = 10;

/** Standard deviations either side that hold 90 %. */
const ninety = 1.645;

/** The least outcomes an interval may claim to rest on: as many as a rate needs to be spoken of. */
const leastEvidence = 3;

/** A feature's own past, in log-odds of success. */
const ownPast = {
  /** A failure before, times its share of the blame; a commit since then halves it, and so does a success. */
  failed: -3.6,
  succeeded: 0.3,
};

const fresh = startOutcomeModel();

/**
 * A feature's probability of shipping without trouble: where a repository without history starts, what the change looks
 * like, and what this repository's deployments taught of changes like it. Each factor's `effect` is the change in
 * probability at its place in the sum, so the effects add up to the distance from the starting rate. Pure.
 */
export function riskOf(
  candidate: Candidate,
  patterns: Patterns,
  experience: Experience,
  { at, past: history }: { at?: Date | undefined; past?: ChangeHistory | undefined } = {},
): { risk: Risk; past: Past | undefined } {
  const tried = patterns.deployments.succeeded + patterns.deployments.failed;
  const past = pastOf(candidate.feature, patterns);
  const own = pastTerm(past);
  const shape = shapeOf(candidate, experience, history);
  const inputs = { ...shape.inputs, ...(own ? { history: own.change } : {}) };
  const model = patterns.outcome ?? fresh;
  const judged = judgeOutcome(model, at ? { ...inputs, ...timeInputs(at) } : inputs);
  const worth = (name: 'expected' | 'change' | 'history') => model.logistic.mean[placeOf(name)] ?? 1;
  const scaled = (terms: readonly Term[], by: number) =>
    terms.map((term) => ({ ...term, change: term.change * by }));

  let odds = logitOf(usualSuccess);
  const factors: Factor[] = [];
  for (const { name, change, text } of [
    ...(own ? scaled([own], worth('history')) : []),
    ...learnedTerms(judged, patterns, at),
    ...scaled(shape.terms, worth('expected')),
    ...scaled(shape.change, worth('change')),
  ]) {
    if (change === 0) continue;
    const before = sigmoid(odds);
    odds += change;
    factors.push({ name, effect: round(sigmoid(odds) - before), text });
  }
  const probability = Math.min(surest, round(sigmoid(odds)));
  if (tried < enough) factors.push(notEnough(tried));
  const risk: Risk = {
    level: featureLevel(probability),
    probability,
    interval: intervalOf(probability, tried, ninety * Math.sqrt(judged.variance)),
    n: tried,
    factors,
    inputs,
  };
  return { risk, past };
}

export const notEnoughName = 'not-enough-history';

/** That what is said rests on little of this repository's own. */
function notEnough(tried: number): Factor {
  const so =
    tried === 0
      ? 'nothing was deployed here yet'
      : `${tried} ${tried === 1 ? 'deployment' : 'deployments'} here so far`;
  return {
    name: notEnoughName,
    effect: 0,
    text: `not enough history: ${so}, so this rests on what holds in most repositories`,
  };
}

/**
 * The 90 % interval: what the model is unsure of, `reach` in log-odds either way, and never narrower than so many
 * outcomes allow (Wilson): after ten, 70 % means 44–87 %.
 */
export function intervalOf(probability: number, tried: number, reach: number): [number, number] {
  const n = Math.max(leastEvidence, tried);
  const [lo, hi] = wilson(probability * n, n);
  const odds = logitOf(probability);
  return [
    round(Math.min(lo, probability, sigmoid(odds - reach))),
    round(Math.max(hi, probability, sigmoid(odds + reach))),
  ];
}

/** What its own past says of a feature. */
function pastTerm(past: Past | undefined): Term | undefined {
  const failure = past?.lastFailure;
  if (!past || !failure)
    return past && past.succeeded > 0
      ? { name: 'history', change: ownPast.succeeded, text: `shipped well ${past.succeeded} times before` }
      : undefined;
  const since = past.newCommits > 0 ? 0.5 : 1;
  const commits =
    past.newCommits > 0
      ? `; ${past.newCommits} new ${past.newCommits === 1 ? 'commit' : 'commits'} since`
      : '';
  return {
    name: 'history',
    change: round(ownPast.failed * failure.blame * since * (past.unresolved ? 1 : 0.5)),
    text: `${describeFailure(failure)}, share of the blame ${Math.round(failure.blame * 100)} %${commits}`,
  };
}

/**
 * The probability of the same change once more outcomes are known: what was said of it, moved in log-odds by what the
 * patterns say differently `after` from `before`. The change's own looks stay as they were judged.
 */
export function probabilityAfter(feature: ShippedFeature, before: Patterns, after: Patterns): number {
  const inputs = inputsOfShipped(feature);
  const was = outcomeLogit(before.outcome ?? fresh, inputs);
  const is = outcomeLogit(after.outcome ?? fresh, {
    ...inputs,
    history: pastTerm(pastOf(feature, after))?.change ?? 0,
  });
  const thought = Math.max(0.0001, Math.min(surest, feature.risk.probability));
  return Math.min(surest, round(sigmoid(logitOf(thought) + is - was)));
}

/** The level that a feature's probability of success means. */
export function featureLevel(probability: number): RiskLevel {
  return probability >= levels.low ? 'low' : probability >= levels.medium ? 'medium' : 'high';
}

/** A deployment's level from its features' joint probability; a schema change is high whatever the numbers say (D9). */
export function deploymentLevel(probability: number, schema: boolean, breaking: boolean): RiskLevel {
  if (schema || probability < 0.5) return 'high';
  return breaking || probability < 0.75 ? 'medium' : 'low';
}

const round = (x: number) => Math.round(x * 1e4) / 1e4;
