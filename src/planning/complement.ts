import type { Feature, Proof } from '../domain/feature.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';
import { isGenerated } from './generated-files.ts';
import type { Replay } from './replay.ts';
import type { Stretch } from './stretches.ts';
import type { Waiting } from './waiting.ts';

/** More than this many conflicts say no more to anyone. */
const mostConflicts = 50;

interface ComplementRequest {
  git: Git;
  replay: Replay;
  waiting: Waiting;
  base: string;
  head: string;
  /** The candidate's tree. */
  tree: string;
  /** Units that stay behind, oldest first. */
  rest: readonly Stretch[];
  features: readonly Feature[];
  /** The feature's id of each unit. */
  idOf: (index: number) => string;
}

/**
 * Ships the rest after the candidate, on paper: that must give the head's tree, else shipping the candidate first
 * changes what the rest means. Says which feature and which file where it does not.
 */
export async function testComplement(request: ComplementRequest): Promise<Proof['complement']> {
  const { waiting, replay, rest, idOf, head } = request;
  const conflicts: Proof['complement']['conflicts'] = [];
  const note = (id: string, path: string) => {
    if (conflicts.length < mostConflicts) conflicts.push({ id, path: safeText(path, 500) });
  };

  // Of what this clone is cut off at nobody knows what it means after the candidate.
  const first = rest[0]?.from ?? 0;
  if (waiting.steps[first]?.cutOff) return { ok: false, conflicts: [{ id: idOf(first), path: '' }] };
  let tree = request.tree;
  for (const stretch of rest) {
    let from = stretch.from;
    while (from <= stretch.to) {
      const result = await replay.applyStretch(tree, waiting.steps, { from, to: stretch.to });
      if (result.kind === 'clean') {
        tree = result.tree;
        break;
      }
      for (const path of result.paths.length > 0 ? result.paths : [''])
        if (!isGenerated(path)) note(idOf(result.at), path);
      tree = await replay.takeFrom(result.tree, waiting.steps[result.at]?.sha ?? head, result.paths);
      from = result.at + 1;
    }
  }

  const expected = await expectedTree(request);
  if (tree !== expected) {
    const named = new Set(conflicts.map(({ path }) => path));
    const differing = await request.git.text([
      'diff-tree',
      '-r',
      '-z',
      '--no-renames',
      '--name-only',
      tree,
      expected,
    ]);
    for (const path of differing.split('\0').filter(Boolean)) {
      if (isGenerated(path) || named.has(safeText(path, 500))) continue;
      const touching = request.features.filter(({ files }) =>
        files.some((file) => file.path === safeText(path, 500)),
      );
      note((touching.findLast((feature) => !feature.onBase) ?? touching.at(-1))?.id ?? '', path);
    }
  }
  return { ok: conflicts.length === 0, conflicts };
}

/** What everything together must be: the head, or where the base went on by itself, the merge of both. */
async function expectedTree({ git, replay, waiting, base, head }: ComplementRequest): Promise<string> {
  const ancestor = await git.run(['merge-base', '--is-ancestor', base, head], { accept: [0, 1] });
  if (ancestor.exitCode === 0) return waiting.headTree;
  const merged = await replay.merge(base, head);
  return merged.kind === 'clean' ? merged.tree : waiting.headTree;
}
