import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitIn } from '../harness/git-in.ts';
import { root } from '../harness/journey.ts';
import { gitEnvironment } from '../harness/git-environment.ts';
import { openTerminal, type RealTerminal } from '../harness/terminal.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'orchestra-package-'));
const home = path.join(folder, 'somewhere');
const repository = path.join(folder, 'repository');
const installed = path.join(home, 'node_modules', '.bin', 'orchestrate');
const env = {
  ...gitEnvironment,
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  LANG: 'C.UTF-8',
  ORCHESTRA_STATE_DIR: path.join(folder, 'state'),
};
let terminal: RealTerminal | undefined;

beforeAll(() => {
  // `npm test` has built `dist/`; packing builds nothing.
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const packed = npm(root, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder).trim();
  mkdirSync(home);
  npm(home, 'init', '--yes');
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  npm(home, 'install', `../${packed.split('\n').at(-1)}`, ...quietly);
  mkdirSync(repository);
  const git = gitIn(repository);
  git.run('init', '--quiet', '--initial-branch=main');
  git.write({ 'a.txt': 'a\n' });
  git.commit('chore: start');
  git.run('checkout', '--quiet', '-b', 'dev');
  git.write({ 'b.txt': 'b\n' });
  git.commit('feat: something to ship');
}, 240_000);
afterAll(async () => {
  await terminal?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

describe('the package, installed in an empty folder', () => {
  const orchestrate = (...args: string[]) =>
    execFileSync(installed, args, { cwd: repository, env, encoding: 'utf8' });

  it('C1 says its version', () => {
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ version: orchestrate('--version').trim() });
  });

  it('S1 discovers what waits in a repository', () => {
    const found: unknown = JSON.parse(orchestrate('discover', '--json'));
    expect(found).toMatchObject({
      features: [{ title: 'feat: something to ship', bucket: expect.any(String) }],
    });
  });

  it('U1 draws its first frame', async () => {
    terminal = openTerminal([installed], { cwd: repository, env });
    await terminal.waitFor('something to ship');
    expect(terminal.buffer()).toBe('alternate');
    terminal.press('q');
    expect(await terminal.exited).toBe(0);
  });
});
