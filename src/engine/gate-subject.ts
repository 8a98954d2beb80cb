import type { Actor } from '../domain/actor.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { GateSubject } from '../gates/gate.ts';
import type { Git } from '../ports/git.ts';
import type { Draft } from './orchestrator.ts';

/** A running deployment as gates look at it. */
export function runningSubject(d: Deployment): GateSubject {
  const { candidate } = d;
  return {
    environment: d.environment,
    kind: d.kind,
    plan: d.plan,
    source: d.source,
    stable: d.stable,
    ...(candidate.kind === 'none' ? {} : { tree: candidate.tree, sha: candidate.version.sha }),
    by: d.by,
    ...(d.allowDestructive ? { allowDestructive: true } : {}),
    deployment: d,
  };
}

/** A deployment that is only planned. */
export async function draftSubject(
  git: Git,
  draft: Pick<Draft, 'environment' | 'kind' | 'plan' | 'source' | 'stable' | 'tree'>,
  asked: { by?: Actor; allowDestructive?: boolean } = {},
): Promise<GateSubject> {
  const { environment, kind, plan, source, stable } = draft;
  const tree = draft.tree ?? (source.kind === 'version' ? await treeOf(git, source.sha) : undefined);
  return {
    environment,
    kind,
    plan,
    source,
    stable,
    ...(tree === undefined ? {} : { tree }),
    ...(source.kind === 'version' ? { sha: source.sha } : {}),
    ...(asked.by ? { by: asked.by } : {}),
    ...(asked.allowDestructive ? { allowDestructive: true } : {}),
  };
}

/** The tree of a commit. Throws git's error where there is none. */
export function treeOf(git: Git, sha: string): Promise<string> {
  return git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
}
