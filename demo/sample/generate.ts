import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseChange, type Change } from './change-file.ts';
import type { Files } from './edit.ts';
import { toFastImport, toReset } from './fast-import.ts';
import { planHistory, type Commit, type History } from './history.ts';

/** The variables git gets: the user's own configuration has no say in the sample. */
export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

function git(folder: string, args: readonly string[], input = ''): string {
  const done = spawnSync('git', args, {
    cwd: folder,
    input,
    env: gitEnvironment(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.error) throw new Error(`git could not be started: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`git ${args[0]} failed in ${folder}: ${done.stderr.trim()}`);
  return done.stdout;
}

function filesBelow(folder: string, inside = ''): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(path.join(folder, inside)).sort()) {
    const relative = inside ? `${inside}/${name}` : name;
    const full = path.join(folder, relative);
    if (statSync(full).isDirectory())
      for (const [at, text] of filesBelow(folder, relative)) files.set(at, text);
    else files.set(relative, readFileSync(full, 'utf8'));
  }
  return files;
}

/** Version 1 of the shop with the port its users reach written into its settings. */
function readV1(source: string, port: number): Files {
  const files = filesBelow(path.join(source, 'v1'));
  const settings = files.get('orchestra.yaml') ?? '';
  const withPort = settings.replace(/^( {4}port: )\d+$/m, `$1${port}`);
  return new Map([...files, ['orchestra.yaml', withPort]]);
}

/** The changes of `source/history/`, in the order they reached `dev`. */
function readChanges(source: string): Change[] {
  const folder = path.join(source, 'history');
  const names = readdirSync(folder).filter((name) => name.endsWith('.change'));
  return names.sort().map((name) => {
    return parseChange(name.replace(/\.change$/, ''), readFileSync(path.join(folder, name), 'utf8'));
  });
}

const reference = /\{\{sha of ([\w-]+)\}\}/;

function write(folder: string, history: History): void {
  const marksFile = path.join(folder, '.git', 'sample-marks');
  const sha = (mark: number) => {
    const line = readFileSync(marksFile, 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith(`:${mark} `));
    if (!line) throw new Error(`git fast-import did not write commit ${mark}`);
    return line.split(' ')[1] ?? '';
  };
  let pending = '';
  const flush = () => {
    git(
      folder,
      ['fast-import', '--quiet', `--import-marks-if-exists=${marksFile}`, `--export-marks=${marksFile}`],
      pending,
    );
    pending = '';
  };
  const messageOf = (commit: Commit) => {
    const [whole = '', name = ''] = reference.exec(commit.message) ?? [];
    if (!whole) return commit.message;
    flush();
    return commit.message.replace(whole, sha(history.steps.get(name) ?? 0));
  };
  for (const commit of history.commits) {
    const message = messageOf(commit);
    pending += toFastImport(commit, 'import', message);
  }
  pending += toReset('refs/heads/main', history.main) + toReset('refs/heads/dev', history.dev);
  flush();
  rmSync(marksFile);
}

export interface Sample {
  folder: string;
  port: number;
  main: string;
  dev: string;
}

/**
 * Makes the shop's repository in `folder` (which must not exist or be empty): version 1 on `main`, about fifty commits
 * on `dev`, `dev` checked out. The same `port` gives the same shas everywhere. `source` is this folder, on disk.
 * Throws where git fails or a change does not fit.
 */
export function generateSample(options: { folder: string; port: number; source: string }): Sample {
  const { folder, port, source } = options;
  const history = planHistory(readV1(source, port), readChanges(source));
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', '--initial-branch=dev', '--object-format=sha1']);
  write(folder, history);
  git(folder, ['branch', '--quiet', '-D', 'import']);
  git(folder, ['checkout', '--quiet', '--force', 'dev']);
  // What is learned about a sample is nobody's to commit.
  appendFileSync(path.join(folder, '.git', 'info', 'exclude'), '/deployment_memory/\n');
  const resolve = (ref: string) => git(folder, ['rev-parse', '--verify', `refs/heads/${ref}`]).trim();
  return { folder, port, main: resolve('main'), dev: resolve('dev') };
}
