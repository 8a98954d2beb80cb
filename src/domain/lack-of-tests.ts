import { answerable } from './culprit.ts';
import type { Deployment } from './deployment.ts';
import type { ShippedFeature } from './event.ts';
import { failureWords } from './after-action.ts';
import { stopping, stoppingWords } from './gate.ts';
import { safeText } from './safe-text.ts';
import { scopeOf, telling, type TestRequirement } from './test-requirement.ts';
import { wordOf } from './what-counts.ts';

/** How a candidate failed in production, as far as that says which test would have seen it. */
type Kind = 'errors' | 'slowness' | 'start';

/** Failures of a start, before any user. */
const startFailures: ReadonlySet<string> = new Set(['migrate-failed', 'start-exited', 'never-healthy']);

const ruleKinds: Readonly<Record<string, Kind>> = {
  'error-rate': 'errors',
  'error-evidence': 'errors',
  latency: 'slowness',
  'latency-evidence': 'slowness',
  memory: 'slowness',
  health: 'start',
};

/**
 * How it failed, by what the journal holds: the rule that took it back, the start that failed, the smoke test or gate that did.
 * Undefined where nothing says so: a person's word, time that ran out, a conductor or a process that was lost, a router
 * that took the traffic back by itself, numbers that could not be read.
 */
function kindOf(d: Deployment, reason: string): Kind | undefined {
  const decision = d.phases.findLast((phase) => phase.decision !== undefined)?.decision;
  if (decision?.kind === 'roll_back' && reason.startsWith(decision.verdict.reason)) {
    const { rule } = decision.verdict;
    if (Object.hasOwn(ruleKinds, rule)) return ruleKinds[rule];
    return rule.startsWith('measure:') && decision.verdict.kind === 'failed' ? 'errors' : undefined;
  }
  if (d.failure && startFailures.has(d.failure.code) && reason.startsWith(d.failure.message)) return 'start';
  const action = d.actions.findLast(({ status }) => status === 'failed');
  if (action?.kind === 'smoke' && reason.startsWith(failureWords(action))) return 'errors';
  const after = d.gates?.after ?? [];
  const [gate] = stopping(after);
  if (!gate || !reason.includes(stoppingWords(after))) return undefined;
  if (/latency/.test(gate.id)) return 'slowness';
  return /error|smoke|log/.test(gate.id) ? 'errors' : undefined;
}

/**
 * What a deployment asks of later ones because it failed in production for lack of tests (REQUIREMENTS M5). It did where its
 * suites had let it pass, the failure is its changes' own, and either a feature without tests was behind it (the one that
 * the errors were traced to; where nothing was, every one without tests) or no suite looks for that kind of failure. Pure.
 */
export function lackOfTests(d: Deployment): TestRequirement[] {
  const word = wordOf(d);
  if (word?.kind !== 'failure' || d.suites.some(({ status }) => status !== 'passed')) return [];
  const kind = kindOf(d, word.reason);
  if (kind === undefined) return [];
  const how = `Deployment ${d.id} ${word.outcome === 'rolled_back' ? 'was rolled back' : 'failed'}: ${safeText(word.reason, 200)}`;
  const one = (ask: TestRequirement['ask'], evidence: string): TestRequirement => ({
    deployment: d.id,
    environment: d.environment,
    at: d.concludedAt ?? d.updatedAt,
    ask,
    evidence: `${how}; ${evidence}`,
    met: [],
  });
  const ran = (suite: string) => d.suites.some((state) => state.kind === suite);
  const suites: TestRequirement[] =
    kind === 'slowness' && !ran('performance')
      ? [one({ kind: 'suite', suite: 'performance' }, 'no performance suite had looked at its speed')]
      : (kind === 'start' && !ran('smoke')) || d.suites.length === 0
        ? [
            one(
              { kind: 'suite', suite: 'smoke' },
              kind === 'start' ? 'no smoke suite had started it before' : 'no suite had tested it',
            ),
          ]
        : [];
  // What is slow need not be wrong: tests of a feature seldom see it.
  return kind === 'slowness' ? suites : [...untested(d, one), ...suites];
}

function untested(
  { source, culprit }: Deployment,
  one: (ask: TestRequirement['ask'], evidence: string) => TestRequirement,
): TestRequirement[] {
  const suspect = answerable(culprit);
  const traced = source.features.find(({ id }) => id === suspect?.id);
  const without = source.features.filter(({ flags, type }) => !flags.testsTouched && type !== 'docs');
  const behind = traced ? without.filter((feature) => feature === traced) : without;
  return behind.map((feature) => {
    const title = safeText(feature.title, 100);
    const evidence = traced
      ? `"${title}" had touched no test, and the errors were traced to it (${safeText(suspect?.evidence[0] ?? 'see the rollback report', 200)})`
      : behind.length === 1
        ? `"${title}" had touched no test${source.features.length > 1 ? ', as the only one of it' : ''}`
        : `"${title}" had touched no test; so had ${behind.length - 1} others, and which of them failed is unknown`;
    return one(askOf(feature, title), evidence);
  });
}

function askOf(feature: ShippedFeature, title: string): TestRequirement['ask'] {
  const scope = scopeOf(feature.title);
  return {
    kind: 'tests',
    feature: feature.id,
    title,
    commits: feature.commits,
    ...(scope === undefined ? {} : { scope }),
    paths: telling(feature.paths).map((path) => safeText(path, 300)),
  };
}
