import type { SavedSelection } from '../domain/choice.ts';
import { adviceIn } from '../domain/choices-advice.ts';
import type { Advice, Way } from '../domain/choices.ts';
import { counted } from '../domain/counted.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { ShippedFeature, Source, Version } from '../domain/event.ts';
import type { Discovery, Feature, Risk, Selection } from '../domain/feature.ts';
import { assessTogether } from '../planning/assessment/assess.ts';
import { closeSelection } from '../planning/closure.ts';
import { pickWanted } from '../planning/pick.ts';
import { proveSelection } from '../planning/proof.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';
import { deployedRef } from './deployed.ts';
import type { Wanted } from './orchestrator.ts';
import { stableOf } from './versions.ts';
import { firstWritten, writtenTimes } from './written.ts';

/** What a deployment ships, how risky that is, and what to call it. */
export interface Chosen {
  source: Source;
  level: Risk['level'];
  /** Of all of it together; absent for an existing revision, of which nothing is known. */
  risk?: Risk;
  name: string;
  /** The proved tree; absent for an existing revision. */
  tree?: string;
  /** What was advised of what waited, and whether it was taken; absent for an existing revision. */
  advice?: Advice;
}

/** An existing revision as it is. Throws git's error for a ref that names none. */
export async function chooseVersion(git: Git, ref: string, stable: Version | null): Promise<Chosen> {
  const sha = await git.resolve(ref);
  return { source: { kind: 'version', ref, sha, features: [] }, level: stable ? 'medium' : 'low', name: ref };
}

/**
 * The wanted features with all they cannot ship without, proved to build a candidate together. Throws
 * `unknown-feature` and `nothing-to-deploy` (2), or `not-proved` (4).
 */
export async function chooseFeatures(
  git: Git,
  discovery: Discovery,
  wanted: Wanted,
  to: { environment: string; stable: Version | null; saved?: SavedSelection | undefined },
): Promise<Chosen> {
  const closed = closeSelection(discovery.features, pick(discovery, wanted));
  if (closed.selected.length === 0) throw nothingSelected(discovery);
  const proved = await proveSelection(git, discovery, closed.selected);
  if (proved.proof?.ok === false) throw notProved(proved);
  const asked = new Set(closed.selected.filter((id) => !closed.added.some((a) => a.id === id)));
  const features = discovery.features.filter((f) => proved.selected.includes(f.id) && f.onBase !== true);
  if (features.length === 0) throw nothingSelected(discovery);
  const risk = assessTogether(discovery.features, proved.selected, discovery.deployment.together);
  const times = await writtenTimes(
    git,
    features.flatMap(({ commits }) => commits),
  );
  return {
    source: {
      kind: 'selection',
      base: to.stable ? { ref: deployedRef(to.environment), sha: to.stable.sha } : discovery.base,
      head: discovery.head,
      features: features.map((f) => shipped(f, !asked.has(f.id), firstWritten(f.commits, times))),
    },
    level: risk.level,
    risk,
    name: counted(features.length, 'feature'),
    ...(proved.proof ? { tree: proved.proof.tree } : {}),
    advice: adviceIn(discovery.features, {
      way: wayOf(wanted, to.saved),
      chosen: asked,
      ships: new Set(proved.selected),
    }),
  };
}

/** How ids were chosen is known where they are those of the saved choice: the screen saves it first. */
function wayOf(wanted: Wanted, saved: SavedSelection | undefined): Way {
  if (wanted.kind !== 'ids') return wanted.kind;
  const { choice } = saved ?? {};
  if (!choice || choice.strategy === 'custom') return 'picked';
  const before = new Set(choice.wanted);
  const same = wanted.ids.length === before.size && wanted.ids.every((id) => before.has(id));
  return same ? choice.strategy : 'picked';
}

/** Exactly what another environment runs. Throws code `nothing-deployed` (2) when that is nothing. */
export async function chooseFrom(
  ports: { git: Git; memory: Memory },
  from: string,
  first: boolean,
): Promise<Chosen> {
  const version = await stableOf(ports, from);
  if (!version)
    throw new OrchestraError('nothing-deployed', `nothing has been deployed to ${from} yet`, {
      exit: exitCode.usage,
      hint: `deploy something there first: \`orchestrate deploy ${from}\``,
    });
  return {
    source: { kind: 'version', ref: version.name, sha: version.sha, features: [] },
    level: first ? 'low' : 'medium',
    name: version.name,
  };
}

/** The ids that a person's wish means in this discovery; before closure. Throws `unknown-feature` (2). */
export function pick(discovery: Discovery, wanted: Wanted): string[] {
  return pickWanted(discovery, wanted.kind === 'ids' ? wanted.ids : wanted.kind);
}

function notProved({ selected, proof }: Selection): OrchestraError {
  const where = proof?.complement.conflicts.map((c) => `${c.id} at ${c.path}`) ?? [];
  return new OrchestraError(
    'not-proved',
    `these ${selected.length} features do not build a candidate together: ${where.join(', ')}`,
    {
      exit: exitCode.gateRefused,
      hint: 'leave out what conflicts, or merge it on the development branch first',
    },
  );
}

function shipped(f: Feature, pulledIn: boolean, writtenAt: string | undefined): ShippedFeature {
  return {
    id: f.id,
    title: f.title,
    type: f.type,
    ...(f.pullRequest === undefined ? {} : { pullRequest: f.pullRequest }),
    commits: f.commits,
    ...(writtenAt === undefined ? {} : { writtenAt }),
    authors: f.authors,
    ...(f.authorCommits === undefined ? {} : { authorCommits: f.authorCommits }),
    fileCount: f.files.length,
    paths: f.files.slice(0, 50).map((file) => file.path),
    additions: f.additions,
    deletions: f.deletions,
    flags: f.flags,
    bucket: f.bucket,
    risk: f.risk,
    pulledIn,
  };
}

function nothingSelected(discovery: Discovery): OrchestraError {
  const why = discovery.notes[0] ?? 'every feature that was chosen is on the base already';
  return new OrchestraError('nothing-to-deploy', `there is nothing to deploy: ${why}`, {
    exit: exitCode.usage,
    hint: '`orchestrate discover` shows what waits; name feature ids with --select',
  });
}
