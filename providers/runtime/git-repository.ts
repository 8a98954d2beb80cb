import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { simpleGit } from 'simple-git';
import { exitCode, messageOf, OrchestraError } from '../../src/domain/errors.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { guardedEnvironment } from './git-environment.ts';

export interface RepositoryPlace {
  /** The work tree's root, or the bare repository. */
  root: string;
  /** The main work tree's root, the same from every linked work tree; the git directory where there is no main one. */
  mainRoot: string;
  /** The git directory all work trees share. */
  commonDir: string;
  /** The git directory of this work tree. */
  gitDir: string;
  bare: boolean;
}

/** The oldest git whose merge-tree writes trees (`--write-tree`) with the exit codes that are relied on. */
const oldestGit = { major: 2, minor: 39 };

/** Where the repository around `dir` lies. Throws `not-a-repository`, `no-git` or `old-git` (exit 78). */
export async function locateRepository(
  dir: string,
  environment: Record<string, string>,
): Promise<RepositoryPlace> {
  const start = resolve(dir);
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory())
    throw notARepository(start, existsSync(start) ? 'it is not a folder' : 'the folder does not exist');
  const git = simpleGit({ baseDir: start, trimmed: true }).env(guardedEnvironment(environment));
  const [version, answer] = await Promise.all([
    git.version(),
    git
      .revparse([
        '--path-format=absolute',
        '--is-bare-repository',
        '--is-inside-work-tree',
        '--git-common-dir',
      ])
      .catch((error: unknown) =>
        /not a git repository/u.test(messageOf(error)) ? undefined : messageOf(error),
      ),
  ]);
  if (!version.installed)
    throw new OrchestraError('no-git', 'The program "git" cannot be started', {
      hint: `Install git ${oldestGit.major}.${oldestGit.minor} or newer and put it on the PATH.`,
      exit: exitCode.config,
    });
  if (
    version.major < oldestGit.major ||
    (version.major === oldestGit.major && version.minor < oldestGit.minor)
  )
    throw new OrchestraError(
      'old-git',
      `git ${version.major}.${version.minor} is too old to prove a selection`,
      {
        hint: `Install git ${oldestGit.major}.${oldestGit.minor} or newer.`,
        exit: exitCode.config,
      },
    );
  const [isBare, inWorkTree, ...rest] = (answer ?? '').split('\n');
  const commonDir = rest.join('\n');
  if (!/^(true|false)$/u.test(isBare ?? '') || !commonDir) {
    if (answer !== undefined) throw refused(start, answer);
    throw existsSync(join(start, '.git'))
      ? refused(start, 'there is a .git, but its HEAD is damaged or what it points to is gone')
      : notARepository(start, undefined);
  }
  const bare = isBare === 'true';
  const around = !bare && basename(commonDir) === '.git' ? dirname(commonDir) : commonDir;
  if (inWorkTree !== 'true') return { root: around, mainRoot: around, commonDir, gitDir: commonDir, bare };
  const [root, gitDir] = await Promise.all([
    git.revparse(['--show-toplevel']),
    git.revparse(['--path-format=absolute', '--git-dir']),
  ]);
  return { root, mainRoot: gitDir === commonDir ? root : around, commonDir, gitDir, bare };
}

/** There is a repository, and git does not open it. */
function refused(dir: string, why: string): OrchestraError {
  return new OrchestraError(
    'not-a-repository',
    `git does not open the repository at ${safeText(dir)}: ${safeText(why.trim(), 300)}`,
    {
      hint: /dubious ownership/u.test(why)
        ? `It belongs to another user. If you trust it: git config --global --add safe.directory ${safeText(dir)}`
        : 'Mend what git names; "git status" there says the same.',
      exit: exitCode.config,
      details: { dir: safeText(dir) },
    },
  );
}

function notARepository(dir: string, why: string | undefined): OrchestraError {
  const because = why ? `: ${safeText(why.trim(), 300)}` : '';
  return new OrchestraError('not-a-repository', `${safeText(dir)} is not in a git repository${because}`, {
    hint: 'Change to your project, or name it with -C DIR; "git init" makes a repository.',
    exit: exitCode.config,
    details: { dir: safeText(dir) },
  });
}
