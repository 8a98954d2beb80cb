import { afterEach, describe, expect, it } from 'vitest';
import { failWith, systemError } from '../../providers/runtime/failpoints.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { count } from '../harness/counts.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { World, candidate, stable } from '../harness/world.ts';

afterEach(() => failWith(undefined));

const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };

/** A rollout whose disk is full from the `at`th write of its journal on; whether it came that far, and how it stood then. */
async function rollOut(at: number, switched: boolean) {
  const world = new World();
  const id = await world.request(
    requested({
      source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
      plan: plan({ measureEveryMs: 4, phases: [phase(5, quick), phase(100, quick)] }),
    }),
  );
  let writes = 0;
  let full = false;
  failWith((point) => {
    if (point === 'write:journal.ndjson') writes += 1;
    full ||= writes >= at;
    if (full && /^(?:create|write|make-|link|rename)/.test(point)) throw systemError('ENOSPC', point);
  });
  const stopped = await conduct(world.conductor(), id).then(
    () => undefined,
    (error: unknown) => error,
  );
  failWith(undefined);
  const before = await world.journals.read(id);
  // Nobody tells the router any more that a conductor lives: it gives the traffic back by itself.
  if (switched) world.throwSwitch();
  return { world, id, stopped, before };
}

describe('N4 a disk that is full in the middle of a rollout', () => {
  it.each([false, true])(
    'stops the conductor with exit code 74 before it acts on what it could not write; the next command ends it whole (dead man’s switch: %s)',
    async (switched) => {
      let [stops, resumed, back] = [0, 0, 0];
      for (let at = 1; ; at += 1) {
        const { world, id, stopped, before } = await rollOut(at, switched);
        if (stopped === undefined) {
          world.remove();
          break;
        }
        stops += 1;
        expect(stopped).toMatchObject({ exit: 74, hint: expect.stringContaining('room on the disk') });
        expect(stopped).toMatchObject({ code: 'journal-write' });
        // Every user is served by a version that runs.
        expect(world.misrouted).toBe(0);
        await conduct(world.conductor(), id);
        const events = await world.journals.read(id);
        expect(events.slice(0, before.length)).toEqual(before);
        const status = world.archived?.status;
        if (status?.kind !== 'finished') throw new Error(`full at ${at}: it is not finished`);
        expect([at, status.outcome]).toEqual([at, expect.stringMatching(/^(?:succeeded|rolled_back)$/)]);
        expect([at, world.serving()]).toEqual([
          at,
          status.outcome === 'succeeded' ? candidate.sha : stable.sha,
        ]);
        expect(world.router.rollout).toBeNull();
        expect(await world.lock.read('production')).toBeUndefined();
        if (status.outcome === 'succeeded') resumed += 1;
        else back += 1;
        world.remove();
      }
      count(`disk full in a rollout${switched ? ', the switch thrown' : ''}`, {
        stops,
        'went on and succeeded': resumed,
        'rolled back': back,
      });
      expect(stops).toBeGreaterThan(15);
    },
    300_000,
  );
});
