import { describe, expect, it } from 'vitest';
import type { ActionPlan } from '../../src/domain/action.ts';
import { allGates } from '../../src/domain/all-gates.ts';
import { grouped, standingWords } from '../../src/domain/gate-standing.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { deploymentOf, deploymentRecordSchema, recordOf } from '../../src/domain/deployment-record.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import { phaseGates } from '../../src/domain/phase-gates.ts';
import { smoke } from '../harness/action.ts';
import { readings, requested } from '../harness/deployment-events.ts';
import { drive } from '../harness/drive.ts';
import { plan } from '../harness/plan.ts';

const check = (name: string, onFailure: ActionPlan['onFailure'] = 'abort'): ActionPlan => ({
  kind: 'dependency-check',
  name,
  at: ['before-deployment', 'before-phase'],
  timeoutMs: 1000,
  onFailure,
  target: { kind: 'tcp', address: 'db:5432' },
  tolerate: 0,
  intervalMs: 1,
});
const configuration: ActionPlan = {
  kind: 'configuration-check',
  name: 'configuration',
  at: ['before-deployment', 'before-phase'],
  timeoutMs: 1000,
  onFailure: 'abort',
};

function begun(actions: ActionPlan[]) {
  const request = requested({ plan: plan({ actions }) });
  return drive(request.type === 'deployment.requested' ? request : {});
}

const stand = (d: Deployment, phase: number) =>
  Object.fromEntries(
    phaseGates(d)
      .filter((gate) => gate.phase === phase)
      .map(({ id, status, detail }) => [id, `${status}: ${detail}`]),
  );

describe('the gates of each phase', () => {
  it('G2 tells configuration, dependencies, readiness and health of every phase that was entered', () => {
    const { d } = begun([configuration, check('db'), smoke()]).until('promote');
    expect(phaseGates(d).map(({ phase, id, status }) => `${phase} ${id} ${status}`)).toEqual([
      '0 configuration passed',
      '0 dependencies passed',
      '0 readiness passed',
      '0 health passed',
      '1 configuration passed',
      '1 dependencies passed',
      '1 readiness passed',
      '1 health passed',
    ]);
    expect(stand(d, 0)).toMatchObject({
      dependencies: 'passed: db: as it should be',
      readiness: 'passed: 1 copy answered before the traffic came; 1 smoke test passed',
      health: expect.stringMatching(/^passed: \d+ of \d+ probes answered$/u),
    });
  });

  it('is empty before anything was asked, and skipped with the reason where there is nothing to ask', () => {
    expect(phaseGates(begun([]).d)).toEqual([]);
    expect(stand(begun([]).until('observe').d, 0)).toMatchObject({
      configuration: 'skipped: its plan checks no configuration',
      dependencies: 'skipped: no service names what it requires',
      health: 'skipped: no reading of it was taken',
    });
  });

  it('G2 tells a check that failed before the rollout', () => {
    const driven = begun([check('db')])
      .until('act')
      .failAction('refused');
    expect(stand(driven.d, 0)).toMatchObject({
      dependencies: 'failed: dependency db failed before the rollout: refused',
      readiness: 'skipped: it has no traffic of this phase',
    });
    expect(driven.d.status).toMatchObject({ kind: 'concluding', outcome: 'blocked' });
  });

  it('tells a failure that means nothing as told only, and one that a person went on without as overridden', () => {
    const ignored = begun([check('db', 'ignore')])
      .until('act')
      .failAction()
      .until('observe').d;
    const passedLater = phaseGates(ignored).find(({ id }) => id === 'dependencies');
    expect(passedLater?.status).toBe('passed');
    const told = begun([{ ...check('db', 'ignore'), at: ['before-phase'] }])
      .until('act')
      .failAction();
    expect(phaseGates(told.d).find(({ id }) => id === 'dependencies')).toMatchObject({
      status: 'failed',
      severity: 'warning',
    });
    const held = begun([{ ...check('db', 'pause'), at: ['before-phase'] }])
      .until('act')
      .failAction();
    expect(phaseGates(held.d).find(({ id }) => id === 'dependencies')).not.toHaveProperty('override');
    const on = held.ask({ kind: 'promote' }).until('observe');
    expect(phaseGates(on.d).find(({ id }) => id === 'dependencies')).toMatchObject({
      status: 'failed',
      override: { why: 'went on without it' },
    });
  });

  it('G2 tells a candidate that did not start, and one that fell silent', () => {
    const failed = begun([]).until('start-candidate').fail();
    expect(stand(failed.d, 0)['readiness']).toBe('failed: it broke');
    const silent = begun([]).until('observe');
    silent.start();
    for (const sample of readings(3, { candidate: 10, healthy: false }, 60)) silent.sample(sample);
    expect(stand(silent.d, 0)['health']).toBe('failed: 0 of 4 probes answered, the last of them did not');
  });

  it('stands the same in a record', () => {
    const { d } = begun([configuration, check('db')]).until('promote');
    const back = deploymentOf(deploymentRecordSchema.parse(JSON.parse(JSON.stringify(recordOf(d)))));
    expect(allGates(back)).toEqual(allGates(d));
  });
});

const gate = (id: string, change: Partial<GateResult> = {}): GateResult => ({
  id,
  title: id,
  when: 'before',
  severity: 'blocking',
  status: 'passed',
  detail: 'it is',
  ...change,
});

describe('gates together', () => {
  it('are grouped, what needs somebody first', () => {
    const all = [
      gate('a'),
      gate('b', { status: 'skipped' }),
      gate('c', { status: 'failed', severity: 'warning' }),
      gate('d', { status: 'failed', override: { by: 'Ana', why: 'known' } }),
      gate('e', { status: 'failed' }),
      gate('f'),
    ];
    expect(grouped(all).map(({ id }) => id)).toEqual(['e', 'c', 'd', 'b', 'a', 'f']);
    expect(standingWords(all)).toBe('2 passed, 1 failed, 1 told only, 1 overridden, 1 skipped');
  });
});
