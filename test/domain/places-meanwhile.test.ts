import { describe, expect, it } from 'vitest';
import { nextEffect } from '../../src/domain/next-effect.ts';
import type { PlacePlan } from '../../src/domain/plan.ts';
import { hook } from '../harness/action.ts';
import { readings } from '../harness/deployment-events.ts';
import { drive } from '../harness/drive.ts';
import { phase, plan } from '../harness/plan.ts';

const keys = ['eu', 'us'];
const places = keys.map((region): PlacePlan => {
  const { host, port, service, variables } = plan();
  return { key: region, region, host, port, service, variables };
});
const regional = (asks: 'pause' | 'abort' = 'abort') =>
  drive({
    plan: plan({
      places,
      phases: keys.map((key) => phase(100, { places: [key] })),
      actions: [hook('after-phase', { onFailure: asks })],
    }),
  });

describe('T5 several places while no phase is watched', () => {
  it.each([
    ['a region that has passed', undefined, 'app in eu: '],
    ['no other', 'us', undefined],
  ])('%s can still take everything back', (_, place, reason) => {
    const rollout = regional('pause').until('act').failAction();
    expect(rollout.d.status.kind).toBe('paused');
    expect(nextEffect(rollout.d)).toMatchObject({ kind: 'observe' });
    for (const sample of readings(30, { candidate: 20, errors: 20 }, rollout.events.length))
      rollout.take({
        kind: 'sample',
        phase: rollout.d.phase,
        ...(place === undefined ? {} : { place }),
        sample,
      });
    expect(rollout.d.status).toMatchObject(
      reason === undefined
        ? { kind: 'paused' }
        : { kind: 'rolling_back', trigger: 'rule', reason: expect.stringContaining(reason) },
    );
  });

  it('T3 a retry forgets the failed readings of every place', () => {
    const both = plan({ places, phases: [phase(100)] });
    const rollout = drive({ plan: both }).until('observe');
    rollout.start();
    for (let i = 0; i < 10; i += 1)
      rollout.take({ kind: 'sample-failed', phase: 0, place: 'us', reason: 'no numbers' });
    expect(rollout.d.status.kind).toBe('paused');
    rollout.ask({ kind: 'retry' });
    rollout.take({ kind: 'sample-failed', phase: 0, place: 'us', reason: 'no numbers' });
    expect(rollout.d).toMatchObject({
      status: { kind: 'running' },
      others: { us: { measurementFailures: 1 } },
    });
  });
});
