import { exitCode as exits, OrchestraError } from '../domain/errors.ts';
import type { Git, GitResult } from '../ports/git.ts';
import { BoundedMemory } from './bounded-memory.ts';
import { isGenerated } from './generated-files.ts';
import { replacePaths } from './replace-paths.ts';
import type { Stretch } from './stretches.ts';

/** A change to be replayed: what turned `parent` into `sha`. */
export interface Step {
  sha: string;
  tree: string;
  /** First parent; undefined for a root commit. */
  parent: string | undefined;
  parentTree: string | undefined;
  /** Files it changed (bytes as latin1), both ends of a move among them. */
  paths: readonly string[];
  /** It made or removed a file, or made it another kind of thing. */
  moves: boolean;
  /** Its parents are not in this clone, so what it changed is not known. */
  cutOff?: boolean;
}

export type Replayed =
  | { kind: 'clean'; tree: string }
  /** `tree` holds git's conflict markers; `paths` may be incomplete, even empty: only the kind is certain. */
  | { kind: 'conflict'; tree: string; paths: string[] };

/** Commits made only to give a merge its shape are nobody's work and the same on every machine. */
const shapeEnvironment = {
  GIT_AUTHOR_NAME: 'orchestra',
  GIT_AUTHOR_EMAIL: 'orchestra@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'orchestra',
  GIT_COMMITTER_EMAIL: 'orchestra@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

/** A single merge takes git a second in the largest repositories; one that takes this long, in ms, will not end. */
const longestMerge = 20_000;

/** Steps remembered of one repository; some hundred bytes each, enough for dozens of proofs over 120 units. */
const rememberedSteps = 20_000;

/**
 * What a step made of a tree, by the ids of both: content decides it, so it stays true as long as the repository is
 * open. A proof after one toggle repeats most steps of the proof before it.
 */
const remembered = new WeakMap<Git, BoundedMemory<Replayed>>();

/**
 * Replays changes onto trees with git's own three-way merge, on the object store alone. A conflict that is only in
 * lockfiles or changelogs counts as clean, with the head's version of those files.
 */
export class Replay {
  private readonly memory: BoundedMemory<Replayed>;

  constructor(
    private readonly git: Git,
    private readonly head: string,
    private readonly signal?: AbortSignal,
  ) {
    this.memory = remembered.get(git) ?? new BoundedMemory(rememberedSteps);
    remembered.set(git, this.memory);
  }

  /** `tree` after the step. Throws when git itself fails. */
  async apply(tree: string, step: Step): Promise<Replayed> {
    if (step.cutOff)
      throw new OrchestraError(
        'shallow',
        `what ${step.sha.slice(0, 12)} changed is not known: this shallow clone is cut off there`,
        { hint: '"git fetch --unshallow" brings the rest of the history.', exit: exits.gateRefused },
      );
    if (tree === step.parentTree) return { kind: 'clean', tree: step.tree };
    if (step.tree === step.parentTree) return { kind: 'clean', tree };
    // A change that touches lockfiles or changelogs takes them from the head, so the head decides too.
    const key = `${tree} ${step.parent ?? ''} ${step.sha} ${this.head}`;
    const known = this.memory.get(key);
    if (known) return known;
    const result = await this.replay(tree, step);
    this.memory.set(key, result);
    return result;
  }

  /**
   * `tree` after neighbouring steps as one change; should that conflict, one by one, and of the first that conflicts
   * its index (`at`) and what it left.
   */
  async applyStretch(
    tree: string,
    steps: readonly Step[],
    { from, to }: Stretch,
  ): Promise<Replayed & { at: number }> {
    const [first, last] = [steps[from], steps[to]];
    if (!first || !last) return { kind: 'clean', tree, at: to };
    const whole = await this.apply(tree, { ...first, sha: last.sha, tree: last.tree });
    if (whole.kind === 'clean' || from === to) return { ...whole, at: to };
    let at = tree;
    for (const [i, step] of steps.slice(from, to + 1).entries()) {
      const result = await this.apply(at, step);
      if (result.kind === 'conflict') return { ...result, at: from + i };
      at = result.tree;
    }
    return { kind: 'clean', tree: at, at: to };
  }

  private async replay(tree: string, step: Step): Promise<Replayed> {
    const { ours, theirs } = await this.shape(tree, step);
    const merged = await this.merge(ours, theirs);
    // A name that is not UTF-8 cannot be given back to git, so its conflict stays one.
    const mine = (path: string) => isGenerated(path) && !path.includes('\ufffd');
    if (merged.kind === 'clean' || merged.paths.length === 0 || !merged.paths.every(mine)) return merged;
    return { kind: 'clean', tree: await this.takeFrom(merged.tree, this.head, merged.paths) };
  }

  /** Merges two revisions as git would, without a work tree. */
  async merge(ours: string, theirs: string): Promise<Replayed> {
    const args = [
      'merge-tree',
      '--write-tree',
      '-z',
      '--name-only',
      '--no-messages',
      '--allow-unrelated-histories',
      ours,
      theirs,
    ];
    const { stdout, exitCode } = await this.runInTime(args);
    const [tree = '', ...paths] = stdout.toString('utf8').split('\0').filter(Boolean);
    if (!/^[0-9a-f]{40,64}$/u.test(tree))
      throw new OrchestraError('git', 'git merge-tree gave no tree', {
        hint: 'Run "git fsck": the repository may be damaged.',
      });
    return exitCode === 0 ? { kind: 'clean', tree } : { kind: 'conflict', tree, paths };
  }

  /** `tree` with some files as they are in `revision` (or absent, where they are absent there). */
  takeFrom(tree: string, revision: string, paths: readonly string[]): Promise<string> {
    return replacePaths(this.git, tree, revision, paths, this.signal);
  }

  /**
   * Two commits whose only merge base is the step's parent, so that merging them means "the step's change onto this
   * tree"; `merge-tree --merge-base` would say it directly, but needs git 2.40.
   */
  private async shape(tree: string, step: Step): Promise<{ ours: string; theirs: string }> {
    if (step.parent !== undefined) return { ours: await this.commit(tree, step.parent), theirs: step.sha };
    const empty = await this.git.text(['hash-object', '-t', 'tree', '-w', '--stdin'], {
      ...this.options(),
      input: '',
    });
    const root = await this.commit(empty, undefined);
    return { ours: await this.commit(tree, root), theirs: await this.commit(step.tree, root) };
  }

  private commit(tree: string, parent: string | undefined): Promise<string> {
    const args = ['commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]), '-m', 'replay'];
    return this.git.text(args, { ...this.options(), env: shapeEnvironment });
  }

  private async runInTime(args: readonly string[]): Promise<GitResult> {
    const late = AbortSignal.timeout(longestMerge);
    const signal = this.signal ? AbortSignal.any([this.signal, late]) : late;
    try {
      return await this.git.run(args, { signal, accept: [0, 1] });
    } catch (error) {
      this.signal?.throwIfAborted();
      if (!late.aborted) throw error;
      throw new OrchestraError('git', `git merged two versions for ${longestMerge / 1000} s without an end`, {
        hint: 'A file with very many changes is the likely cause; choose the features that touch it together.',
        details: { args },
      });
    }
  }

  private options(): { signal?: AbortSignal } {
    return this.signal ? { signal: this.signal } : {};
  }
}
