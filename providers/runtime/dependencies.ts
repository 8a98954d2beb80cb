import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Git } from '../../src/ports/git.ts';

const lockfiles = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
]);
const configuration = new Set(['.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', 'bunfig.toml', '.nvmrc']);
const manifestSchema = z.object({
  workspaces: z.unknown().optional(),
  scripts: z.record(z.string(), z.unknown()).optional(),
});
/** Scripts of the project itself that an install runs: what they make depends on more than the lockfile. */
const installScripts = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
];

/**
 * The key under which an install of this version can be shared with others: a hash of the lockfiles, the package
 * manager's settings, the command and the runtime. Read from git's objects, so no link in a work tree can lead
 * elsewhere. Undefined when there is no lockfile (an install would not repeat itself). Where the project has workspaces
 * or install scripts of its own, the whole tree is part of the key.
 */
export async function installKey(git: Git, sha: string, command: string): Promise<string | undefined> {
  const listed = (await git.text(['ls-tree', '-r', '-z', '--full-tree', sha])).split('\0');
  const relevant: string[] = [];
  let locked = false;
  let manifest: string | undefined;
  let wholeTree = false;
  for (const line of listed) {
    const match = /^(\d+) (\w+) ([0-9a-f]+)\t([^]+)$/.exec(line);
    if (!match) continue;
    const [, mode, , object, path = ''] = match;
    const name = basename(path);
    // A link's target is not in the tree's object, and a tracked node_modules is not ours to replace.
    if (path === 'node_modules' || path.startsWith('node_modules/')) return undefined;
    const isLock = lockfiles.has(name);
    if (isLock || configuration.has(name)) {
      if (mode === '120000') return undefined;
      relevant.push(line);
      locked ||= isLock;
    }
    if (path === 'package.json') manifest = object;
    if (path === 'pnpm-workspace.yaml' || path === 'pnpm-workspace.yml') wholeTree = true;
  }
  if (!locked) return undefined;
  if (manifest) wholeTree ||= await needsWholeTree(git, manifest);
  const hash = createHash('sha256');
  hash.update([process.version, process.platform, process.arch, command, ...relevant].join('\0'));
  if (wholeTree) hash.update(await git.text(['rev-parse', '--verify', `${sha}^{tree}`]));
  return hash.digest('hex').slice(0, 32);
}

async function needsWholeTree(git: Git, manifest: string): Promise<boolean> {
  try {
    const { workspaces, scripts = {} } = manifestSchema.parse(
      JSON.parse(await git.text(['cat-file', 'blob', manifest])),
    );
    return workspaces !== undefined || installScripts.some((name) => Object.hasOwn(scripts, name));
  } catch {
    return true;
  }
}

/** Whether an install left nothing behind but `node_modules`: only then does a copy of that folder stand for it. */
export async function onlyModulesMade(git: Git, workTree: string): Promise<boolean> {
  const changed = await git.text(['-C', workTree, 'diff-files', '--name-only', '-z', '--ignore-submodules']);
  const made = await git.text([
    '-C',
    workTree,
    'ls-files',
    '--others',
    '--directory',
    '--no-empty-directory',
    '-z',
  ]);
  const others = made.split('\0').filter((path) => path !== '');
  return changed === '' && others.length > 0 && others.every((path) => path === 'node_modules/');
}

/** Where an install puts the packages. */
export const modulesOf = (workTree: string): string => join(workTree, 'node_modules');
