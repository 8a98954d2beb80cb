import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArtifactStore } from '../../../providers/artifacts/store.ts';
import { unpack } from '../../../providers/artifacts/unpack.ts';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { artifactWorld, countingBuild, type ArtifactWorld } from '../../harness/artifacts.ts';
import { temporaryFolder } from '../../harness/folder.ts';

let world: ArtifactWorld;
beforeEach(async () => {
  world = await artifactWorld();
});
afterEach(() => world.remove());

const storeOf = ({ stateDir }: ArtifactWorld) => openArtifactStore({ stateDir, clock: systemClock });
const manifestOf = (digest: string) => storeOf(world).manifest(digest);

describe('G1 an artifact', () => {
  it('holds what the build wrote, not what is tracked or installed, and can be run from elsewhere', async () => {
    const sha = world.commit({
      'package-lock.json': '{"lockfileVersion":3}',
      'package.json': '{"name":"x"}',
    });
    const services = [
      world.service({ install: 'mkdir -p node_modules/a && echo 1 > node_modules/a/index.js' }),
    ];
    const made = await world.artifacts.make(world.request(sha, { services }));
    expect(made).toMatchObject({ kind: 'stored', commit: sha, files: 2, builds: 1 });
    const manifest = await manifestOf(made.digest);
    expect(manifest).toMatchObject({ schema: 'orchestra/artifact@1', commit: sha });
    expect(manifest.lockfiles.map(({ path }) => path)).toEqual(['package-lock.json']);
    expect(manifest.services[0]?.files.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'folder dist',
      'file dist/app.txt',
      'folder dist/deep',
      'file dist/deep/tool',
      'link dist/link',
    ]);

    const [service] = manifest.services;
    if (!service?.archive) throw new TypeError('no archive');
    const root = temporaryFolder();
    await unpack(storeOf(world).archiveOf(service.archive.sha256), service, root);
    expect(readFileSync(join(root, 'dist/app.txt'), 'utf8')).toBe('hello\n');
    expect(lstatSync(join(root, 'dist/deep/tool')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(root, 'dist/link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(world.stateDir, 'worktrees')), 'nothing is left of where it was built').toEqual(
      [],
    );
  });

  it('is built once: asked for again, by another process and for another environment, it is found', async () => {
    const sha = world.commit();
    const first = await world.artifacts.make(world.request(sha));
    const again = await world.reopen().make(world.request(sha, { environment: 'production' }));
    expect(again).toEqual({ ...first, reused: true });
    expect(world.runs()).toBe(1);
    expect(await world.reopen().find(world.request(sha, { environment: 'production' }))).toEqual(again);
    expect(world.runs(), 'looking builds nothing').toBe(1);
  });

  it('is built once where two ask at the same moment', async () => {
    const sha = world.commit();
    const both = await Promise.all([
      world.artifacts.make(world.request(sha)),
      world.reopen().make(world.request(sha, { environment: 'production' })),
    ]);
    expect(new Set(both.map(({ digest }) => digest)).size).toBe(1);
    expect(world.runs()).toBe(1);
  });

  it('is used by another commit of the same tree, unless its files name the commit', async () => {
    const first = world.commit();
    const made = await world.artifacts.make(world.request(first));
    const second = world.repository.commit({}, 'chore: the same tree');
    expect(await world.artifacts.make(world.request(second))).toMatchObject({
      digest: made.digest,
      reused: true,
    });
    expect(world.runs()).toBe(1);

    const services = [world.service({ build: `${countingBuild}; echo "$ORCHESTRA_VERSION" > dist/version` })];
    const named = await world.artifacts.make(world.request(first, { services }));
    const other = await world.artifacts.make(world.request(second, { services }));
    expect(other.digest).not.toBe(named.digest);
    expect(other.reused).toBeUndefined();
  });

  it('is the same bytes from another folder, umask, locale and time', async () => {
    const sha = world.commit({ 'ä.txt': 'x', 'Z.txt': 'y' });
    const build = `${countingBuild}; for f in b ä Z a; do echo $f > "dist/$f"; done; mkdir -p dist/empty`;
    const made = await world.artifacts.make(world.request(sha, { services: [world.service({ build })] }));

    const before = { umask: process.umask(0o077), lang: process.env['LC_ALL'], tz: process.env['TZ'] };
    process.env['LC_ALL'] = 'C.UTF-8';
    process.env['TZ'] = 'Pacific/Kiritimati';
    const elsewhere = await artifactWorld();
    try {
      // The same commit, in another repository's copy and another state folder.
      const again = elsewhere.repository;
      await again.git.run(['config', 'protocol.file.allow', 'always']);
      const { stdout } = await world.repository.git.run(['bundle', 'create', '-', 'main'], {});
      const bundle = join(temporaryFolder(), 'main.bundle');
      writeFileSync(bundle, stdout);
      await again.git.run(['bundle', 'unbundle', bundle]);
      const later = { ...systemClock, now: () => new Date('2031-05-05T05:05:05Z') };
      const count = world.service().artifact?.variables ?? {};
      const services = [elsewhere.service({ build, artifact: { variables: count } })];
      const other = await elsewhere.reopen(later).make(elsewhere.request(sha, { services }));
      expect(other.digest).toBe(made.digest);
      expect(other.size).toBe(made.size);
      expect(world.runs(), 'it was really built twice').toBe(2);
    } finally {
      process.umask(before.umask);
      if (before.lang === undefined) delete process.env['LC_ALL'];
      else process.env['LC_ALL'] = before.lang;
      if (before.tz === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before.tz;
      elsewhere.remove();
    }
  });

  it('of a version without a build is the tree itself: a manifest, and nothing is run', async () => {
    const sha = world.commit();
    const { build: _, artifact: __, ...service } = world.service();
    const made = await world.artifacts.make(world.request(sha, { services: [service] }));
    expect(made).toMatchObject({ builds: 0, files: 0, size: 0 });
    expect(await manifestOf(made.digest)).toMatchObject({
      commit: sha,
      services: [{ name: service.name, files: [], removed: [] }],
    });
    expect(existsSync(join(world.stateDir, 'worktrees'))).toBe(false);
  });

  it('of a service that is built per environment names it, and is another one in each', async () => {
    const sha = world.commit();
    const { artifact: _, ...service } = world.service();
    const staging = await world.artifacts.make(world.request(sha, { services: [service] }));
    const production = await world.artifacts.make(
      world.request(sha, { services: [service], environment: 'production' }),
    );
    expect(production.digest).not.toBe(staging.digest);
    expect((await manifestOf(production.digest)).services[0]).toMatchObject({ builtIn: 'production' });
    expect(world.runs()).toBe(0);
  });

  it('keeps only the outputs that are named', async () => {
    const sha = world.commit();
    const services = [
      world.service({
        artifact: { variables: world.service().artifact?.variables ?? {}, outputs: ['dist/deep'] },
      }),
    ];
    const made = await world.artifacts.make(world.request(sha, { services }));
    expect((await manifestOf(made.digest)).services[0]?.files.map(({ path }) => path)).toEqual([
      'dist/deep',
      'dist/deep/tool',
    ]);
  });

  it('takes along what the build removed', async () => {
    const sha = world.commit({ 'draft.txt': 'x' });
    const services = [world.service({ build: 'rm draft.txt; echo 1 > made.txt' })];
    const { digest } = await world.artifacts.make(world.request(sha, { services }));
    const [service] = (await manifestOf(digest)).services;
    expect(service?.removed).toEqual(['draft.txt']);
    const root = temporaryFolder();
    writeFileSync(join(root, 'draft.txt'), 'x');
    if (service?.archive) await unpack(storeOf(world).archiveOf(service.archive.sha256), service, root);
    expect(readdirSync(root)).toEqual(['made.txt']);
  });

  it.each([
    ['ln -s /etc/passwd out', 'a link to an absolute path'],
    ['mkdir -p a; ln -s ../../x a/out', 'a link out of the work tree'],
    ['mkdir -p .git2 && mkdir -p a/.git && echo x > a/.git/config', 'git’s own files'],
  ])('is refused where it could not run elsewhere: %s', async (build, what) => {
    const sha = world.commit();
    await expect(
      world.artifacts.make(world.request(sha, { services: [world.service({ build })] })),
    ).rejects.toMatchObject({ code: 'artifact-unportable', message: expect.stringContaining(what) });
    expect(readdirSync(join(world.stateDir, 'artifacts/archives'))).toEqual([]);
    expect(readdirSync(join(world.stateDir, 'worktrees'))).toEqual([]);
  });

  it('says what its build wrote where a build fails, and leaves no work tree', async () => {
    const sha = world.commit();
    await expect(
      world.artifacts.make(
        world.request(sha, { services: [world.service({ build: 'echo no compiler; exit 3' })] }),
      ),
    ).rejects.toMatchObject({
      code: 'build-failed',
      details: { log: expect.arrayContaining(['no compiler']) },
    });
    expect(readdirSync(join(world.stateDir, 'worktrees'))).toEqual([]);
  });

  it('is built anew where somebody took a part of it away, and refused where a part is something else', async () => {
    const sha = world.commit();
    const { digest } = await world.artifacts.make(world.request(sha));
    const archives = join(world.stateDir, 'artifacts/archives');
    const [archive = ''] = readdirSync(archives);
    rmSync(join(archives, archive));
    expect(await world.artifacts.make(world.request(sha))).toMatchObject({ digest });
    expect(world.runs()).toBe(2);
    writeFileSync(join(archives, archive), 'something else');
    await expect(world.artifacts.make(world.request(sha))).rejects.toMatchObject({
      code: 'artifact-altered',
    });
    expect(world.runs()).toBe(2);
  });

  it('frees what nobody needs: of twelve the ten newest stay, and those that somebody runs', async () => {
    const made: string[] = [];
    for (let i = 0; i < 13; i++) {
      const { digest } = await world.artifacts.make(world.request(world.commit({ 'input.txt': `${i}\n` })));
      made.push(digest);
      const old = new Date(Date.UTC(2026, 0, 1 + i));
      utimesSync(join(world.stateDir, 'artifacts/manifests', `${digest}.json`), old, old);
    }
    const [first = '', second = '', third = ''] = made;
    const commit = (await manifestOf(second)).commit;
    expect(await world.artifacts.free({ digests: new Set([first]), commits: new Set([commit]) })).toBe(1);
    const left = (await world.artifacts.list()).map(({ digest }) => digest);
    expect(left).toHaveLength(12);
    expect(left).not.toContain(third);
    expect(readdirSync(join(world.stateDir, 'artifacts/archives'))).toHaveLength(12);
    expect(readdirSync(join(world.stateDir, 'artifacts/keys'))).toHaveLength(12);
  });

  it('never writes through a link that stands in its way', async () => {
    const sha = world.commit();
    const { digest } = await world.artifacts.make(world.request(sha));
    const [service] = (await manifestOf(digest)).services;
    const root = temporaryFolder();
    const outside = temporaryFolder();
    symlinkSync(outside, join(root, 'dist'));
    if (service?.archive) await unpack(storeOf(world).archiveOf(service.archive.sha256), service, root);
    expect(readdirSync(outside)).toEqual([]);
    expect(readFileSync(join(root, 'dist/app.txt'), 'utf8')).toBe('hello\n');
  });
});
