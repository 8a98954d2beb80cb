import type { Factor, Risk, RiskLevel } from '../../domain/feature.ts';
import { wilson } from '../../domain/interval.ts';
import type { Patterns, Tally } from '../../domain/memory.ts';
import type { Candidate } from '../assemble.ts';
import { isTest } from '../detectors/tests.ts';
import { fixDays, type Experience } from './experience.ts';
import { describeFailure, pastOf, type Past } from './past.ts';

/**
 * What a repository without history starts from: how often one feature ships without trouble, and how many outcomes
 * that belief is worth. The logistic coefficients below are in log-odds of success; their signs follow just-in-time
 * defect prediction (Kamei et al., TSE 2013: size, spread, purpose, experience), their sizes are judgement, kept small
 * so that a repository's own outcomes soon outweigh them.
 */
const prior = { success: 0.98, weight: 60 };

/** The same for a whole deployment: records by type, size and so on count deployments, and are held against this. */
const deploymentPrior = { success: 0.9, weight: 10 };

/** How many outcomes a record by type, size and so on must outweigh, and the least the interval rests on. */
export const recordWeight = 20;

const coefficients = Object.freeze({
  /** Per doubling of changed lines beyond 50, at most four doublings. */
  sizeDoubling: -0.22,
  /** Per doubling of folders touched beyond two, at most three. */
  spreadDoubling: -0.2,
  testsTouched: 0.35,
  codeWithoutTests: -0.3,
  schemaAdditive: -0.6,
  schemaDestructive: -1.6,
  apiBreaking: -1.2,
  dependencies: -0.3,
  infrastructure: -0.35,
  config: -0.15,
  proseOnly: 1.2,
  newcomer: -0.35,
  oldHand: 0.25,
  /** Per recent fix in the files it touches, at most four. */
  recentFix: -0.12,
  /** A failure before, times its share of the blame; a commit since then halves it. */
  failedBefore: -3.6,
  succeededBefore: 0.3,
});

/** No change is sure to go well, whatever the sum says. */
const surest = 0.99;

/** Thresholds on one feature's probability of success. */
const levels = { low: 0.95, medium: 0.85 };

/** Outcomes of one kind needed before their rate is spoken of. */
const smallest = 3;

/**
 * A feature's probability of shipping without trouble: a transparent logistic sum. Each factor's `effect` is the change
 * in probability at its place in the sum, so the effects add up to the distance from the starting rate.
 */
export function riskOf(
  candidate: Candidate,
  patterns: Patterns,
  experience: Experience,
  at?: Date,
): { risk: Risk; past: Past | undefined } {
  const { feature } = candidate;
  const tried = patterns.deployments.succeeded + patterns.deployments.failed;
  const factors: Factor[] = [];
  const { start, past, terms } = learnedTerms(feature, patterns, at);
  let odds = start;
  const add = (name: string, change: number, text: string) => {
    if (change === 0) return;
    const before = sigmoid(odds);
    odds += change;
    factors.push({ name, effect: round(sigmoid(odds) - before), text });
  };
  for (const { name, change, text } of terms) add(name, change, text);

  addShape(candidate, experience, add);
  const probability = Math.min(surest, round(sigmoid(odds)));
  const [lo, hi] = wilson(probability * (tried + recordWeight), tried + recordWeight);
  const risk: Risk = {
    level: featureLevel(probability),
    probability,
    interval: [round(Math.min(lo, probability)), round(Math.max(hi, probability))],
    n: tried,
    factors,
  };
  return { risk, past };
}

interface Term {
  name: string;
  /** In log-odds of success. */
  change: number;
  text: string;
}

/** The part of a feature that outcomes are known by. */
type Kind = Pick<Candidate['feature'], 'id' | 'commits' | 'type' | 'additions' | 'deletions' | 'flags'>;

/** What past outcomes say of a change like this one: where its sum starts, in log-odds, and what they add to it. */
function learnedTerms(
  feature: Kind,
  patterns: Patterns,
  at?: Date,
): { start: number; past: Past | undefined; terms: Term[] } {
  const past = pastOf(feature, patterns);
  const terms: Term[] = [];
  const start = rateOf(featureTally(patterns), prior.success, prior.weight);
  const usual = rateOf(patterns.deployments, deploymentPrior.success, deploymentPrior.weight);
  const add = (name: string, change: number, text: string) => {
    terms.push({ name, change, text });
  };
  const learn = (name: string, tally: Tally | undefined, say: (rate: string) => string) => {
    const n = (tally?.succeeded ?? 0) + (tally?.failed ?? 0);
    if (!tally || n < smallest) return;
    const [lo, hi] = wilson(tally.succeeded, n);
    add(
      name,
      logit(rateOf(tally, usual, recordWeight)) - logit(usual),
      say(`${tally.succeeded} of ${n} (${percent(lo)}–${percent(hi)})`),
    );
  };

  if (past?.lastFailure) {
    const since = past.newCommits > 0 ? 0.5 : 1;
    const change = coefficients.failedBefore * past.lastFailure.blame * since * (past.unresolved ? 1 : 0.5);
    const fresh =
      past.newCommits > 0
        ? `; ${past.newCommits} new ${past.newCommits === 1 ? 'commit' : 'commits'} since`
        : '';
    add(
      'history',
      change,
      `${describeFailure(past.lastFailure)}, share of the blame ${percent(past.lastFailure.blame)}${fresh}`,
    );
  } else if (past && past.succeeded > 0)
    add('history', coefficients.succeededBefore, `shipped well ${past.succeeded} times before`);

  learn('type', patterns.byType[feature.type], (rate) => `${feature.type} changes went well in ${rate}`);
  const size = sizeOf(feature.additions + feature.deletions);
  learn('size-record', patterns.bySize[size], (rate) => `${size} changes went well in ${rate}`);
  for (const flag of ['schema', 'api', 'dependencies', 'config', 'infrastructure'] as const)
    if (feature.flags[flag])
      learn(`${flag}-record`, patterns.byFlag[flag], (rate) => `changes of ${flag} went well in ${rate}`);
  if (at) {
    const hour = String(at.getUTCHours()).padStart(2, '0');
    learn('time', patterns.byHour[hour], (rate) => `deployments at ${hour}:00 UTC went well in ${rate}`);
  }
  return { start: logit(start), past, terms };
}

/**
 * The probability of the same change once more outcomes are known: what was said of it, moved in log-odds by what the
 * patterns say differently `after` from `before`. The change's own shape stays as it was judged.
 */
export function probabilityAfter(
  feature: Kind & { risk: Pick<Risk, 'probability'> },
  before: Patterns,
  after: Patterns,
): number {
  const sum = (patterns: Patterns) => {
    const { start, terms } = learnedTerms(feature, patterns);
    return terms.reduce((odds, { change }) => odds + change, start);
  };
  const was = Math.max(0.0001, Math.min(surest, feature.risk.probability));
  return Math.min(surest, round(sigmoid(logit(was) + sum(after) - sum(before))));
}

/** The level that a feature's probability of success means. */
export function featureLevel(probability: number): RiskLevel {
  return probability >= levels.low ? 'low' : probability >= levels.medium ? 'medium' : 'high';
}

/** The factors that the change itself shows. */
function addShape(
  candidate: Candidate,
  experience: Experience,
  add: (name: string, change: number, text: string) => void,
): void {
  const { feature } = candidate;
  const { flags } = feature;
  // What a tool wrote or others keep was not worked out here: it is neither large nor spread.
  const own = feature.files.filter((file) => !file.generated && !file.vendored && !file.submodule);
  const lines = own.reduce((total, { additions, deletions }) => total + additions + deletions, 0);
  const prose =
    feature.files.length > 0 &&
    (feature.type === 'docs' || feature.type === 'test') &&
    feature.files.every(({ path }) => isTest(path) || isProse(path));
  if (prose)
    add('prose', coefficients.proseOnly, 'only documentation or tests: nothing that runs in production');
  if (lines > 50)
    add('size', coefficients.sizeDoubling * Math.min(4, Math.log2(lines / 50)), `${lines} changed lines`);
  const folders = new Set(own.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))).size;
  if (folders > 2)
    add(
      'spread',
      coefficients.spreadDoubling * Math.min(3, Math.log2(folders / 2)),
      `spread over ${own.length} files in ${folders} folders`,
    );
  const code = own.some(({ path }) => !isTest(path) && !isProse(path));
  if (flags.testsTouched && !prose)
    add('tests', coefficients.testsTouched, 'tests were added or changed with it');
  else if (code && lines > 10) add('tests', coefficients.codeWithoutTests, 'no test was touched');
  if (flags.schema?.destructive)
    add(
      'schema',
      coefficients.schemaDestructive,
      `destructive schema change (${flags.schema.kind}): ${flags.schema.paths[0] ?? ''}`,
    );
  else if (flags.schema)
    add(
      'schema',
      coefficients.schemaAdditive,
      `additive schema change (${flags.schema.kind}): ${flags.schema.paths[0] ?? ''}`,
    );
  if (flags.breaking || flags.api?.breaking)
    add(
      'api',
      coefficients.apiBreaking,
      `breaking change${flags.api?.paths[0] ? ` in ${flags.api.paths[0]}` : ''}`,
    );
  if (flags.dependencies) add('dependencies', coefficients.dependencies, 'dependencies changed');
  if (flags.infrastructure)
    add('infrastructure', coefficients.infrastructure, 'how it is built or run changed');
  if (flags.config) add('config', coefficients.config, 'configuration changed');
  const fixes = feature.files.reduce((total, { path }) => total + (experience.fixesIn.get(path) ?? 0), 0);
  if (fixes > 0 && !prose)
    add(
      'fixes',
      coefficients.recentFix * Math.min(4, fixes),
      `its files had ${fixes} ${fixes === 1 ? 'fix' : 'fixes'} in the ${fixDays} days before`,
    );
  const emails = new Set(
    candidate.group.units
      .flatMap((unit) => (unit.commits.length > 1 ? unit.commits.slice(0, -1) : unit.commits))
      .map(({ email }) => email.toLowerCase()),
  );
  const most = Math.max(0, ...[...emails].map((email) => experience.commitsOf.get(email) ?? 0));
  const read = [...experience.commitsOf.values()].reduce((total, n) => total + n, 0);
  if (most >= 20) add('author', coefficients.oldHand, `its author has ${most} commits on the base`);
  else if (most < 2 && read >= 20)
    add('author', coefficients.newcomer, `its author is new here (${most} commits on the base)`);
}

/** The names of `Patterns.bySize`. */
export function sizeOf(lines: number): 'small' | 'medium' | 'large' {
  return lines < 50 ? 'small' : lines < 400 ? 'medium' : 'large';
}

/** A deployment's level from its features' joint probability; a schema change is high whatever the numbers say (D9). */
export function deploymentLevel(probability: number, schema: boolean, breaking: boolean): RiskLevel {
  if (schema || probability < 0.5) return 'high';
  return breaking || probability < 0.75 ? 'medium' : 'low';
}

/**
 * How features fared in production: one for each that shipped well, and of each failure the share that the feature
 * bears, so that a deployment which went wrong counts as one failure and not as one for every passenger.
 */
function featureTally(patterns: Patterns): Tally {
  const shipped = patterns.features.flatMap(({ deployments }) => deployments);
  return {
    succeeded: shipped.filter(({ outcome }) => outcome === 'succeeded').length,
    failed: shipped
      .filter(({ outcome }) => outcome === 'rolled_back' || outcome === 'failed')
      .reduce((total, { blame }) => total + blame, 0),
  };
}

/** A rate drawn towards `towards` as if `weight` outcomes had shown that. */
function rateOf(tally: Tally, towards: number, weight: number): number {
  return (tally.succeeded + towards * weight) / (tally.succeeded + tally.failed + weight);
}

const isProse = (path: string) =>
  /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)docs?\/|(?:^|\/)(?:licen[cs]e|authors|readme)[^/]*$/iu.test(path);
const logit = (p: number) => Math.log(p / (1 - p));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const round = (x: number) => Math.round(x * 1e4) / 1e4;
const percent = (x: number) => `${Math.round(x * 100)} %`;
