import { describe, expect, it } from 'vitest';
import { candidateCopies, mostCopies, scaleIn } from '../../src/domain/place-copies.ts';
import type { PlacePlan } from '../../src/domain/plan.ts';
import { phase, plan } from '../harness/plan.ts';

/** A place with so many copies. */
function place(name: string, instances: number, change: Partial<PlacePlan> = {}): PlacePlan {
  const { host, port, service, variables } = plan();
  return {
    key: `production.${name}`,
    host,
    port,
    service: { ...service, name, instances },
    variables,
    ...change,
  };
}

const web = place('web', 4);
const api = place('api', 2);
const scale = { candidate: 1, stable: 3, stableMeanwhile: 3 };

describe('T1 the copies of a batch in several places', () => {
  it('are counted in those of the place with the most', () => {
    const planned = plan({ places: [api, web] });
    expect(mostCopies(planned)).toBe(4);
    expect(scaleIn(planned, scale, web)).toEqual(scale);
  });

  it('are the same share of a place with fewer, rounded up, and never fewer than the share serve', () => {
    const planned = plan({ places: [api, web] });
    expect(scaleIn(planned, scale, api)).toEqual({ candidate: 1, stable: 1, stableMeanwhile: 2 });
    const last = { candidate: 4, stable: 0, stableMeanwhile: 1 };
    expect(scaleIn(planned, last, api)).toEqual({ candidate: 2, stable: 0, stableMeanwhile: 1 });
  });

  it('are all of them at once where nothing serves yet, and where none gives way', () => {
    const fresh = place('api', 2, { fresh: true });
    const planned = plan({ places: [fresh, web] });
    expect(candidateCopies(planned, phase(25, { scale }), fresh)).toBe(2);
    expect(candidateCopies(planned, phase(25, { scale }), web)).toBe(1);
    expect(candidateCopies(planned, phase(25), web)).toBe(4);
  });

  it('of what is retired count for nothing', () => {
    expect(mostCopies(plan({ places: [api, place('old', 9, { retired: true })] }))).toBe(2);
  });
});
