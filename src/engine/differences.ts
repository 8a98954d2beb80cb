import { OrchestraError } from '../domain/errors.ts';
import type { Feature } from '../domain/feature.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import { originTrailer } from '../planning/base-log.ts';
import { diffTrees } from '../planning/tree-diff.ts';
import type { Git } from '../ports/git.ts';
import { sortFlags, type DeployDiff, type DiffCommit, type DiffFeature } from './deploy-diff.ts';
import type { DraftPorts, Drafts } from './drafts.ts';
import { environmentNamed } from './environments.ts';
import type { DeployRequest } from './orchestrator.ts';
import { diffSettings } from './settings-diff.ts';
import { stableOf } from './versions.ts';

export interface DifferencePorts extends DraftPorts {
  /** `orchestra.yaml` as a revision has it; undefined where it has none that can be read. */
  settingsAt: (sha: string) => Promise<Settings | undefined>;
}

type Coming = Pick<Feature, 'id' | 'title' | 'type' | 'commits' | 'flags' | 'pullRequest'> & {
  pulledIn?: boolean;
};

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

/** The features of `head` that `base` lacks. */
async function lacking(drafts: Drafts, range: { base: string; head: string }): Promise<Feature[]> {
  if (range.base === range.head) return [];
  return (await drafts.discover(range)).features.filter(({ onBase }) => onBase !== true);
}

/** The features of what runs that `version` lacks; one whose origins it has is not lacking, whatever its own sha. */
async function notHeld(drafts: Drafts, git: Git, from: string, version: string): Promise<Feature[]> {
  const features = await lacking(drafts, { base: version, head: from });
  if (features.length === 0) return [];
  const log = await git.text([
    'log',
    '-z',
    `--format=tformat:%H%n%(trailers:key=${originTrailer},valueonly,unfold)`,
    from,
    `^${version}`,
    '--',
  ]);
  const origins = new Map<string, string[]>();
  for (const record of log.split('\0')) {
    const [sha = '', ...values] = record.split('\n').map((line) => line.trim());
    origins.set(
      sha,
      values.filter((value) => /^[0-9a-f]{40,64}$/u.test(value)),
    );
  }
  const held = new Set((await git.text(['rev-list', version, '--'])).split('\n'));
  return features.filter(({ commits }) =>
    commits.some((sha) => {
      const named = origins.get(sha) ?? [];
      return named.length === 0 || !named.every((origin) => held.has(origin));
    }),
  );
}

function describe(feature: Coming, commits: ReadonlyMap<string, DiffCommit>): DiffFeature {
  return {
    id: feature.id,
    title: feature.title,
    type: feature.type,
    ...(feature.pullRequest === undefined ? {} : { pullRequest: feature.pullRequest }),
    pulledIn: feature.pulledIn === true,
    commits: feature.commits.flatMap((sha) => commits.get(sha) ?? []),
  };
}

async function describeCommits(git: Git, shas: readonly string[]): Promise<Map<string, DiffCommit>> {
  if (shas.length === 0) return new Map();
  const args = [
    'log',
    '-z',
    '--no-walk=unsorted',
    '--encoding=UTF-8',
    '--format=tformat:%H%x00%an%x00%s',
    '--stdin',
  ];
  const { stdout } = await git.run(args, { input: `${shas.join('\n')}\n` });
  const fields = stdout.toString('utf8').split('\0');
  const commits = new Map<string, DiffCommit>();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [sha = '', author = '', subject = ''] = fields.slice(at, at + 3);
    commits.set(sha, { sha, subject: safeText(subject, 300), author: safeText(author, 100) });
  }
  return commits;
}

const treeOf = (git: Git, sha: string) =>
  git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
