import { exitCode, OrchestraError } from '../domain/errors.ts';
import type { Source } from '../domain/event.ts';
import { safeText } from '../domain/safe-text.ts';
import type { BuiltCandidate, CandidateBuilder } from '../ports/candidate.ts';
import type { Git } from '../ports/git.ts';
import { rewriteCommit } from './candidate-commit.ts';
import { Replay } from './replay.ts';
import { findShipped } from './shipped.ts';
import { readWaiting } from './waiting.ts';

type SelectionSource = Extract<Source, { kind: 'selection' }>;

/**
 * Builds candidates on the object store: one commit for each unit, in the order of the head, made byte for byte the
 * same whenever source and base are. Only the ref `refs/heads/release/<id>` is written.
 */
export function createCandidateBuilder(git: Git): CandidateBuilder {
  return {
    async build(id: string, source: Source, base: string | null): Promise<BuiltCandidate> {
      if (source.kind === 'version') {
        const sha = await git.resolve(source.sha);
        return { sha, tree: await treeOf(git, sha), branch: null, commits: 0 };
      }
      const start = await git.resolve(base ?? source.base.sha);
      const { sha, commits } = await replaySource(git, source, start);
      const branch = `release/${id}`;
      await writeBranch(git, branch, sha);
      return { sha, tree: await treeOf(git, sha), branch, commits };
    },
  };
}

async function replaySource(
  git: Git,
  source: SelectionSource,
  start: string,
): Promise<{ sha: string; commits: number }> {
  const head = await git.resolve(source.head.sha);
  const waiting = await readWaiting(git, await git.resolve(source.base.sha), head);
  const owner = new Map(
    source.features.flatMap((feature) => feature.commits.map((sha) => [sha, feature.id] as const)),
  );
  const shipped = await findShipped(git, waiting.units, start, head);
  const replay = new Replay(git, head);
  let [sha, tree, commits] = [start, await treeOf(git, start), 0];
  for (const [index, unit] of waiting.units.entries()) {
    const [feature, step] = [owner.get(unit.commit.sha), waiting.steps[index]];
    if (feature === undefined || !step || shipped.has(index)) continue;
    const result = await replay.apply(tree, step);
    if (result.kind === 'conflict') throw conflictError(feature, unit.commit.sha, result.paths);
    tree = result.tree;
    const { stdout: raw } = await git.run(['cat-file', 'commit', unit.commit.sha]);
    const object = rewriteCommit(
      raw,
      { tree, parent: sha },
      unit.commits.map((commit) => commit.sha),
    );
    sha = await git.text(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: object });
    commits += 1;
  }
  return { sha, commits };
}

function conflictError(feature: string, sha: string, paths: readonly string[]): OrchestraError {
  const path = safeText(paths[0] ?? 'a file', 300);
  return new OrchestraError(
    'candidate-conflict',
    `${safeText(feature)} does not apply to the base: conflict in ${path}`,
    {
      hint: 'Run "orchestrate select … --prove": it adds what this feature cannot ship without.',
      details: { feature: safeText(feature), commit: sha, paths: paths.map((one) => safeText(one, 300)) },
    },
  );
}

/** Creates the branch, or finds it already there with the same commit; never moves one that says something else. */
async function writeBranch(git: Git, branch: string, sha: string): Promise<void> {
  const ref = `refs/heads/${branch}`;
  await git.run(['check-ref-format', ref]);
  const existing = await git.tryResolve(ref);
  if (existing === sha) return;
  if (existing !== undefined)
    throw new OrchestraError(
      'branch-exists',
      `The branch ${safeText(branch)} exists and is another commit (${existing.slice(0, 12)})`,
      {
        hint: `Rename or delete it if nobody needs it: git branch -m ${safeText(branch)} …`,
        exit: exitCode.failed,
        details: { branch: safeText(branch), existing, wanted: sha },
      },
    );
  const env = { GIT_COMMITTER_NAME: 'orchestra', GIT_COMMITTER_EMAIL: 'orchestra@localhost' };
  await git.run(['update-ref', '-m', 'orchestra: release candidate', ref, sha, '0'.repeat(sha.length)], {
    env,
  });
}

const treeOf = (git: Git, sha: string) =>
  git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
