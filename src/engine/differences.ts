import { OrchestraError } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import { diffTrees } from '../planning/tree-diff.ts';
import type { Git } from '../ports/git.ts';
import { sortFlags, type DeployDiff } from './deploy-diff.ts';
import type { DraftPorts, Drafts } from './drafts.ts';
import { environmentNamed } from './environments.ts';
import { type Coming, describe, describeCommits, lacking, notHeld } from './feature-differences.ts';
import type { DeployRequest } from './orchestrator.ts';
import { diffSettings } from './settings-diff.ts';
import { stableOf } from './versions.ts';

export interface DifferencePorts extends DraftPorts {
  /** `orchestra.yaml` as a revision has it; undefined where it has none that can be read. */
  settingsAt: (sha: string) => Promise<Settings | undefined>;
}

/**
 * What a deployment would change, against what runs (where nothing does, against the base). Builds and starts nothing.
 * Throws like `draft`, but for `nothing-to-deploy`: that nothing changes is an answer.
 */
export async function findDifferences(
  ports: DifferencePorts,
  drafts: Drafts,
  request: Pick<DeployRequest, 'environment' | 'what' | 'strategy'>,
): Promise<DeployDiff> {
  const { git } = ports;
  const { settings } = await ports.readSettings();
  const { name: environment } = environmentNamed(settings, request.environment);
  const stable = await stableOf(ports, environment);
  const from = stable
    ? { name: stable.name, sha: stable.sha, deployed: true }
    : await notDeployed(drafts, environment);
  const drafted = await drafts.draft(request).catch((error: unknown) => {
    if (error instanceof OrchestraError && error.code === 'nothing-to-deploy') return error.message;
    throw error;
  });
  const told = diffSettings(await ports.settingsAt(from.sha), settings, environment);
  const common = { schema: 'orchestra/diff@1' as const, environment, from, ...told };
  if (typeof drafted === 'string')
    return {
      ...common,
      to: { name: from.name, sha: from.sha, tree: await treeOf(git, from.sha) },
      nothing: safeText(drafted, 500),
      ...nothingChanges,
    };

  const { source, plan } = drafted;
  const version = source.kind === 'version' ? source.sha : undefined;
  const coming: readonly Coming[] =
    version === undefined ? source.features : await lacking(drafts, { base: from.sha, head: version });
  const leaving = version === undefined ? [] : await notHeld(drafts, git, from.sha, version);
  const tree = drafted.tree ?? (await treeOf(git, version ?? from.sha));
  const { files, notes } = await diffTrees(git, from.sha, tree);
  const commits = await describeCommits(
    git,
    [...coming, ...leaving].flatMap((feature) => feature.commits),
  );
  const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0);
  return {
    ...common,
    to: {
      name: safeText(source.kind === 'version' ? source.ref : `a candidate of ${source.head.ref}`, 200),
      sha: version ?? null,
      tree,
    },
    nothing:
      version === from.sha
        ? `${environment} ${from.deployed ? 'runs' : 'starts from'} ${from.name} already`
        : null,
    features: coming.map((feature) => describe(feature, commits)),
    removed: leaving.map((feature) => describe(feature, commits)),
    files,
    additions: sum('additions'),
    deletions: sum('deletions'),
    ...sortFlags(coming),
    strategy: plan.strategy,
    strategyReason: plan.strategyReason,
    risk: plan.risk,
    probability: drafted.risk ?? null,
    notes: [...plan.notes, ...notes],
  };
}

/** What a first deployment starts from. */
async function notDeployed(drafts: Drafts, environment: string): Promise<DeployDiff['from']> {
  const { base } = await drafts.discover({ environment });
  return { name: safeText(base.ref, 200), sha: base.sha, deployed: false };
}

const nothingChanges = {
  features: [],
  removed: [],
  files: [],
  additions: 0,
  deletions: 0,
  ...sortFlags([]),
  strategy: null,
  strategyReason: null,
  risk: null,
  probability: null,
  notes: [],
};

const treeOf = (git: Git, sha: string) =>
  git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
