// What every script of this repository needs first: Node and git new enough, dependencies installed.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Runs a program in the repository's root, its output going to stderr so that a script's stdout stays data.
 * Ends this process with the program's own exit code when it fails.
 */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['inherit', 2, 2], ...options });
  if (done.error) {
    process.stderr.write(`${command} could not be started: ${done.error.message}\n`);
    process.exit(1);
  }
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/** Ends this process with a clear line when Node or git is missing or too old. */
export function requireTools() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(`Node ${process.versions.node} is too old: 20.19 or newer is needed.\n`);
    process.exit(1);
  }
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' });
  const [, gitMajor, gitMinor] = /(\d+)\.(\d+)/.exec(git.stdout ?? '') ?? [];
  if (!gitMajor || Number(gitMajor) < 2 || (Number(gitMajor) === 2 && Number(gitMinor) < 39)) {
    process.stderr.write(`git 2.39 or newer is needed; found: ${(git.stdout ?? 'none').trim() || 'none'}.\n`);
    process.exit(1);
  }
}

/**
 * Installs the dependencies of package-lock.json where they are missing or older than it. A `node_modules` that is a
 * link belongs to another work tree: `npm ci` would empty it there, so it is used as it is.
 */
export function installDependencies() {
  if (lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const marker = path.join(root, 'node_modules/.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write('Installing dependencies (npm ci) …\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
