import { counted } from '../../domain/counted.ts';
import path from 'node:path';
import { failed, passed, skipped, warning, type Finding } from '../../domain/check.ts';
import type { Git } from '../../ports/git.ts';
import type { Machine } from '../../ports/machine.ts';
import type { Check } from './doctor.ts';

/** What proofs need: `git merge-tree` with several merges on its standard input came with 2.39. */
const oldestGit = [2, 39] as const;
const oldestNode = [20, 19] as const;

/** An index.lock this old was left by a git that was killed, in milliseconds. */
const staleLockMs = 10 * 60_000;

export interface ProgramPorts {
  machine: Machine;
  git: Git | undefined;
  now: () => Date;
}

/** Node, git, and the repository as git sees it. */
export function programChecks({ machine, git, now }: ProgramPorts): Check[] {
  return [
    {
      id: 'node.version',
      title: 'Node',
      run: async () => versionIs('Node', machine.node, oldestNode, 'Install Node 20.19 or newer.'),
    },
    {
      id: 'git.version',
      title: 'git',
      run: async () => {
        const said = await machine.versionOf('git');
        if (said === undefined)
          return failed('git cannot be run', 'Install git 2.39 or newer, and put it on the PATH.');
        return versionIs(
          'git',
          /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said,
          oldestGit,
          'Update git to 2.39 or newer.',
        );
      },
    },
    { id: 'git.repository', title: 'Repository', run: () => (git ? repository(git) : noGit()) },
    {
      id: 'git.lock',
      title: 'git’s index lock',
      run: () => (git ? indexLock(git, machine, now()) : noGit()),
    },
  ];
}

const noGit = async () => skipped('git cannot be run');

function versionIs(
  name: string,
  version: string,
  [major, minor]: readonly [number, number],
  fix: string,
): Finding {
  const [first = 0, second = 0] = version.split('.').map(Number);
  const recent = first > major || (first === major && second >= minor);
  return recent
    ? passed(`${name} ${version}`)
    : failed(`${name} ${version} is older than ${major}.${minor}`, fix);
}

async function repository(git: Git): Promise<Finding[]> {
  const { branch, unborn, shallow, bare, changedFiles } = await git.checkout();
  const trees = (await git.text(['worktree', 'list', '--porcelain', '-z']))
    .split('\0')
    .filter((line) => line.startsWith('worktree '));
  const where = bare ? 'bare' : branch === undefined ? 'on a detached head' : `on ${branch}`;
  return [
    passed(
      [
        git.root,
        where,
        ...(changedFiles ? [`${counted(changedFiles, 'changed file')}, left alone`] : []),
        ...(trees.length > 1 ? [`${trees.length} work trees, one memory`] : []),
      ].join(', '),
    ),
    ...(shallow
      ? [
          warning(
            'it is a shallow clone: where its history is cut off, changes are known by their message only',
            '`git fetch --unshallow` brings the rest.',
          ),
        ]
      : []),
    ...(bare
      ? [
          warning(
            'it is bare: `init` and orchestra.yaml need a work tree',
            '`git worktree add DIR BRANCH` makes one.',
          ),
        ]
      : []),
    ...(branch === undefined && !bare
      ? [
          warning(
            'no branch is checked out; orchestra.yaml is that of the detached head',
            '`git switch BRANCH` goes to one.',
          ),
        ]
      : []),
    ...(unborn ? [warning('the branch has no commit yet', 'Commit something first.')] : []),
  ];
}

async function indexLock(git: Git, machine: Machine, now: Date): Promise<Finding> {
  const folder = await git.text(['rev-parse', '--absolute-git-dir']);
  const file = path.join(folder, 'index.lock');
  const written = await machine.writtenAt(file);
  if (!written) return passed('none');
  const age = now.getTime() - written.getTime();
  return age < staleLockMs
    ? passed('git is at work')
    : warning(
        `${file} is ${Math.round(age / 60_000)} minutes old`,
        `If no git runs any more, remove it: rm '${file}'`,
      );
}
