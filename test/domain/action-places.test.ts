import { describe, expect, it } from 'vitest';
import type { DueAction } from '../../src/domain/action.ts';
import { placesOfAction } from '../../src/domain/action-places.ts';
import type { PlacePlan } from '../../src/domain/plan.ts';
import { everywhere, hook, smoke } from '../harness/action.ts';
import { phase, plan } from '../harness/plan.ts';

const keys = ['eu.api', 'eu.web', 'us.api', 'us.web'];
const places = keys.map((key): PlacePlan => {
  const [region = '', name = ''] = key.split('.');
  const { host, port, service, variables } = plan();
  return { key, region, host, port, service: { ...service, name }, variables };
});
const planned = plan({ places, phases: [phase(100, { places: ['us.api', 'us.web'] })] });
const where = (due: DueAction) => placesOfAction(planned, due).map(({ key }) => key);

describe('where an action is done', () => {
  it('G3 a smoke test asks the service that users reach, or the one it names, in every region', () => {
    expect(where({ action: smoke(), point: 'after-rollout' })).toEqual(['eu.web', 'us.web']);
    const named = smoke({}, { service: 'api' });
    expect(where({ action: named, point: 'before-traffic' })).toEqual(['eu.api', 'us.api']);
  });

  it('G2 a check is made in every place it is about, before a phase in those that move', () => {
    const [check] = everywhere();
    if (!check) throw new TypeError('no check');
    expect(where({ action: check, point: 'before-deployment' })).toEqual(keys);
    expect(where({ action: check, point: 'before-phase', phase: 0 })).toEqual(['us.api', 'us.web']);
    const own: DueAction['action'] = {
      kind: 'dependency-check',
      name: 'db of api',
      service: 'api',
      at: ['before-phase'],
      timeoutMs: 5,
      onFailure: 'abort',
      target: { kind: 'tcp', address: 'db:1' },
      tolerate: 0,
      intervalMs: 1,
    };
    expect(where({ action: own, point: 'before-phase', phase: 0 })).toEqual(['us.api']);
  });

  it('a hook runs once', () => {
    expect(where({ action: hook('before-phase'), point: 'before-phase', phase: 0 })).toEqual(['eu.web']);
  });
});
