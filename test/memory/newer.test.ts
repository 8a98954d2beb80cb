import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { beginDeployment } from '../../src/engine/beginning.ts';
import { shipped, aSuccess } from '../harness/deployment.ts';
import { temporaryFolder, temporaryFolders } from '../harness/folder.ts';
import { aPast, openPast } from '../harness/past.ts';
import { plan } from '../harness/plan.ts';
import { World } from '../harness/world.ts';

const folder = temporaryFolders();
const past = temporaryFolder();
beforeAll(async () => {
  await aPast(past);
}, 120_000);

const documents: [string, string][] = [
  ['config.json', '{"schema":"orchestra/config@3"}'],
  ['patterns/deployment_patterns.json', '{"schema":"orchestra/patterns@2"}'],
  ['environments.json', '{"schema":"orchestra/environments@2"}'],
  ['progress.json', '{"schema":"orchestra/progress@3"}'],
];

/** The past, with one document as a later version wrote it. */
function newerPast(name: string, text: string) {
  const dir = folder();
  cpSync(past, dir, { recursive: true });
  writeFileSync(path.join(dir, name), text);
  return {
    dir,
    memory: openPast(dir),
    names: () => readdirSync(dir, { recursive: true }).map(String).sort(),
  };
}

describe.each(documents)('a later version’s %s', (name, text) => {
  it('M9 refuses a deployment before it begins, and changes nothing', async () => {
    const { memory, dir, names } = newerPast(name, text);
    const world = new World();
    try {
      const before = names();
      const refused = beginDeployment(
        {
          ...world.conductor(),
          memory,
          launcher: { launch: () => undefined, hasEnded: () => false },
          processes: { self: () => ({ pid: 1, startTime: '1' }), isAlive: () => true },
          missingRouter: async () => undefined,
        },
        {
          kind: 'deploy',
          environment: 'production',
          stable: null,
          source: { kind: 'version', ref: 'v2', sha: 'b'.repeat(40), features: [] },
          features: [],
          plan: plan(),
        },
        { by: { name: 'Ana', face: 'cli' }, through: 'learning', unattended: false },
      );
      await expect(refused).rejects.toMatchObject({ code: 'newer-schema', exit: 78 });
      expect(names()).toEqual(before);
      expect(readFileSync(path.join(dir, name), 'utf8')).toBe(text);
      expect(await world.lock.read('production')).toBeUndefined();
      expect(await world.journals.current()).toEqual([]);
    } finally {
      world.remove();
    }
  });

  it('M9 does not keep one that is under way from ending: its record is put away, and what is left is said', async () => {
    const { memory, dir } = newerPast(name, text);
    const deployment = aSuccess('20270131_142500', shipped('late'));
    await memory.archive(deployment);
    expect(readFileSync(path.join(dir, name), 'utf8')).toBe(text);
    expect(await memory.record('20270131_142500')).toEqual(deployment);
    expect((await memory.history())[0]?.id).toBe('20270131_142500');
    const needed = name === 'config.json' || name === 'environments.json';
    expect(memory.takeWarnings()).toEqual(
      needed ? [expect.stringContaining('made up for by the next one')] : [],
    );
    expect(existsSync(path.join(dir, 'current/20270131_142500'))).toBe(false);
  });
});

it('M9 what runs where is made up for by the next deployment, also in another environment', async () => {
  const { memory, dir } = newerPast('environments.json', '{"schema":"orchestra/environments@2"}');
  const late = aSuccess('20270131_142500', shipped('late'));
  if (late.status.kind === 'finished') late.status.at = '2027-01-31T14:26:00.000Z';
  await memory.archive(late);
  cpSync(path.join(past, 'environments.json'), path.join(dir, 'environments.json'));
  const other = aSuccess('20270131_142600', shipped('other'));
  other.environment = 'staging';
  await openPast(dir).archive(other);
  const runs = await openPast(dir).environments();
  expect([runs['production']?.deployment, runs['staging']?.deployment]).toEqual([late.id, other.id]);
});
