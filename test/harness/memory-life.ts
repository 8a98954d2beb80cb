import { evolve } from '../../src/domain/evolve.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Event, EventBody } from '../../src/domain/event.ts';
import { createEnvironmentLock } from '../../src/memory/environment-lock.ts';
import { createJournals } from '../../src/memory/journals.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { JournalBuilder } from './journal.ts';

/** Something the memory acknowledged: from then on it may not be lost, whatever happens. */
export type Said =
  | { kind: 'event'; event: Event }
  | { kind: 'request'; id: string; request: string }
  | { kind: 'settled'; id: string; request: string }
  | { kind: 'paper'; id: string; name: string; text: string }
  | { kind: 'patterns'; n: number }
  | { kind: 'selection'; n: number }
  | { kind: 'archived'; id: string }
  | { kind: 'export'; file: string; text: string }
  | { kind: 'lock'; fence: number; released: boolean };

export type Say = (said: Said) => void;

/** A clock whose every look is a second later: ids and times are the same in each run. */
export function steppingClock(start: string): Clock {
  let now = Date.parse(start);
  return { now: () => new Date((now += 1000)), sleep: () => Promise.resolve() };
}

/** The fold of a journal. */
export function foldAll(events: readonly Event[]): Deployment | undefined {
  return events.reduce<Deployment | undefined>(evolve, undefined);
}

const owner = { name: 'Ada', face: 'cli' } as const;

/** The memory of a folder with everything that works on it. */
export function memoryIn(dir: string, clock: Clock, onProblem: (problem: string) => void = () => {}) {
  return {
    memory: openMemory({ dir, clock, fold: foldAll }),
    journals: createJournals({ dir, clock, onProblem, watch: () => undefined }),
    lock: createEnvironmentLock({
      folder: (environment) => `${dir}/../state/${environment}`,
      clock,
      processes: { self: () => ({ pid: 1, startTime: '1' }), isAlive: () => false },
    }),
  };
}

/** How much a deployment does on its way: all that one does, or the least that reaches every file. */
export type Length = 'whole' | 'brief';

/** What a deployment's journal holds, in the pieces it is appended in. */
function piecesOf(outcome: 'succeeded' | 'rolled_back', length: Length): EventBody[][] {
  const { events } = new JournalBuilder().requested().staged().tested().rollingOut().finished(outcome);
  const bodies = events.map(({ seq: _seq, deployment: _id, at: _at, ...body }): EventBody => body);
  const pieces: EventBody[][] = [];
  // One alone, two at once, three at once, and so on: decisions of one event and of several.
  for (let from = 0, n = 1; from < bodies.length; from += n, n = length === 'brief' ? 100 : (n % 3) + 1)
    pieces.push(bodies.slice(from, from + n));
  return pieces;
}

/**
 * One deployment from its id to the history, with everything the memory is asked on the way, and what follows from it. `n` numbers
 * the lives in one memory. Each thing is said once the memory acknowledged it.
 */
export async function liveOnce(
  dir: string,
  n: number,
  clock: Clock,
  say: Say,
  length: Length = 'whole',
): Promise<void> {
  const { memory, journals, lock } = memoryIn(dir, clock);
  const [first = [], ...pieces] = piecesOf(n % 2 === 0 ? 'succeeded' : 'rolled_back', length);
  const [requested] = first;
  if (!requested) throw new TypeError('a journal begins with a request');

  const entry = await lock.acquire({ environment: 'production', owner, reason: 'deploy' }, async () => true);
  say({ kind: 'lock', fence: entry.fence, released: false });
  const id = await journals.claim(clock.now());
  await lock.assign(entry, id);
  say({ kind: 'event', event: await journals.create(id, requested, clock.now()) });
  const taken = await lock.takeOver('production', id, owner);
  say({ kind: 'lock', fence: taken.fence, released: false });

  const journal = await journals.open(id);
  let d = foldAll(journal.events);
  try {
    for (const [i, piece] of pieces.entries()) {
      for (const event of await journal.append(piece, clock.now())) {
        say({ kind: 'event', event });
        d = evolve(d, event);
      }
      const deployment = d;
      if (deployment)
        await memory.writeProgress(async () => [{ deployment, attention: undefined, here: [] }]);
      if (i === 1) await paper(`guide-${n}.md`, 'how it goes\n'.repeat(500));
      if (i === 3) await asked();
    }
  } finally {
    await journal.close();
  }
  await memory.updatePatterns((patterns) => ({
    ...patterns,
    learned: [...patterns.learned, id],
    deployments: { ...patterns.deployments, succeeded: n + 1 },
  }));
  say({ kind: 'patterns', n: n + 1 });
  await memory.saveSelection({
    schema: 'orchestra/selection@1',
    selected: [`choice-${n}`],
    added: [],
  });
  say({ kind: 'selection', n });
  await paper('execution-report.md', `the end of ${id}\n`);
  if (!d) throw new TypeError(`${id} folds to nothing`);
  await memory.archive(d);
  say({ kind: 'archived', id });
  await lock.release('production', taken.fence);
  say({ kind: 'lock', fence: taken.fence, released: true });
  await paper('late.md', 'after the archive\n');
  const text = `history ${n}\n`;
  say({ kind: 'export', file: await memory.writeExport('history.csv', text), text });

  async function paper(name: string, text: string): Promise<void> {
    await memory.writeDocuments(id, [{ name, text }]);
    say({ kind: 'paper', id, name, text });
  }

  /** Two requests come in; one is answered. */
  async function asked(): Promise<void> {
    for (const request of ['r-answered', 'r-waiting']) {
      await journals.send(id, { id: request, command: { kind: 'pause' }, by: owner });
      say({ kind: 'request', id, request });
    }
    await journals.settle(id, 'r-answered');
    say({ kind: 'settled', id, request: 'r-answered' });
  }
}

/** Several lives after each other, each with a memory opened anew. */
export async function liveLong(
  dir: string,
  lives: number,
  clock: Clock,
  say: Say,
  length: Length = 'whole',
): Promise<void> {
  for (let n = 0; n < lives; n += 1) await liveOnce(dir, n, clock, say, length);
}
