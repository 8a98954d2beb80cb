import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPresence } from '../../src/memory/presence.ts';
import { temporaryFolder } from '../harness/folder.ts';

const clock = { now: () => new Date('2026-02-01T08:00:00.000Z'), sleep: async () => undefined };
const by = { name: 'Ada', face: 'cli', kind: 'agent', tool: 'claude' } as const;

/** A folder in which processes come and go; `alive` are the pids that live. */
function machine() {
  const folder = path.join(temporaryFolder(), 'present');
  const alive = new Set<number>();
  let running = 5000;
  const as = (pid: number) => {
    alive.add(pid);
    return createPresence({
      folder,
      clock,
      processes: {
        self: () => ({ pid, startTime: `start-of-${pid}` }),
        isAlive: (one) => alive.has(one.pid) && one.startTime === `start-of-${one.pid}`,
      },
      running: () => running,
    });
  };
  const pass = (ms: number) => {
    running += ms;
  };
  return { folder, alive, as, pass };
}

describe('M10 presence', () => {
  it('shows everybody who is here, until they leave', async () => {
    const { as, folder } = machine();
    const ada = await as(11).arrive({ by, deployment: 'd', role: 'watches' });
    await as(12).arrive({ by: { name: 'conductor', face: 'conductor' }, deployment: 'd', role: 'conducts' });
    expect(
      (await as(13).present()).map(({ process, role, by: who }) => [process.pid, role, who.tool]),
    ).toEqual(
      expect.arrayContaining([
        [11, 'watches', 'claude'],
        [12, 'conducts', undefined],
      ]),
    );
    await ada.leave();
    await ada.leave();
    expect((await as(13).present()).map(({ process }) => process.pid)).toEqual([12]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('vanishes with its process, and what that left behind is removed', async () => {
    const { as, alive, folder } = machine();
    await as(11).arrive({ by, deployment: 'd', role: 'watches' });
    alive.delete(11);
    expect(await as(12).present()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not believed for a process that got the same pid later', async () => {
    const { as, folder } = machine();
    await as(11).arrive({ by, deployment: 'd', role: 'watches' });
    const [name = ''] = readdirSync(folder);
    const other = { schema: 'orchestra/presence@1', process: { pid: 11, startTime: 'earlier' }, by };
    writeFileSync(
      path.join(folder, name),
      JSON.stringify({ ...other, deployment: 'd', role: 'conducts', since: '2026-02-01T08:00:00.000Z' }),
    );
    writeFileSync(path.join(folder, '12-abc.json'), '{ not json');
    writeFileSync(path.join(folder, 'of somebody else.txt'), 'x');
    expect(await as(13).present()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['of somebody else.txt']);
  });

  it('W5 tells for how long somebody was not heard of, by a time that no clock can move', async () => {
    const { as, pass } = machine();
    const stay = await as(11).arrive({ by, deployment: 'd', role: 'conducts' });
    pass(12_000);
    expect(await as(12).present()).toMatchObject([{ silentMs: 12_000 }]);
    await stay.renew();
    expect(await as(12).present()).toMatchObject([{ silentMs: 0 }]);
    await as(13).arrive({ by, deployment: 'd', role: 'watches' });
    expect((await as(12).present()).find(({ role }) => role === 'watches')?.silentMs).toBeUndefined();
  });

  it('never stands in the way of whoever arrives: a folder that cannot be written is nobody there', async () => {
    const folder = path.join(temporaryFolder(), 'file');
    writeFileSync(folder, '');
    const presence = createPresence({
      folder,
      clock,
      processes: { self: () => ({ pid: 1, startTime: 's' }), isAlive: () => true },
    });
    const stay = await presence.arrive({ by, deployment: 'd', role: 'watches' });
    await stay.renew();
    await stay.leave();
    await expect(presence.present()).resolves.toEqual([]);
  });
});
