import type { Discovery, Ref } from '../domain/feature.ts';
import type { Patterns, Preferences } from '../domain/memory.ts';
import type { Settings } from '../domain/settings.ts';
import type { Git } from '../ports/git.ts';
import { assembleFeatures } from './assemble.ts';
import { assess, assessDeployment, maxFeatures } from './assessment/assess.ts';
import { readExperience } from './assessment/experience.ts';
import { ChangeAnalysis } from './change-analysis.ts';
import { readCommits } from './commit.ts';
import { diffArguments, parseDiffStream } from './diff-stream.ts';
import { groupUnits } from './grouping.ts';
import { markMustInclude } from './must-include.ts';
import { pickWanted } from './pick.ts';
import { describeCheckout, explainNothing, findRange } from './range.ts';
import { findShipped } from './shipped.ts';
import { splitIntoUnits, type Unit, type UnitChange } from './unit.ts';

export interface DiscoverRequest {
  base?: string | undefined;
  head?: string | undefined;
  settings?: Settings | undefined;
  patterns: Patterns;
  preferences: Preferences;
  /** What runs in the environment (`refs/orchestra/deployed/<env>`); the base, unless one is asked for. */
  deployed?: Ref | undefined;
  /** When the deployment would be; lets the time of day count. */
  at?: Date | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * What waits between base and head, as features with their dependencies, risks and buckets. Reads git only; fetches
 * nothing. Every commit of `base..head` is in exactly one feature. Throws `unborn-branch`, `no-base` (78), `bad-ref` (2),
 * `unknown-ref`, `bad-pattern` (78).
 */
export async function discover(git: Git, request: DiscoverRequest): Promise<Discovery> {
  const { signal } = request;
  const checkout = await git.checkout();
  const range = await findRange(git, request, checkout);
  const notes = [...range.notes, ...describeCheckout(checkout)];
  const { base, head } = range;

  const commits = await readCommits(git, { base: base.sha, head: head.sha }, signal);
  const units = splitIntoUnits(commits, head.sha);
  const nothing = { base, head, features: [], deployment: assessDeployment([], []) };
  if (units.length === 0)
    return {
      schema: 'orchestra/discovery@1',
      ...nothing,
      notes: [...(await explainNothing(git, range, checkout)), ...notes],
    };

  const [changes, shipped, experience] = await Promise.all([
    analyse(git, units, base.sha, head.sha, signal),
    findShipped(git, units, base.sha, head.sha, signal),
    readExperience(git, base.sha, signal),
  ]);
  const groups = groupUnits(units, (unit) => changes[unit.index]?.files.map(({ path }) => path) ?? []);
  const assembled = assembleFeatures(groups, changes, shipped);
  const candidates = markMustInclude(assembled, request.settings?.selection.must_include ?? []);
  const features = assess({ ...request, candidates, experience });
  const discovery: Discovery = {
    schema: 'orchestra/discovery@1',
    base,
    head,
    features,
    deployment: { risk: 'low', probability: 1, suggestedStrategy: 'blue-green' },
    notes,
  };
  if (features.every((feature) => feature.onBase))
    notes.unshift('Nothing waits: everything on the head is on the base already.');
  return {
    ...discovery,
    deployment: {
      ...assessDeployment(features, pickWanted(discovery, 'recommended')),
      maxFeatures: maxFeatures(request),
    },
  };
}

/** One pass over the diffs of all units, as git writes them. */
async function analyse(
  git: Git,
  units: readonly Unit[],
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<UnitChange[]> {
  const bySha = new Map(units.map((unit) => [unit.commit.sha, unit]));
  const changes: UnitChange[] = [];
  const analysis = new ChangeAnalysis();
  const output = git.stream([...diffArguments, head, `^${base}`, '--'], signal ? { signal } : {});
  for await (const diff of parseDiffStream(output)) {
    const unit = bySha.get(diff.sha);
    if (unit) changes[unit.index] = analysis.add(unit, diff);
  }
  return changes;
}
