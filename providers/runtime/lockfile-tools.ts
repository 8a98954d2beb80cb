import { lstat, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { OrchestraError, exitCode } from '../../src/domain/errors.ts';
import { safeLines, safeText } from '../../src/domain/safe-text.ts';
import { withoutSecrets } from '../../src/domain/without-secrets.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git } from '../../src/ports/git.ts';
import type { LockfileTools, StaleLockfile, WrittenFile } from '../../src/ports/lockfiles.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { installEnvironment } from './environment.ts';
import { removeOutwardLinks } from './outward-links.ts';
import { withRankedLock } from './ranked-lock.ts';
import { openWorkTrees } from './work-tree.ts';

const purpose = 'lock';
/** Resolving asks a registry a few hundred questions; what takes longer waits for a network that is not there. */
const timeoutMs = 5 * 60_000;
/** Lines of a tool's output that go with an error, and how much of it is kept, in bytes. */
const shownLines = 20;
const keptOutput = 64 * 1024;
/** No lockfile is larger, in bytes. */
const largest = 64 * 1024 ** 2;

/**
 * Makes lockfiles again in the work tree `lock-<sha12>`, gone afterwards. The tools get an environment without the
 * caller's variables, and what a commit could start programs with, or lead them elsewhere by, is away while they run.
 */
export function createLockfileTools(parts: {
  git: Git;
  runner: Runner;
  stateDir: string;
  clock: Clock;
}): LockfileTools {
  const { git, runner, stateDir, clock } = parts;
  const trees = openWorkTrees(parts);

  async function regenerate(sha: string, stale: StaleLockfile, signal?: AbortSignal): Promise<WrittenFile[]> {
    const tree = await trees.add(purpose, sha);
    try {
      const cwd = join(tree.path, stale.folder);
      // Before anything is set aside: that must not happen behind a link.
      await removeOutwardLinks(git, tree.path, sha);
      for (const folder of foldersDownTo(tree.path, stale.folder))
        for (const name of stale.setAside) await setAside(join(folder, name), stale.keeps[name]);
      let output = Buffer.alloc(0);
      const result = await runner.program(stale.argv, {
        cwd,
        env: { ...installEnvironment(process.env), ...stale.env },
        timeoutMs,
        onOutput: (chunk) => {
          output = Buffer.concat([output, chunk]).subarray(-keptOutput);
        },
        ...(signal ? { signal } : {}),
      });
      signal?.throwIfAborted();
      if (result.timedOut || result.exitCode !== 0)
        throw failed(stale, result.timedOut ? undefined : result.exitCode, output.toString('utf8'));
      const written: WrittenFile[] = [];
      for (const name of stale.writes) {
        const content = await readPlain(join(cwd, name));
        if (content === undefined && name !== stale.writes[0]) continue;
        if (content === undefined) throw failed(stale, 0, `${stale.tool} left no ${name}`);
        const blob = await git.text(['hash-object', '-w', '--no-filters', '--stdin'], { input: content });
        written.push({ path: `${stale.folder}${name}`, blob });
      }
      return written;
    } finally {
      await trees.remove(purpose, sha);
    }
  }

  return {
    regenerate: (sha, stale, signal) =>
      withRankedLock({ dir: join(stateDir, 'locks', `${purpose}-${sha.slice(0, 12)}`), clock, signal }, () =>
        regenerate(sha, stale, signal),
      ),
  };
}

/** The root and every folder from there to `folder`: tools look for their settings in all of them. */
function foldersDownTo(root: string, folder: string): string[] {
  const names = folder.split('/').filter(Boolean);
  return [root, ...names.map((_, i) => join(root, ...names.slice(0, i + 1)))];
}

/** Takes a file away, or leaves of it only the lines that do no harm; a link is taken away whatever it points to. */
async function setAside(path: string, keeps: RegExp | undefined): Promise<void> {
  const content = await readPlain(path);
  await rm(path, { recursive: true, force: true });
  if (keeps === undefined || content === undefined) return;
  const lines = content.toString('utf8').split('\n');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${lines.filter((line) => keeps.test(line)).join('\n')}\n`, { flag: 'wx' });
}

/** A plain file's content; undefined for what is none. Links are not followed. */
async function readPlain(path: string): Promise<Buffer | undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (!info?.isFile() || info.size > largest) return undefined;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await readFile(file);
  } finally {
    await file.close();
  }
}

function failed(stale: StaleLockfile, code: number | null | undefined, output: string): OrchestraError {
  const place = stale.folder === '' ? 'the root folder' : safeText(stale.folder, 200);
  const what = `${safeText(stale.path, 200)} does not fit the candidate (${stale.reason})`;
  const how =
    code === 127
      ? `${stale.tool} is not installed`
      : code === undefined
        ? `${stale.tool} did not end in ${timeoutMs / 60_000} minutes`
        : `${stale.tool} could not make it again in ${place} (exit code ${code ?? 'none'})`;
  return new OrchestraError('lockfile', `${what}, and ${how}`, {
    hint: `Install ${stale.tool} or give it its registry and try again; or choose so that the manifest is the head’s (everything that changes it, or nothing).`,
    exit: exitCode.gateRefused,
    details: {
      tool: stale.tool,
      folder: stale.folder,
      command: stale.argv.join(' '),
      log: safeLines(output).filter(Boolean).slice(-shownLines).map(withoutSecrets),
    },
  });
}
