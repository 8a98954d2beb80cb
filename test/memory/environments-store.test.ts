import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../providers/runtime/clock.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { aRollback, aSuccess } from '../harness/deployment.ts';
import { temporaryFolder } from '../harness/folder.ts';

let dir: string;
const file = () => path.join(dir, 'environments.json');
const open = () => openMemory({ dir, clock: systemClock });

beforeEach(() => {
  dir = temporaryFolder('orchestra-environments-');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const runs = {
  production: {
    version: { name: 'bbbbbbb' },
    deployment: '20260131_142500',
    verified: true,
    places: [{ service: 'web', host: '127.0.0.1', port: 8080 }],
  },
};

describe('M1 what runs where', () => {
  it('is what the last deployment that succeeded brought; one that went back changes nothing', async () => {
    await open().archive(aSuccess('20260131_142500'));
    await open().archive(aRollback('20260131_152500'));
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({
      schema: 'orchestra/environments@1',
      environments: runs,
    });
    expect(await open().environments()).toMatchObject(runs);
  });

  it('is nothing, and no file, before anything was deployed', async () => {
    expect(await open().environments()).toEqual({});
    expect(() => readFileSync(file())).toThrow('ENOENT');
  });

  it.each([
    ['lost', () => rmSync(file())],
    ['damaged', () => writeFileSync(file(), '{"schema":"orchestra/environments@1","envir')],
  ])('is made again from the history when it was %s', async (_, harm) => {
    await open().archive(aSuccess('20260131_142500'));
    harm();
    expect(await open().environments()).toMatchObject(runs);
  });

  it('is not taken back by a record that is put away late', async () => {
    await open().archive(aSuccess('20260131_142500'));
    const late = aSuccess('20260131_132500');
    if (late.status.kind !== 'finished') throw new Error('it has not ended');
    late.status.at = '2026-01-31T13:26:00.000Z';
    await open().archive(late);
    expect(await open().environments()).toMatchObject(runs);
  });
});
