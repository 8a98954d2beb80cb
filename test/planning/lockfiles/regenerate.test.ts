import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { openGit } from '../../../providers/runtime/git.ts';
import { createLockfileTools } from '../../../providers/runtime/lockfile-tools.ts';
import { createRunner } from '../../../providers/runtime/runner.ts';
import { createCandidateBuilder } from '../../../src/planning/candidate.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { discoverIn, sourceOf } from '../../harness/planning.ts';
import { removeRepositories, repo, type Repository } from '../../harness/repository.ts';

let tools: string;
let stateDir: string;

beforeEach(() => {
  tools = temporaryFolder();
  stateDir = temporaryFolder();
  vi.stubEnv('PATH', `${tools}:${process.env['PATH'] ?? ''}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  removeRepositories();
});

const manifest = (dependencies: Record<string, string>) =>
  `${JSON.stringify({ name: 'shop', dependencies }, null, 2)}\n`;
const lock = (dependencies: Record<string, string>) =>
  `${JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: { '': { name: 'shop', dependencies } } }, null, 2)}\n`;

/** #1 raises a; #2 raises it again, with b beside it: alone, #2’s lock conflicts and becomes the head’s. */
const shop = (extra: Record<string, string> = {}): Repository => {
  const files = (dependencies: Record<string, string>) => ({
    'package.json': manifest(dependencies),
    'package-lock.json': lock(dependencies),
  });
  return repo()
    .commit('chore: start', { files: { ...files({ a: '1', m: '1', n: '1', o: '1', z: '1' }), ...extra } })
    .branch('dev')
    .commit('build: z two (#1)', { files: files({ a: '1', m: '1', n: '1', o: '1', z: '2' }) })
    .commit('build: lock again (#2)', {
      files: {
        'x.txt': 'x\n',
        'package-lock.json': lock({ a: '1', m: '1', n: '1', o: '1', z: '2' }).replace('"z": "2"', '"z": "3"'),
      },
    })
    .commit('build: z three (#3)', { files: files({ a: '1', m: '1', n: '1', o: '1', z: '3' }) });
};

/** The lock is the head's, the manifest is not where only #2 ships: Cargo has to look. */
function crate(extra: Record<string, string>, links: Record<string, string> = {}): Repository {
  const r = repo();
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(r.dir, path)), { recursive: true });
    symlinkSync(target, join(r.dir, path));
  }
  return r
    .commit('chore: start', { files: { 'a/b/Cargo.toml': 'a = 1\n', 'a/b/Cargo.lock': '1\n', ...extra } })
    .branch('dev')
    .commit('build: a two (#1)', { files: { 'a/b/Cargo.toml': 'a = 2\n' } })
    .commit('feat: x (#2)', { files: { 'x.txt': 'x\n' } });
}

function program(name: string, script: string): void {
  const path = join(tools, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

async function build(r: Repository, ids: readonly string[]) {
  const git = await openGit(r.dir);
  const builder = createCandidateBuilder(
    git,
    createLockfileTools({ git, runner: createRunner(), stateDir, clock: systemClock }),
  );
  const discovery = await discoverIn(r);
  return builder.build('20260101_120000', sourceOf(discovery, ids), null);
}

describe('lockfiles of a candidate', () => {
  it('S3 are made again once, by the project’s own tool without scripts, as the last commit', async () => {
    const right = lock({ a: '1', m: '1', n: '1', o: '1', z: '1' }).replace('"shop"', '"again"');
    writeFileSync(join(tools, 'right.json'), right);
    program('npm', `echo "$@" >> ${tools}/args; cp ${tools}/right.json package-lock.json; touch left-over`);
    const r = shop();
    const built = await build(r, ['pr-2']);
    expect(readFileSync(join(tools, 'args'), 'utf8')).toBe(
      'install --package-lock-only --ignore-scripts --no-audit --no-fund\n',
    );
    expect(built.regenerated).toMatchObject([{ path: 'package-lock.json', tool: 'npm' }]);
    expect(built.commits).toBe(2);
    expect(r.git('log', '-1', '--format=%an|%s', built.sha)).toBe(
      'orchestra|chore(release): regenerate package-lock.json',
    );
    expect(r.tree(`${built.sha}^`)).toBe(built.tree);
    expect(r.tree(built.sha)).toBe(built.builtTree);
    expect(r.git('diff', '--name-only', `${built.sha}^`, built.sha)).toBe('package-lock.json');
    expect(`${r.show(built.sha, 'package-lock.json')}\n`).toBe(right);
    expect(r.git('worktree', 'list', '--porcelain').match(/^worktree /gmu)).toHaveLength(1);
  });

  it('S3 are not made twice when a build is taken up again', async () => {
    writeFileSync(join(tools, 'right.json'), lock({ a: '1', m: '1', n: '1', o: '1', z: '1' }));
    program('npm', `echo run >> ${tools}/args; cp ${tools}/right.json package-lock.json`);
    const r = shop();
    const built = await build(r, ['pr-2']);
    expect(await build(r, ['pr-2'])).toMatchObject({ sha: built.sha, tree: built.tree, commits: 2 });
    expect(readFileSync(join(tools, 'args'), 'utf8')).toBe('run\n');
  });

  it('S3 need no tool where they hold what the manifest asks for', async () => {
    program('npm', 'exit 9');
    const r = shop();
    const all = await build(r, ['pr-1', 'pr-2', 'pr-3']);
    expect(all).toMatchObject({ regenerated: [], tree: r.tree('dev'), builtTree: r.tree('dev') });
    r.git('update-ref', '-d', 'refs/heads/release/20260101_120000');
    expect(await build(r, ['pr-1'])).toMatchObject({ regenerated: [] });
  });

  it('S3 block the candidate where the tool fails, and say which tool, where, why and what next', async () => {
    program('npm', 'echo "npm ERR! https://ada:hunter2@registry.example/ refused" >&2; exit 1');
    const error: unknown = await build(shop(), ['pr-2']).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'lockfile',
      exit: 4,
      message:
        'package-lock.json does not fit the candidate (z is 1 in package.json and 3 in the lockfile), and npm could not make it again in the root folder (exit code 1)',
      details: { tool: 'npm', log: ['npm ERR! https://***@registry.example/ refused'] },
    });
  });

  it('S3 come from a tool that a commit cannot make run programs of its own', async () => {
    const good = lock({ a: '1', m: '1', n: '1', o: '1', z: '1' });
    writeFileSync(join(tools, 'right.json'), good);
    program(
      'npm',
      `cat .npmrc > ${tools}/npmrc; env > ${tools}/env; cp ${tools}/right.json package-lock.json`,
    );
    vi.stubEnv('SECRET_OF_MINE', 'hunter2');
    await build(
      shop({
        '.npmrc':
          'registry=https://registry.example/\ngit=./evil.sh\nscript-shell=./evil.sh\n//r/:_authToken=${X}\n',
      }),
      ['pr-2'],
    );
    expect(readFileSync(join(tools, 'npmrc'), 'utf8')).toBe('registry=https://registry.example/\n');
    expect(readFileSync(join(tools, 'env'), 'utf8')).not.toContain('hunter2');
  });

  it('takes no lockfile through a link, and none that the tool put elsewhere', async () => {
    const outside = join(tools, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret'), 'mine');
    program('npm', `rm -f package-lock.json; ln -s ${outside}/secret package-lock.json`);
    await expect(build(shop(), ['pr-2'])).rejects.toMatchObject({ code: 'lockfile' });
  });

  it('S3 come from a tool that no folder above the lockfile gives programs of its own', async () => {
    program('cargo', `ls -A .. ../.cargo ../../.cargo > ${tools}/seen; echo 3 > Cargo.lock`);
    const config = '[build]\nrustc = "./evil.sh"\n';
    const files = {
      '.cargo/config.toml': config,
      'a/.cargo/config.toml': config,
      'a/rust-toolchain': 'evil',
    };
    expect(await build(crate(files), ['pr-2'])).toMatchObject({ regenerated: [{ path: 'a/b/Cargo.lock' }] });
    expect(readFileSync(join(tools, 'seen'), 'utf8')).toMatch(/^\.\.:\n\.cargo\nb\n/u);
    expect(readFileSync(join(tools, 'seen'), 'utf8')).not.toMatch(/config|toolchain/u);
  });

  it('take nothing away and write nothing behind a link that leads out of the checkout', async () => {
    const outside = join(tools, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'config.toml'), 'mine');
    program(
      'cargo',
      'echo evil > ../link/new; echo evil > ../gone; ls ../inward > /dev/null && echo 3 > Cargo.lock',
    );
    const r = crate(
      {},
      { 'a/.cargo': outside, 'a/link': outside, 'a/gone': join(tools, 'gone'), 'a/inward': 'b' },
    );
    expect(await build(r, ['pr-2'])).toMatchObject({ regenerated: [{ path: 'a/b/Cargo.lock' }] });
    expect(readdirSync(outside)).toEqual(['config.toml']);
    expect(existsSync(join(tools, 'gone'))).toBe(false);
  });
});
