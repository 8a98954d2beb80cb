import type { ActionPlan } from '../../src/domain/action.ts';
import type { EventBody, ShippedFeature } from '../../src/domain/event.ts';
import type { Feature } from '../../src/domain/feature.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { EnvironmentState } from '../../src/engine/orchestrator.ts';
import { FakeOrchestrator, type FakeOptions, pastDeployments } from './fake-orchestrator.ts';
import { discoveryOf, feature, shopFeatures } from './features.ts';
import { canaryPlan, counts, JournalBuilder, sample, v1, v2 } from './journal.ts';

const shipped = (it: Feature): ShippedFeature => ({
  id: it.id,
  title: it.title,
  type: it.type,
  commits: it.commits,
  authors: it.authors,
  fileCount: it.files.length,
  paths: it.files.map((file) => file.path),
  additions: it.additions,
  deletions: it.deletions,
  flags: it.flags,
  bucket: it.bucket,
  risk: it.risk,
  pulledIn: it.id === 'pr-799',
});

/** The shop's features and a dozen more, so that lists are longer than a small screen. */
export function manyFeatures(): Feature[] {
  return [
    ...shopFeatures(),
    feature('pr-830', {
      title: 'feat(search): 検索を速くする 🔎',
      authors: ['山田 花子'],
      flags: { breaking: false, testsTouched: true, dependencies: true },
    }),
    feature('pr-831', { title: 'fix(orders): תיקון סכומים', authors: ['דנה'], type: 'fix' }),
    ...Array.from({ length: 14 }, (_, i) =>
      feature(`pr-${840 + i}`, {
        title: `fix(shop): small change number ${i + 1}`,
        type: 'fix',
        bucket: i % 3 === 0 ? 'optional' : 'recommended',
        additions: 5 + i * 3,
      }),
    ),
  ];
}

/** Requested with everything a request can say. */
function requested(part: Partial<Plan> = {}): JournalBuilder {
  return new JournalBuilder().requested({
    plan: canaryPlan(part),
    why: 'the cart has waited long enough',
    source: {
      kind: 'selection',
      base: { ref: 'main', sha: 'b'.repeat(40) },
      head: { ref: 'dev', sha: 'd'.repeat(40) },
      features: shopFeatures().slice(0, 3).map(shipped),
    },
  });
}

const failedSuite: EventBody = {
  type: 'suite.finished',
  effect: 'testing/smoke/1',
  result: {
    suite: 'smoke',
    kind: 'smoke',
    status: 'failed',
    exitCode: 1,
    durationMs: 4200,
    log: 'smoke.log',
    tail: ['✖ the cart keeps its items', '  expected 2, got 1', '1 of 12 failed'],
    failures: ['✖ the cart keeps its items'],
  },
};

/** Its smoke tests failed. */
function blocked(): JournalBuilder {
  return requested()
    .staged()
    .advance('testing')
    .add({ type: 'stage.started', stage: 'testing' }, failedSuite)
    .add(
      { type: 'stage.finished', stage: 'testing', status: 'failed', reason: 'smoke failed' },
      {
        type: 'effect.failed',
        effect: 'testing/smoke/1',
        failure: {
          code: 'suite-failed',
          message: 'smoke failed: 1 of 12',
          hint: 'Leave the feature out, or mend it.',
          log: ['✖ the cart keeps its items', '  at test/cart.test.js:14'],
        },
      },
    );
}

/** In its second phase, with readings of a quarter of a minute. */
function rolling(): JournalBuilder {
  const journal = requested().staged().advance('testing').tested().advance('learning').rollingOut(0);
  journal.add({
    type: 'phase.decided',
    phase: 0,
    decision: {
      kind: 'continue',
      verdict: { kind: 'passed', rule: 'time', reason: '617 requests, 0 % errors', data: {} },
    },
  });
  journal.rollingOut(1);
  for (let i = 1; i <= 12; i += 1)
    journal.add({
      type: 'measured',
      phase: 1,
      sample: sample(
        journal.events.length + 1,
        25,
        counts(12_345 + 800 * i, 12 + i),
        counts(617 + 260 * i, i, 16),
      ),
    });
  return journal;
}

const rolledBackReason = '12.5 % of the candidate requests failed, more than 5 %';

/** Taken back by itself, its culprit named, its lessons drawn. */
function rolledBack(): JournalBuilder {
  return rolling()
    .add(
      { type: 'rollback.started', trigger: 'rule', reason: rolledBackReason },
      { type: 'restored', effect: 'r', detail: 'all traffic is back' },
      {
        type: 'culprit.found',
        effect: 'c',
        culprit: {
          kind: 'named',
          reason: 'Likely "feat(cart): saved baskets": 3 of 4 stacks',
          suspects: [
            {
              id: 'pr-801',
              title: 'feat(cart): saved baskets',
              strength: 'strong',
              stacks: 3,
              of: 4,
              evidence: ['3 of 4 stacks pass src/cart.ts:88', 'GET /cart failed 31 times'],
            },
            { id: 'pr-812', title: 'fix(auth): tokens', strength: 'weak', stacks: 0, of: 4, evidence: [] },
          ],
          errors: [
            {
              name: 'TypeError',
              message: 'basket is undefined',
              count: 31,
              alsoStable: false,
              frames: [{ path: 'src/cart.ts', line: 88, in: 'load' }],
            },
          ],
          routes: [{ route: 'GET /cart', failed: 31, slow: 1, stableFailed: 0, stableSlow: 0 }],
          unread: [],
        },
      },
    )
    .add(
      {
        type: 'stage.finished',
        stage: 'production',
        status: 'failed',
        reason: rolledBackReason,
      },
      { type: 'deployment.concluding', outcome: 'rolled_back', reason: rolledBackReason },
      { type: 'stage.started', stage: 'learning' },
      {
        type: 'learned',
        effect: 'l',
        lessons: ['feature success 0.83 → 0.80 (n=24)', 'pr-801 is thought less of: 0.93 → 0.41'],
      },
      { type: 'stage.finished', stage: 'learning', status: 'passed', reason: 'two lessons' },
      {
        type: 'deployment.finished',
        outcome: 'rolled_back',
        reason: rolledBackReason,
        environment: 'production',
        version: v1,
        durationMs: 61_000,
      },
    );
}

/** A gate that held; `change` says what is not so. */
const gate = (id: string, title: string, detail: string, change: Partial<GateResult> = {}): GateResult => ({
  id,
  title,
  when: 'before',
  severity: 'blocking',
  status: 'passed',
  detail,
  ...change,
});

/** With gates of every standing before production, its checks in two phases, and taken back by a gate after the rollout. */
function gated(): JournalBuilder {
  const journal = requested({ actions: checks })
    .staged()
    .advance('testing')
    .tested()
    .advance('learning')
    .add({
      type: 'gates.checked',
      effect: 'g',
      when: 'before',
      results: [
        gate('tests', 'all tests pass', 'unit and smoke passed'),
        gate('rollback-plan', 'the way back is written down', 'production/ROLLBACK.md'),
        gate('coverage', 'enough of it is tested', '71.2 % of lines, 80 % are asked for', {
          status: 'failed',
          fix: 'test what changed, or say with --override coverage=why it may go on',
          override: { by: 'Ada', why: 'the generated client counts as untested' },
        }),
        gate('security', 'no known weakness', 'left-pad 1.0.0: prototype pollution (moderate)', {
          status: 'failed',
          severity: 'warning',
          fix: 'npm audit fix',
        }),
        gate('window', 'a deployment window is open', 'the environment names no windows', {
          status: 'skipped',
        }),
        gate('staging', 'staging was verified', 'staging runs another version', {
          status: 'failed',
          fix: 'deploy it to staging first',
        }),
      ],
    });
  for (const phase of [0, 3]) {
    journal
      .rollingOut(phase)
      .add(...checks.map((action) => checked(action, phase)))
      .add({
        type: 'measured',
        phase,
        sample: sample(
          journal.events.length + 4,
          phase === 0 ? 5 : 100,
          counts(12_345, 12),
          counts(600, 0, 16),
        ),
      })
      .add({
        type: 'phase.decided',
        phase,
        decision: {
          kind: 'continue',
          verdict: { kind: 'passed', rule: 'time', reason: '600 requests, 0 % errors', data: {} },
        },
      });
  }
  const refused =
    'a gate refused: hardly any request fails: 30 of 10000 requests failed in the last phase (0.3 %), 0.1 % may';
  return journal.add(
    {
      type: 'gates.checked',
      effect: 'h',
      when: 'after',
      results: [
        gate('smoke', 'smoke tests pass', 'the environment names no smoke tests', { status: 'skipped' }),
        gate(
          'error_rate',
          'hardly any request fails',
          '30 of 10000 requests failed in the last phase (0.3 %), 0.1 % may',
          { status: 'failed', fix: 'see which routes fail in the candidate’s log' },
        ),
        gate(
          'latency',
          'answers are quick',
          'p95 of 9970 answers in the last phase is 31 ms, 500 ms is the limit',
        ),
        gate('version', 'the expected version answers', 'the router sends all traffic to v2 (pid 4242)'),
      ].map((result): GateResult => ({ ...result, when: 'after' })),
    },
    { type: 'rollback.started', trigger: 'failure', reason: refused },
  );
}

const checks: ActionPlan[] = [
  {
    kind: 'configuration-check',
    name: 'configuration',
    at: ['before-phase'],
    timeoutMs: 10_000,
    onFailure: 'abort',
  },
  {
    kind: 'dependency-check',
    name: 'database',
    at: ['before-phase'],
    timeoutMs: 5000,
    onFailure: 'abort',
    target: { kind: 'tcp', address: 'db.example:5432' },
    tolerate: 2,
    intervalMs: 1000,
  },
];

function checked(action: ActionPlan, phase: number): EventBody {
  return {
    type: 'action.finished',
    effect: `p/production/act-before-phase-${phase}-${action.kind}-${action.name}/1`,
    result: {
      kind: action.kind,
      name: action.name,
      point: 'before-phase',
      phase,
      status: 'passed',
      detail:
        action.kind === 'configuration-check'
          ? '4 of 4 variables have a value, port 8080 is the router’s'
          : 'db.example:5432 takes connections',
      durationMs: 4,
    },
  };
}

const environments: EnvironmentState[] = [
  {
    name: 'production',
    description: 'what customers use',
    url: 'https://shop.example',
    deployed: v1,
    serving: true,
    active: undefined,
    runs: { since: '2026-11-20T08:00:00.000Z', deployment: '20261120_075500', verified: true },
  },
  {
    name: 'staging',
    description: 'the rehearsal',
    url: 'https://staging.shop.example',
    deployed: v2,
    serving: false,
    active: undefined,
  },
];

function rows(): HistoryRow[] {
  return pastDeployments(40).map((row, i) =>
    i === 1
      ? { ...row, kind: 'rollback', outcome: 'rolled_back', reason: rolledBackReason, candidate: 'v38' }
      : i === 3
        ? { ...row, outcome: 'blocked', version: null, reason: 'smoke failed' }
        : row,
  );
}

const documents = {
  'guide.md': ['# Deployment guide', '', 'Ship with care.', '- [ ] tell support', '- [x] look at the charts'],
  'test-plan.md': ['# Test plan', 'unit, then smoke'],
  'rollback.md': ['# Rollback', 'Press r.'],
  unit: ['> npm test', 'all 12 passed'],
  smoke: ['> npm run smoke', '✖ the cart keeps its items'],
};

/** Journals for every state a screen can find a deployment in. */
export const journals = {
  none: () => undefined,
  staged: () => requested().staged(),
  blocked,
  tested: () => requested().staged().advance('testing').tested(),
  rolling,
  paused: () => rolling().add({ type: 'deployment.paused', reason: 'p95 is 61 % above stable’s' }),
  rolledBack,
  gated,
} as const satisfies Record<string, () => JournalBuilder | undefined>;

export type StoryName = keyof typeof journals;

/** An engine with something in everything that a screen shows; a finished deployment is followed too. */
export function tell(story: StoryName, part: FakeOptions = {}): FakeOrchestrator {
  const running = journals[story]();
  const fake = new FakeOrchestrator({
    discovery: discoveryOf(manyFeatures(), ['1 commit was already shipped.']),
    rows: rows(),
    environments: environments.map((e) => ({ ...e })),
    documents,
    ...(running ? { running } : {}),
    ...part,
  });
  if (story === 'rolledBack') {
    // Whoever looks at the right moment still finds it under way, and sees it end.
    const found = [rolling().fold()];
    fake.active = async () => found.splice(0).flatMap((deployment) => deployment ?? []);
  }
  return fake;
}
