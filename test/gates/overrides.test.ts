import { describe, expect, it } from 'vitest';
import { isProduction } from '../../src/domain/environment-before.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { overridesOf } from '../../src/gates/overrides.ts';
import { drive } from '../harness/drive.ts';
import { gatedPlan, suiteRun } from '../harness/gates.ts';

const ana = { name: 'Ana', face: 'cli' as const };
const where = (settings: unknown = {}, production = true) => ({
  environment: 'live',
  production,
  settings: gatesSettingsSchema.parse(settings),
});

describe('G1 an override', () => {
  it('keeps who and why', () => {
    expect(overridesOf([{ gate: 'quality', why: ' known ' }], ana, where())).toEqual([
      { gate: 'quality', by: 'Ana', why: 'known' },
    ]);
  });

  it('of a gate that nobody knows names the known ones', () => {
    expect(() => overridesOf([{ gate: 'sign-offs', why: 'x' }], ana, where())).toThrow(
      expect.objectContaining({
        code: 'unknown-gate',
        exit: 2,
        hint: expect.stringContaining('did you mean sign_offs?'),
      }),
    );
  });

  it('needs a reason', () => {
    expect(() => overridesOf([{ gate: 'quality', why: '  ' }], ana, where())).toThrow(
      expect.objectContaining({ code: 'no-reason', exit: 2 }),
    );
  });

  it('of failed tests is refused in production, unless its settings allow it', () => {
    const tests = [{ gate: 'tests', why: 'only docs' }];
    expect(() => overridesOf(tests, ana, where())).toThrow(
      expect.objectContaining({ code: 'override-refused', exit: 4 }),
    );
    expect(overridesOf(tests, ana, where({ tests: { override: true } }))).toHaveLength(1);
    expect(overridesOf(tests, ana, where({}, false))).toHaveLength(1);
  });
});

it('G1 production is the environment of that name, and every one that none comes after', () => {
  const settings = settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs' } },
    environments: { staging: { port: 1 }, production: { port: 2 }, eu: { port: 3, after: 'production' } },
  });
  const counts = (name: string) => isProduction(settings, name, true);
  expect(['staging', 'production', 'eu'].map(counts)).toEqual([false, true, true]);
});

describe('S4 failed tests', () => {
  const suites = [{ name: 'unit', kind: 'unit' as const, run: 'x', timeoutMs: 1 }];
  const failing = (plan: ReturnType<typeof gatedPlan>) => {
    const d = drive({ plan }).until('run-suite');
    const effect = d.start();
    return d
      .take({
        kind: 'effect-done',
        event: { type: 'suite.finished', effect: effect.id, result: suiteRun('unit', 'failed') },
      })
      .until('ready-stable');
  };

  it('end it as blocked', () => {
    expect(failing(gatedPlan({}, { suites })).d.status).toMatchObject({ outcome: 'blocked' });
  });

  it('let pass by a person, go on and say so', () => {
    const overrides = [{ gate: 'tests', by: 'Ana', why: 'only docs' }];
    const { d } = failing(gatedPlan({}, { suites, overrides }));
    expect(d.status).toEqual({ kind: 'running' });
    expect(d.stages.testing).toMatchObject({
      status: 'failed',
      reason: 'tests do not pass: unit failed; it goes on all the same: let pass by Ana: only docs',
    });
    expect(d.stages.production.status).toBe('active');
  });
});

describe('G1 a sign-off', () => {
  const waiting = (names: string[]) =>
    drive({ plan: gatedPlan({ sign_offs: { names, by_another: true } }), through: 'testing' }).until();

  it('is asked for before a prepared deployment goes on, counts for its candidate, and lets it', () => {
    const d = waiting(['qa']);
    d.ask({ kind: 'advance', through: 'learning' });
    expect(d.last).toMatchObject({ refused: expect.stringContaining('missing for this candidate: qa') });
    d.ask({ kind: 'sign-off', name: 'qa' }, 'clicked through');
    expect(d.d.signOffs).toMatchObject([{ name: 'qa', by: { name: 'Bo' }, why: 'clicked through' }]);
    d.ask({ kind: 'advance', through: 'learning' });
    expect(d.d.status).toEqual({ kind: 'running' });
  });

  it('is refused for another name, and by who asked for the deployment', () => {
    const d = waiting(['qa']);
    d.ask({ kind: 'sign-off', name: 'docs' });
    expect(d.last).toMatchObject({ refused: expect.stringContaining('asks for qa, not for docs') });
    d.ask({ kind: 'sign-off', name: 'qa' }, undefined, d.d.by.name);
    expect(d.last).toMatchObject({ refused: expect.stringContaining('another person') });
    expect(d.d.signOffs).toBeUndefined();
  });
});
