import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { ShippedFeature } from '../../src/domain/event.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import { learningReportSchema } from '../../src/domain/learning-report.ts';
import { patternsSchema, type Patterns } from '../../src/domain/memory.ts';
import { requirementNote, requirementsFor } from '../../src/domain/test-requirement.ts';
import { checkGates } from '../../src/gates/check-gates.ts';
import { testRequirement } from '../../src/gates/before/test-requirement.ts';
import { analyse } from '../../src/learning/analysis/analyse.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { testPlan } from '../../src/planning/papers/test-plan.ts';
import { aDeployment, aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';

const nothing = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
const learned = (...deployments: Deployment[]): Patterns =>
  deployments.reduce((patterns, deployment) => learnFrom(patterns, deployment).patterns, nothing);

const untested = { breaking: false, testsTouched: false };
let commit = 0;
/** A change of the cart of its own commits. */
const cart = (id: string, over: Partial<ShippedFeature> = {}): ShippedFeature => {
  commit += 1;
  return shipped(id, {
    title: `feat(cart): ${id}`,
    commits: [commit.toString(16).padStart(40, '0')],
    paths: ['src/cart/total.ts', 'package-lock.json'],
    flags: untested,
    ...over,
  });
};
const failure = (...features: ShippedFeature[]) => aRollback('20261101_100000', ...features);
const success = (n: number, ...features: ShippedFeature[]) => aSuccess(`2026110${n}_100000`, ...features);
const asked = (patterns: Patterns, ...features: ShippedFeature[]) =>
  requirementsFor(patterns.testRequirement ?? [], 'production', features);

/** A deployment that a rule, or something else, took back. */
function takenBack(
  reason: string,
  rule: string | undefined,
  change: (d: Deployment) => void = () => {},
): Deployment {
  const d = failure(cart('totals'));
  for (const phase of d.phases)
    if (phase.decision?.kind === 'roll_back') {
      if (rule === undefined) phase.decision = undefined;
      else {
        phase.decision.verdict.rule = rule;
        phase.decision.verdict.reason = reason;
      }
    }
  d.status = { kind: 'finished', outcome: 'rolled_back', reason, at: d.updatedAt, durationMs: 1 };
  change(d);
  return d;
}

async function gateOf(patterns: Patterns, ...features: ShippedFeature[]) {
  const built = aDeployment('20261102_100000')
    .features(...features)
    .suite('unit', 'passed')
    .build();
  const requirement = asked(patterns, ...features);
  const plan = { ...built.plan, ...(requirement.length > 0 && { testRequirement: requirement }) };
  const deployment = { ...built, plan };
  const context = {
    subject: {
      environment: 'production',
      kind: 'deploy',
      plan,
      source: built.source,
      stable: null,
      deployment,
    },
    settings: gatesSettingsSchema.parse({}),
  } as const;
  // The gate asks nothing of the world.
  const [result] = await checkGates('before', { ...context, ports: {} } as never, [testRequirement]);
  return result;
}

describe('M5 a failure for lack of tests', () => {
  it('M5 asks for tests of what changes the same place next, and says which failure asks for it', async () => {
    const { patterns, lessons, report } = learnFrom(nothing, failure(cart('totals')));
    expect(lessons).toContain(
      'It failed for lack of tests: the next deployments to production need tests with every change of cart, until 3 deployments in a row go well with it (0 so far). Deployment 20261101_100000 was rolled back: error rate 12.5 % is over 5 %; "feat(cart): totals" had touched no test.',
    );
    expect(learningReportSchema.parse(JSON.parse(report.text)).tests).toHaveLength(1);
    expect(await gateOf(patterns, cart('vouchers'))).toMatchObject({
      id: 'test-requirement',
      status: 'failed',
      severity: 'blocking',
      detail:
        'Deployment 20261101_100000 was rolled back: error rate 12.5 % is over 5 %; "feat(cart): totals" had touched no test; "feat(cart): vouchers" changes the same again without tests',
      fix: 'add a test to "feat(cart): vouchers" that fails without the change, or leave it out',
    });
    expect(
      await gateOf(patterns, cart('vouchers', { flags: { ...untested, testsTouched: true } })),
    ).toMatchObject({
      status: 'passed',
    });
  });

  it('M5 concerns what changes the same scope, file, folder or commits, and nothing else', () => {
    const patterns = learned(failure(cart('totals', { commits: [sha('7')] })));
    const concerned = (over: Partial<ShippedFeature>) =>
      asked(patterns, cart('x', { title: 'feat: x', paths: [], ...over })).length === 1;
    expect(concerned({ title: 'fix(Cart)!: x' })).toBe(true);
    expect(concerned({ paths: ['src/cart/total.ts'] })).toBe(true);
    expect(concerned({ paths: ['src/cart/other.ts'] })).toBe(true);
    expect(concerned({ commits: [sha('7')] })).toBe(true);
    expect(concerned({ paths: ['package-lock.json', 'README.md', 'src/index.ts'] })).toBe(false);
    expect(concerned({ authors: ['Ada'] })).toBe(false);
    expect(concerned({ type: 'revert', paths: ['src/cart/total.ts'] })).toBe(false);
    expect(requirementsFor(patterns.testRequirement ?? [], 'staging', [cart('x')])).toEqual([]);
  });

  it('M5 where the errors were traced to a feature, asks it of that one alone', () => {
    const [a, b] = [cart('a', { title: 'feat: a' }), cart('b', { title: 'feat(search): b' })];
    const d = failure(a, b);
    const suspect = { id: b.id, title: b.title, stacks: 3, of: 3, evidence: ['3 of 3 stacks'] };
    d.culprit = {
      kind: 'named',
      reason: 'Likely',
      errors: [],
      unread: [],
      suspects: [{ ...suspect, strength: 'strong' }],
    };
    expect(learned(d).testRequirement).toMatchObject([
      { ask: { feature: 'b' }, evidence: expect.stringContaining('traced to it (3 of 3 stacks)') },
    ]);
    const tested = { ...b, flags: { ...untested, testsTouched: true } };
    expect(learned({ ...d, source: { ...d.source, features: [a, tested] } }).testRequirement).toBeUndefined();
    expect(learned({ ...d, culprit: undefined }).testRequirement).toMatchObject([
      { ask: { feature: 'a' }, evidence: expect.stringContaining('which of them failed is unknown') },
      { ask: { feature: 'b' } },
    ]);
  });

  it('M5 asks for a performance suite where a slow candidate met none, and for a smoke suite where one that does not start met none', async () => {
    const slow = learned(takenBack('p95 doubled', 'latency-evidence'));
    expect(slow.testRequirement).toMatchObject([{ ask: { kind: 'suite', suite: 'performance' } }]);
    expect(await gateOf(slow, shipped('anything'))).toMatchObject({
      status: 'failed',
      // What mends the failure must not wait for it.
      severity: 'warning',
      fix: 'add a suite of kind performance to orchestra.yaml',
    });
    const dead = takenBack('it ended', undefined, (d) => {
      d.failure = { code: 'start-exited', message: 'it ended', hint: '' };
      d.suites = d.suites.filter(({ kind }) => kind !== 'smoke');
    });
    expect(learned(dead).testRequirement).toMatchObject([
      { ask: { kind: 'tests' } },
      { ask: { kind: 'suite', suite: 'smoke' } },
    ]);
  });

  it.each([
    ['a conductor that was lost', takenBack('the conductor was lost', undefined)],
    ['a router that took the traffic back', takenBack('the router took the traffic back', undefined)],
    ['a person who took it back', takenBack('Ada took it back: not today', undefined)],
    ['numbers that could not be read', takenBack('no numbers', 'measurement')],
    [
      'a suite that had failed',
      takenBack('error rate', 'error-rate', (d) => (d.suites[0]!.status = 'failed')),
    ],
    ['tested features', failure(cart('a', { flags: { ...untested, testsTouched: true } }))],
    ['documentation', failure(cart('a', { type: 'docs' }))],
    ['a success', success(1, cart('a'))],
  ])('M5 asks for nothing after %s', (_, d) => {
    expect(learned(d).testRequirement).toBeUndefined();
  });

  it('M5 falls after three deployments in a row that went well with it, and says so', () => {
    const tested = () => cart('more', { flags: { ...untested, testsTouched: true } });
    const history = [failure(cart('totals'))];
    const said: string[][] = [];
    const play = (d: Deployment) => {
      const one = learnFrom(learned(...history), d);
      history.push(d);
      said.push(one.lessons.filter((lesson) => /in a row/.test(lesson)));
      return asked(one.patterns, cart('next')).length;
    };
    expect(play(success(2, tested()))).toBe(1);
    expect(play(success(3, cart('let pass by a person')))).toBe(1);
    expect(play(success(4, shipped('elsewhere', { paths: ['lib/a/b.ts'] })))).toBe(1);
    expect(play(success(5, tested()))).toBe(1);
    expect(play(success(6, tested()))).toBe(0);
    expect(said).toEqual([
      [expect.stringContaining('1 of 3 in a row')],
      [],
      [],
      [expect.stringContaining('2 of 3 in a row')],
      [expect.stringMatching(/^The test requirement falls: 3 deployments in a row/)],
    ]);
  });

  it('M5 begins to count anew when the same place fails again', () => {
    const tested = cart('more', { flags: { ...untested, testsTouched: true } });
    const again = aRollback('20261105_100000', cart('again', { flags: { ...untested, testsTouched: true } }));
    const patterns = learned(failure(cart('totals')), success(2, tested), success(3, tested), again);
    expect(patterns.testRequirement).toMatchObject([{ deployment: '20261101_100000', met: [] }]);
  });

  it('M5 learning twice says and keeps the same', () => {
    for (const d of [
      failure(cart('totals')),
      success(2, cart('more', { flags: { ...untested, testsTouched: true } })),
    ]) {
      const once = learnFrom(learned(aRollback('20261031_100000', cart('before'))), d);
      expect(learnFrom(once.patterns, d)).toEqual(once);
    }
  });

  it('M5 stands in the plan, in its notes, the test plan and the analysis', () => {
    const patterns = learned(failure(cart('totals')));
    const requirement = asked(patterns, cart('vouchers'));
    expect(requirement.map(requirementNote)).toEqual([
      expect.stringContaining(
        'More is asked of its tests: tests with every change of cart (1 feature of this choice)',
      ),
    ]);
    const d = aDeployment().build();
    expect(testPlan({ ...d, plan: { ...d.plan, testRequirement: requirement } }).text).toContain(
      '### Asked for since deployments failed for lack of tests',
    );
    const { testRequirement: told } = analyse({ rows: [], now: 0 }, patterns);
    expect(told).toMatchObject([{ environment: 'production', met: 0, needed: 3 }]);
    expect(analyse({ rows: [], now: 0, environment: 'staging' }, patterns)).not.toHaveProperty(
      'testRequirement',
    );
  });
});
