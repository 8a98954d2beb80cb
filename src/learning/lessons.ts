import { answerable, type Culprit } from '../domain/culprit.ts';
import type { Deployment } from '../domain/deployment.ts';
import { formatInterval, wilson } from '../domain/interval.ts';
import type { Tally } from '../domain/memory.ts';
import { safeText } from '../domain/safe-text.ts';
import { isFlaky, passedRuns, runsOf } from '../domain/suite-run.ts';
import { letPassWords, testsHold } from '../domain/testing-verdict.ts';
import type { Contribution, TallyKey } from './contribution.ts';
import { blameOf } from './feature-outcomes.ts';
import { whatOf } from './pattern-words.ts';

/** A row of the patterns before and after. */
export interface Change extends TallyKey {
  before: Tally;
  after: Tally;
}

const n = ({ succeeded, failed }: Tally): number => succeeded + failed;

/** `(50–92 %, n=9)`. */
function evidence(tally: Tally): string {
  return `(${formatInterval(wilson(tally.succeeded, n(tally)))}, n=${n(tally)})`;
}

function sentence(change: Change): string {
  const { before, after } = change;
  const earlier =
    n(before) === 0
      ? 'nothing known before'
      : `before: ${before.succeeded} of ${n(before)} ${evidence(before)}`;
  return `${whatOf(change)}: ${after.succeeded} of ${n(after)} succeeded ${evidence(after)}; ${earlier}.`;
}

/** How far an outcome moved the middle of the interval: what surprised most teaches most. */
function surprise({ before, after }: Change): number {
  const middle = (tally: Tally) => {
    const [low, high] = wilson(tally.succeeded, n(tally));
    return (low + high) / 2;
  };
  return Math.abs(middle(after) - middle(before));
}

/** Who bears how much where evidence points at some and names nobody for sure. */
function suspectSentence(
  features: Deployment['source']['features'],
  blame: ReadonlyMap<string, number>,
  culprit: Culprit | undefined,
): string | undefined {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  const suspects = (culprit?.suspects ?? []).filter(({ id }) => features.some((one) => one.id === id));
  if (suspects.length === 0) return undefined;
  const told = suspects.slice(0, 3).map(({ id, title, strength, evidence }) => {
    const why = evidence[0] === undefined ? '' : `, ${safeText(evidence[0], 200)}`;
    return `"${safeText(title, 100)}" bears ${percent(blame.get(id) ?? 0)} of it (${strength} evidence${why})`;
  });
  return `Which of the ${features.length} features failed is not sure: ${told.join('; ')}; the others share the rest.`;
}

function blameSentence({ source, culprit }: Deployment, reason: string): string | undefined {
  const { features } = source;
  const traced = answerable(culprit);
  if (traced && features.some(({ id }) => id === traced.id))
    return `This failure is counted as "${safeText(traced.title, 100)}"'s alone: ${safeText(traced.evidence[0] ?? '', 300)}.`;
  const blame = blameOf(features, false, culprit);
  const bearers = features.filter((feature) => (blame.get(feature.id) ?? 0) > 0);
  const [only] = bearers;
  if (!only) return undefined;
  const suspected = suspectSentence(features, blame, culprit);
  if (suspected !== undefined && bearers.length > 1) return suspected;
  const pulled = features.length - bearers.length;
  const company = pulled > 0 ? `, with ${pulled} it needs` : '';
  if (bearers.length === 1)
    return `"${safeText(only.title, 100)}" was chosen alone${company}: this failure is counted as its own (${safeText(reason, 200)}).`;
  return `${bearers.length} features were chosen together: which of them failed is unknown, so each bears 1/${bearers.length} of it.`;
}

function testSentences(d: Deployment): string[] {
  const { suites, source } = d;
  const letPass = d.stages.testing.status === 'failed' && !testsHold(d);
  const bad = suites.filter((suite) => suite.status !== 'passed');
  const flaky = suites.filter(isFlaky);
  const failed = bad.map(({ suite, kind, status }) => {
    const how = status === 'timed_out' ? 'did not end in time' : 'failed';
    const untested = source.features.filter((feature) => !feature.flags.testsTouched).length;
    return `The ${safeText(kind, 20)} suite "${safeText(suite, 60)}" ${how} ${letPass ? `and was let pass (${safeText(letPassWords(d), 200)})` : 'before any user was reached'}${
      untested > 0 ? `; ${untested} of the ${source.features.length} features had touched no test` : ''
    }.`;
  });
  return [
    ...failed,
    ...flaky.map(
      (state) =>
        `The suite "${safeText(state.suite, 60)}" is flaky: ${passedRuns(state)} of ${runsOf(state)} runs passed on the same candidate${state.again ? `, run again by ${safeText(state.again.name, 60)}` : ''}.`,
    ),
  ];
}

/** What a deployment taught, in sentences that carry their evidence; the plain result first, then what moved most. */
export function lessonsOf(
  deployment: Deployment,
  contribution: Contribution,
  changes: readonly Change[],
): string[] {
  if (contribution.kind === 'not-counted')
    return [`Nothing was counted: ${contribution.why} (${safeText(contribution.reason, 200)}).`];
  const blame = contribution.success ? undefined : blameSentence(deployment, contribution.reason);
  const all = changes.filter((change) => change.group === 'deployments');
  const telling = changes
    .filter((change) => change.group !== 'deployments' && change.group !== 'hour')
    .toSorted((a, b) => surprise(b) - surprise(a))
    .slice(0, 3);
  return [
    ...(blame === undefined ? [] : [blame]),
    ...testSentences(deployment),
    ...all.map(sentence),
    ...telling.map(sentence),
  ];
}
