import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../../src/domain/errors.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { rubbish } from './simulated-memory.ts';
import { foldAll, liveOnce, memoryIn, type Said } from './memory-life.ts';

/** What a check of a memory found. */
export interface Checked {
  /** What must not be: something acknowledged that is lost, a file that does not parse, rubbish, work that fails. */
  problems: string[];
  /** How many acknowledged things were looked for. */
  looked: number;
  /** Journals whose torn end was cut, and those that had to be flagged as damaged. */
  cut: number;
  damaged: number;
}

/**
 * Opens a memory after a kill or a power cut with the product's own code, recovers as the next command does, looks for everything
 * that was acknowledged, goes on working, and looks what is left over.
 */
export async function checkMemory(dir: string, said: readonly Said[], clock: Clock): Promise<Checked> {
  const problems: string[] = [];
  const told: string[] = [];
  let damaged = 0;
  const { memory, journals, lock } = memoryIn(dir, clock, (problem) => told.push(problem));
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      problems.push(`${what}: ${messageOf(error)}`);
    }
  };
  const mine = (kind: Said['kind']) => said.filter((one) => one.kind === kind);

  await attempt('recovery', async () => {
    for (const id of await journals.current()) {
      if ((await journals.readable(id)).damaged) {
        damaged += 1;
        await journals.mend(id);
      }
    }
  });
  const current = await journals.current();
  const read = once((id) => journals.read(id));
  const rows = once(() => memory.history());
  const inbox = once((id) => journals.inbox(id));
  const recordOf = once((id) => memory.record(id));

  for (const one of said)
    await attempt(one.kind, async () => {
      switch (one.kind) {
        case 'event': {
          const { event } = one;
          const events = await read(event.deployment);
          if (!isDeepStrictEqual(events[event.seq - 1], event))
            problems.push(`event ${event.seq} of ${event.deployment} is lost`);
          break;
        }
        case 'paper': {
          const found = await textOf(one.id, one.name);
          if (found !== one.text)
            problems.push(`${one.name} of ${one.id} is ${found === undefined ? 'lost' : 'another'}`);
          break;
        }
        case 'archived': {
          const record = await recordOf(one.id);
          if (record?.status.kind !== 'finished') problems.push(`the record of ${one.id} is lost`);
          if (!(await rows('')).some(({ id }) => id === one.id))
            problems.push(`${one.id} is not in the history`);
          if (current.includes(one.id)) problems.push(`${one.id} is archived and still current`);
          break;
        }
        case 'export': {
          const text = await disk.read(one.file).catch(ifMissing(undefined));
          if (text?.toString('utf8') !== one.text) problems.push(`${path.basename(one.file)} is lost`);
          break;
        }
        case 'request': {
          const answered = mine('settled').some((other) =>
            isDeepStrictEqual(other, { ...one, kind: 'settled' }),
          );
          const waits = (await inbox(one.id)).some(({ id }) => id === one.request);
          if (!waits && !answered && current.includes(one.id) && !(await settling(one.id)))
            problems.push(`request ${one.request} of ${one.id} is lost`);
          break;
        }
        case 'settled':
        case 'patterns':
        case 'selection':
        case 'lock':
          break;
        default:
          one satisfies never;
      }
    });

  /** A paper where it is now. */
  async function textOf(id: string, name: string): Promise<string | undefined> {
    for (const place of ['current', 'history']) {
      const bytes = await disk.read(path.join(dir, place, id, name)).catch(ifMissing(undefined));
      if (bytes) return bytes.toString('utf8');
    }
    return undefined;
  }

  /** Whether the request that is answered in each life was at the point of being so. */
  async function settling(id: string): Promise<boolean> {
    return mine('request').filter((one) => 'id' in one && one.id === id).length === 2;
  }

  const patterns = said.findLast((one) => one.kind === 'patterns');
  const selection = said.findLast((one) => one.kind === 'selection');
  const locked = said.findLast((one) => one.kind === 'lock');
  await attempt('documents', async () => {
    if (patterns && (await memory.patterns()).deployments.succeeded < patterns.n)
      problems.push('patterns are lost');
    const chosen = Number((await memory.selection())?.selected[0]?.split('-')[1] ?? -1);
    if (selection && chosen < selection.n) problems.push('the selection is lost');
    await memory.preferences();
    await memory.environments();
    const entry = await lock.read('production');
    const fence = entry?.fence ?? 0;
    const ending = said.at(-1)?.kind === 'archived';
    if (locked && !locked.released && !ending && fence < locked.fence)
      problems.push(`fence ${locked.fence} is lost`);
  });

  const unbegun = new Set<string>();
  // The next command: what runs is ended and put away, then another deployment lives.
  await attempt('going on', async () => {
    for (const id of current) {
      const journal = await journals.open(id);
      const d = foldAll(journal.events);
      if (d && d.status.kind !== 'finished')
        await journal.append(
          [
            { type: 'deployment.concluding', outcome: 'halted', reason: 'it was killed' },
            {
              type: 'deployment.finished',
              outcome: 'halted',
              reason: 'it was killed',
              environment: d.environment,
              version: d.stable,
              durationMs: 0,
            },
          ],
          clock.now(),
        );
      const ended = foldAll(journal.events);
      await journal.close();
      // One whose first event was never acknowledged did not begin: the next to come by removes it.
      if (!ended) unbegun.add(id);
      else await memory.archive(ended);
    }
  });
  await attempt('the next deployment', () => liveOnce(dir, 0, clock, () => {}, 'brief'));
  await attempt('history', async () => {
    const rows = await memory.history();
    for (const id of current)
      if (!unbegun.has(id) && !rows.some((row) => row.id === id))
        problems.push(`${id} was put away and is not in the history`);
    if (
      (await memory.preferences()).statistics.deployments !==
      rows.filter(({ kind }) => kind === 'deploy').length
    )
      problems.push('statistics and history differ');
  });
  const cut = told.filter((problem) => problem.includes('ended in the middle of a line')).length;
  // A line that was being written is no damage: that it was made up for may be said.
  for (const warning of memory.takeWarnings())
    if (!warning.startsWith('the history index did not have all')) problems.push(`warned: ${warning}`);
  for (const name of await everything(dir)) {
    const own = damaged > 0 && name.includes('journal.ndjson.corrupt-');
    if (rubbish.test(name) && !own) problems.push(`left over: ${name}`);
    if (/^current\/./.test(name)) problems.push(`left over: ${name}`);
  }
  return { problems, looked: said.length, cut, damaged };
}

/** Asks once for each key. */
function once<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
}

/** Every path below a folder. */
async function everything(folder: string, at = ''): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of await disk.list(path.join(folder, at))) {
    found.push(at + name);
    if (kind === 'folder') found.push(...(await everything(folder, `${at}${name}/`)));
  }
  return found;
}
