import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { source, temporaryFolder } from './repository.ts';

const store = pathToFileURL(path.join(source, 'v1/src/store/store.js')).href;

/** A process that adds one to `visits` so many times; reads in between must always find a whole document. */
function writer(folder: string, times: number) {
  const program = `
    const { openStore } = await import(${JSON.stringify(store)});
    const store = openStore(${JSON.stringify(folder)});
    for (let i = 0; i < ${times}; i += 1) {
      await store.update((data) => { data.visits = (data.visits ?? 0) + 1; data.padding = 'x'.repeat(50_000); });
      if (store.read().visits < i) throw new Error('a write was lost');
      if (i === 0) process.stdout.write('started');
    }`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe("the shop's store", () => {
  const { folder, remove } = temporaryFolder();
  afterAll(remove);

  it('loses no write of two processes that write at the same time', async () => {
    const data = path.join(folder, 'two');
    mkdirSync(data);
    const children = [writer(data, 120), writer(data, 120)];
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0]));
    expect(codes).toEqual([0, 0]);
    expect(JSON.parse(readFileSync(path.join(data, 'shop.json'), 'utf8'))).toMatchObject({ visits: 240 });
  });

  it('is whole after a writer was killed in the middle, and the next one goes on', async () => {
    const data = path.join(folder, 'killed');
    mkdirSync(data);
    const file = path.join(data, 'shop.json');
    const visits = () => JSON.parse(readFileSync(file, 'utf8')).visits;
    for (let round = 0; round < 5; round += 1) {
      const victim = writer(data, 100_000);
      await once(victim.stdout, 'data');
      const closed = once(victim, 'close');
      victim.kill('SIGKILL');
      await closed;
      const before = visits();
      const heir = writer(data, 1);
      expect((await once(heir, 'close'))[0]).toBe(0);
      expect(visits()).toBe(before + 1);
    }
  });
});
