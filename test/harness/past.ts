import { cpSync } from 'node:fs';
import path from 'node:path';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Event, EventBody } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Patterns } from '../../src/domain/memory.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { stoppedClock } from './clock.ts';
import { requested } from './deployment-events.ts';
import { aRollback, shipped } from './deployment.ts';
import { phase, plan } from './plan.ts';
import { World, candidate, stable } from './world.ts';

export const fold = (events: readonly Event[]): Deployment | undefined => {
  let d: Deployment | undefined;
  for (const event of events) d = evolve(d, event);
  return d;
};

export const learn = (patterns: Patterns, deployment: Deployment): Patterns =>
  learnFrom(patterns, deployment).patterns;

/** A memory as the program opens it, on a clock that stands still. */
export const openPast = (dir: string) => openMemory({ dir, clock: stoppedClock(), fold, learn });

// A busy machine must not make a phase pause for a person: the extension is long.
const quick = { bakeMs: 12, extendToMs: 600_000 };

const request: EventBody = requested({
  stable,
  source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [shipped('cart')] },
  plan: plan({
    measureEveryMs: 4,
    suites: [{ name: 'unit', kind: 'unit', run: 'true', timeoutMs: 1000 }],
    phases: [phase(25, quick), phase(100, quick)],
  }),
});

/** A memory in `dir` after a deployment that a conductor ran to its end, and one that went back; the first's id. */
export async function aPast(dir: string): Promise<string> {
  const world = new World();
  try {
    const id = await world.request(request);
    await conduct(world.conductor(), id);
    if (!world.archived) throw new Error('the deployment did not end');
    const memory = openPast(dir);
    const before = aRollback('20200131_142500', shipped('search'));
    before.lessons = ['one'];
    await memory.updatePatterns((patterns) => learn(patterns, before));
    await memory.archive(before);
    const ended = world.archived;
    await memory.updatePatterns((patterns) => learn(patterns, ended));
    cpSync(path.join(world.dir, 'current', id), path.join(dir, 'current', id), { recursive: true });
    await memory.archive(ended);
    await memory.writeDocuments(id, [learnFrom(await memory.patterns(), ended).report]);
    await memory.saveSelection({ selected: ['cart'], added: [], schema: 'orchestra/selection@1' });
    return id;
  } finally {
    world.remove();
  }
}
