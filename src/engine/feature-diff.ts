import type { Discovery } from '../domain/feature.ts';
import type { DiffRow } from '../domain/feature-diff.ts';
import { isCutOff } from '../planning/cut-off.ts';
import { DiffRows } from '../planning/diff-rows.ts';
import { diffArguments, DiffParser } from '../planning/diff-stream.ts';
import type { Git } from '../ports/git.ts';

/** Whose diff is wanted: a feature's commits, as a discovery of `base..head` groups them. */
export interface DiffRequest {
  range: Pick<Discovery, 'base' | 'head'>;
  commits: readonly string[];
}

/** Hunks with the context a person expects, lines told apart the way that is quick for any file. */
const shownPatch: readonly string[] = [
  '-p',
  '-U3',
  '--inter-hunk-context=0',
  '-M',
  '-l1000',
  '--diff-algorithm=myers',
];

/** Commands that show what is left out are named for so many commits. */
const mostCommands = 3;

/**
 * A feature's diff, some rows at a time, as git reads it: of each first-parent commit of the range that is part of the
 * feature, against its first parent, oldest first. So a merge shows what it brought, once. Long diffs are cut, and the
 * last row says so. Nothing of the repository's configuration is run for it. Throws what git throws.
 */
export async function* readFeatureDiff(
  git: Git,
  request: DiffRequest,
  signal?: AbortSignal,
): AsyncGenerator<readonly DiffRow[]> {
  const units = await unitsOf(git, request, signal);
  const shas: string[] = [];
  for (const unit of units) {
    if (!(await isCutOff(git, unit, signal))) shas.push(unit.sha);
    else
      yield [
        { kind: 'commit', sha: unit.sha },
        {
          kind: 'note',
          text: 'this clone is cut off before it, so what it changed cannot be told: git fetch --unshallow',
        },
      ];
  }
  if (shas.length === 0) return;
  const rows = new DiffRows();
  const parser = new DiffParser(() => false, rows);
  const options = { input: `${shas.join('\n')}\n`, ...(signal && { signal }) };
  for await (const chunk of git.stream([...diffArguments, ...shownPatch, '--'], options)) {
    drain(parser.push(chunk));
    const made = rows.take();
    if (made.length > 0) yield made;
    if (rows.full) break;
  }
  if (!rows.full) drain(parser.end());
  const rest = rows.rest(commandsFor(shas));
  yield [...rows.take(), ...(rest ? [rest] : [])];
}

/** The whole commits are of no interest here: the watcher has seen their lines. */
function drain(commits: Iterable<unknown>): void {
  // oxlint-disable-next-line no-unused-vars
  for (const _ of commits);
}

interface UnitCommit {
  sha: string;
  parents: string[];
}

/** The feature's first-parent commits, oldest first; all its commits where the range does not have it any more. */
async function unitsOf(
  git: Git,
  { range, commits }: DiffRequest,
  signal: AbortSignal | undefined,
): Promise<UnitCommit[]> {
  const wanted = new Set(commits.filter((sha) => /^[0-9a-f]{40,64}$/u.test(sha)));
  if (wanted.size === 0) return [];
  const options = signal ? { signal } : {};
  const read = (text: string): UnitCommit[] =>
    text
      .split('\n')
      .map((line) => line.split(' '))
      .flatMap(([sha = '', ...parents]) => (wanted.has(sha) ? [{ sha, parents }] : []));
  const trunk = ['rev-list', '--first-parent', '--reverse', '--parents'];
  const ends = ['--end-of-options', range.head.sha, `^${range.base.sha}`];
  const units = read(await git.text([...trunk, ...ends], options));
  if (units.length > 0) return units;
  const each = ['rev-list', '--no-walk=unsorted', '--no-merges', '--parents', '--stdin'];
  return read(await git.text(each, { ...options, input: `${[...wanted].join('\n')}\n` }));
}

function commandsFor(shas: readonly string[]): string[] {
  return shas
    .slice(0, mostCommands)
    .map((sha) => `git show --diff-merges=first-parent -p ${sha.slice(0, 12)}`);
}
