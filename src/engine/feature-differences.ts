import type { Feature } from '../domain/feature.ts';
import { safeText } from '../domain/safe-text.ts';
import { originTrailer } from '../planning/base-log.ts';
import type { Git } from '../ports/git.ts';
import type { DiffCommit, DiffFeature } from './deploy-diff.ts';
import type { Drafts } from './drafts.ts';

/** What is needed of a feature to say that it comes or goes. */
export type Coming = Pick<Feature, 'id' | 'title' | 'type' | 'commits' | 'flags' | 'pullRequest'> & {
  pulledIn?: boolean;
};

/** The features of `head` that `base` lacks. */
export async function lacking(
  drafts: Pick<Drafts, 'discover'>,
  range: { base: string; head: string; signal?: AbortSignal },
): Promise<Feature[]> {
  if (range.base === range.head) return [];
  return (await drafts.discover(range)).features.filter(({ onBase }) => onBase !== true);
}

/**
 * The features of what runs that `version` lacks; one whose origins it has, itself or as copies of its own, is not lacking,
 * whatever its sha.
 */
export async function notHeld(
  drafts: Pick<Drafts, 'discover'>,
  git: Git,
  from: string,
  version: string,
  signal?: AbortSignal,
): Promise<Feature[]> {
  const limited = signal ? { signal } : {};
  const features = await lacking(drafts, { base: version, head: from, ...limited });
  if (features.length === 0) return [];
  const [origins, copies, all] = await Promise.all([
    originsIn(git, from, version, limited),
    originsIn(git, version, from, limited),
    git.text(['rev-list', version, '--'], limited),
  ]);
  const held = new Set([...all.split('\n'), ...[...copies.values()].flat()]);
  return features.filter(({ commits }) =>
    commits.some((sha) => {
      const named = origins.get(sha) ?? [];
      return named.length === 0 || !named.every((origin) => held.has(origin));
    }),
  );
}

/** The waiting commits that each commit of `head` since `base` was made of. */
async function originsIn(
  git: Git,
  head: string,
  base: string,
  options: { signal?: AbortSignal },
): Promise<Map<string, string[]>> {
  const format = `--format=tformat:%H%n%(trailers:key=${originTrailer},valueonly,unfold)`;
  const log = await git.text(['log', '-z', format, head, `^${base}`, '--'], options);
  const origins = new Map<string, string[]>();
  for (const record of log.split('\0')) {
    const [sha = '', ...values] = record.split('\n').map((line) => line.trim());
    origins.set(
      sha,
      values.filter((value) => /^[0-9a-f]{40,64}$/u.test(value)),
    );
  }
  return origins;
}

/** A feature with its commits as people look for them. */
export function describe(feature: Coming, commits: ReadonlyMap<string, DiffCommit>): DiffFeature {
  return {
    id: feature.id,
    title: feature.title,
    type: feature.type,
    ...(feature.pullRequest === undefined ? {} : { pullRequest: feature.pullRequest }),
    pulledIn: feature.pulledIn === true,
    commits: feature.commits.flatMap((sha) => commits.get(sha) ?? []),
  };
}

/** Commits by sha, safe to print; those that are not there are left out. */
export async function describeCommits(git: Git, shas: readonly string[]): Promise<Map<string, DiffCommit>> {
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
