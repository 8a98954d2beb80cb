import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { showPlan } from '../../src/faces/cli/show-plan.ts';
import { limitsOf } from '../../src/strategies/rolling.ts';
import { assemblePlan, type PlanRequest } from '../../src/strategies/plan.ts';

/** The plan for an environment with these settings of its own, and a service with those. */
function planOf(
  target: object,
  { instances = 3, ...service }: { instances?: number; migrate?: string } = {},
  change: Partial<PlanRequest> = {},
) {
  const settings = settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs', instances, ...service } },
    environments: { production: { port: 4999, ...target } },
  });
  const environment = settings.environments['production'];
  if (!environment) throw new TypeError('no environment');
  return assemblePlan({
    settings,
    settingsHash: 'h',
    environment: 'production',
    target: environment,
    kind: 'deploy',
    stable: 'v1',
    candidate: 'v2',
    flag: undefined,
    risk: 'medium',
    autoRollbackThreshold: 5,
    productionBranch: undefined,
    ...change,
  });
}

const shown = (plan: ReturnType<typeof planOf>) =>
  showPlan({
    environment: 'production',
    kind: 'deploy',
    source: { kind: 'version', ref: 'v2', sha: 'b'.repeat(40), features: [] },
    stable: { sha: 'a'.repeat(40), name: 'v1' },
    plan,
    features: [],
  });

describe('T1 rolling', () => {
  const batches = (target: object, instances: number) =>
    planOf({ strategy: 'rolling', rolling: target }, { instances }).phases.map(
      ({ weight, scale }) => `${weight} %: ${scale?.stableMeanwhile} → ${scale?.candidate}+${scale?.stable}`,
    );

  it('replaces a quarter of the copies at a time unless told otherwise, one more than all at the most', () => {
    expect(batches({}, 3)).toEqual(['33.3 %: 3 → 1+2', '66.7 %: 2 → 2+1', '100 %: 1 → 3+0']);
    expect(batches({}, 8)).toEqual(['50 %: 6 → 4+4', '100 %: 2 → 8+0']);
    expect(batches({ max_surge: 2, max_unavailable: 0 }, 5)).toEqual([
      '40 %: 5 → 2+3',
      '80 %: 3 → 4+1',
      '100 %: 1 → 5+0',
    ]);
  });

  it('makes room first where no copy more than all may run', () => {
    expect(batches({ max_surge: 0, max_unavailable: 1 }, 2)).toEqual(['50 %: 1 → 1+1', '100 %: 0 → 2+0']);
  });

  it('starts the new copy beside the only one', () => {
    expect(batches({}, 1)).toEqual(['100 %: 1 → 1+0']);
    expect(batches({ max_surge: 0, max_unavailable: 1 }, 1)).toEqual(['100 %: 1 → 1+0']);
  });

  it.each([
    ['25%', '25%', 10, { surge: 3, unavailable: 2 }],
    ['10%', 0, 3, { surge: 1, unavailable: 0 }],
    [0, '10%', 3, { surge: 0, unavailable: 1 }],
    [0, '100%', 3, { surge: 0, unavailable: 2 }],
    [0, 64, 3, { surge: 0, unavailable: 2 }],
    [64, 0, 3, { surge: 3, unavailable: 0 }],
  ])(
    'resolves a surge of %s and %s unavailable of %d copies as Kubernetes does, one always serving',
    (...row) => {
      const [max_surge, max_unavailable, copies, limits] = row;
      expect(limitsOf({ max_surge, max_unavailable }, copies)).toEqual(limits);
    },
  );

  it('keeps its promises for every number of copies and every limit', () => {
    for (let n = 1; n <= 12; n++)
      for (let surge = 0; surge <= n; surge++)
        for (let away = surge === 0 ? 1 : 0; away <= n; away++) {
          const limits = { max_surge: surge, max_unavailable: away };
          const most = n + Math.max(surge, n === 1 ? 1 : 0);
          const least = n - Math.min(away, n - 1);
          let before = { candidate: 0, stable: n };
          for (const { scale } of planOf({ strategy: 'rolling', rolling: limits }, { instances: n }).phases) {
            if (!scale) throw new TypeError('no scale');
            const what = `${n} copies, ${surge} and ${away}: ${JSON.stringify(scale)}`;
            expect(scale.stableMeanwhile, what).toBeLessThanOrEqual(before.stable);
            expect(before.candidate + scale.stableMeanwhile, what).toBeGreaterThanOrEqual(least);
            expect(scale.candidate + scale.stableMeanwhile, what).toBeLessThanOrEqual(most);
            expect(scale.candidate, what).toBeGreaterThan(before.candidate);
            expect(scale.candidate + scale.stable, what).toBe(n);
            before = scale;
          }
          expect(before).toMatchObject({ candidate: n, stable: 0 });
        }
  });

  it('refuses settings with which no copy could ever be replaced, and what is no number of copies', () => {
    for (const rolling of [
      { max_surge: 0, max_unavailable: '0%' },
      { max_surge: '101%' },
      { max_surge: -1 },
      { max_unavailable: '1e1%' },
    ])
      expect(() => planOf({ rolling })).toThrow();
    expect(() => planOf({}, { instances: 65 })).toThrow();
  });

  it('prints its batches, both times and its way back', () => {
    expect(shown(planOf({ strategy: 'rolling', rolling: { bake: '2m' } }))).toMatchInlineSnapshot(`
      [
        "Deploy production: v1 → v2",
        "Risk MEDIUM, strategy rolling (the environment’s own)",
        "Suites: none in orchestra.yaml",
        "Traffic: 127.0.0.1:4999, split by the embedded proxy",
        "Copies: 3 of a version",
        "Before the first traffic:",
        "  - configuration check: every variable has a value, the port can be had",
        "Again before each phase: configuration check",
        "  33.3 %  batch 1 of 3: 1 of 3 copies new, watched 2 min",
        "  66.7 %  batch 2 of 3: 2 of 3 copies new, watched 2 min",
        "   100 %  batch 3 of 3: 3 of 3 copies new, watched 2 min",
        "Promoted after 6 min at the earliest; rolled back within 2 min 20 s at the longest",
        "If it goes wrong:",
        "  - All copies of v1 that are left take all new requests at once; those that were ended are started again, back to 3, and join them. Where none is left, the new copies serve until then.",
        "  - Requests under way on the new copies may finish, for 10 s at most; then they are stopped.",
        "  - By hand: press r, or "orchestrate deploy abort --env production"; after promotion "orchestrate deploy rollback --env production".",
        "  - Migrations are not undone: they must let the version before run on (expand, then contract in a later deployment).",
        "! 1 copy is replaced at a time: never more than 4 run, never fewer than 3 serve. Copies of v1 are ended as new ones take their traffic.",
      ]
    `);
  });
});

describe('T1 recreate', () => {
  it('says in plain words that users are refused, for how long, and how it goes back', () => {
    expect(shown(planOf({ strategy: 'recreate' }))).toMatchInlineSnapshot(`
      [
        "Deploy production: v1 → v2",
        "Risk MEDIUM, strategy recreate (the environment’s own)",
        "Suites: none in orchestra.yaml",
        "Traffic: 127.0.0.1:4999, split by the embedded proxy",
        "Copies: 3 of a version",
        "Before the first traffic:",
        "  - configuration check: every variable has a value, the port can be had",
        "  100 %  stop the old, start the new, watched 1 min",
        "Promoted after 1 min at the earliest; rolled back within 2 min 20 s at the longest",
        "If it goes wrong:",
        "  - The new version is stopped first, then v1 is started again as it was: users are refused once more, 2 min 20 s at most.",
        "  - By hand: press r, or "orchestrate deploy abort --env production"; after promotion "orchestrate deploy rollback --env production".",
        "  - Migrations are not undone: they must let the version before run on (expand, then contract in a later deployment).",
        "! USERS ARE REFUSED while neither version runs: from the moment v1 is stopped until the new version is healthy, 2 min 20 s at most. The router answers 503 with Retry-After.",
      ]
    `);
  });

  it('says that the migration runs while nobody is served', () => {
    const { notes } = planOf({ strategy: 'recreate' }, { migrate: 'node migrate.mjs' });
    expect(notes.join(' ')).toContain('The migration runs in that time too');
  });

  it('never runs two versions at once on a later return to a known good version either', () => {
    const plan = planOf({ strategy: 'recreate' }, {}, { kind: 'rollback' });
    expect(plan).toMatchObject({ strategy: 'instant', estimates: { longestRollbackMs: 140_000 } });
    expect(plan.phases).toMatchObject([
      { judged: false, scale: { candidate: 3, stable: 0, stableMeanwhile: 0 } },
    ]);
    expect(plan.notes.join(' ')).toContain('USERS ARE REFUSED');
  });

  it('never ends what serves already to start it again', () => {
    const plan = planOf({}, {}, { restart: true, flag: 'recreate', candidate: 'v1' });
    expect(plan.strategy).toBe('instant');
    expect(plan.phases.every(({ scale }) => scale === undefined)).toBe(true);
  });
});

describe('copies', () => {
  it('T1 canary and blue-green bring up all copies of the candidate first, and say so', () => {
    for (const strategy of ['canary', 'blue-green']) {
      const plan = planOf({ strategy });
      expect(plan.service.instances).toBe(3);
      expect(plan.phases.every(({ scale }) => scale === undefined)).toBe(true);
      expect(plan.notes.join(' ')).toContain('All 3 copies of the candidate are started and healthy before');
    }
  });

  it('an environment has its own number of them', () => {
    expect(planOf({ instances: 5 }).service.instances).toBe(5);
    expect(planOf({ instances: 1 }).service.instances).toBeUndefined();
  });

  it('a first deployment brings all of them up at once, whatever the strategy', () => {
    const plan = planOf({ strategy: 'recreate' }, {}, { stable: null });
    expect(plan.phases).toMatchObject([{ name: 'first deployment', weight: 100 }]);
    expect(plan.phases[0]?.scale).toBeUndefined();
    expect(plan.notes.join(' ')).not.toContain('REFUSED');
  });
});
