import type { Ref } from '../domain/feature.ts';
import { exitCode, OrchestraError } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import type { Checkout, Git } from '../ports/git.ts';

export interface RangeRequest {
  base?: string | undefined;
  head?: string | undefined;
  settings?: Settings | undefined;
  /** What runs now (`refs/orchestra/deployed/<environment>`), when something does. */
  deployed?: Ref | undefined;
}

export interface Range {
  base: Ref;
  head: Ref;
  /** What a reader should know about how the range was found. */
  notes: string[];
}

const productionNames = ['origin/HEAD', 'main', 'master', 'origin/main', 'origin/master'];

/**
 * Where to look for waiting changes (DESIGN, Discovery and selection). Base: as asked, else what is deployed, else the
 * production branch, origin/HEAD, main, master. Head: as asked, else the development branch, dev, develop, else what
 * is checked out. Throws `unborn-branch` and `no-base` (78), `unknown-ref` (2, but 78 for a branch
 * that orchestra.yaml names), `bad-ref`.
 */
export async function findRange(git: Git, request: RangeRequest, checkout: Checkout): Promise<Range> {
  const notes: string[] = [];
  const { production, development } = request.settings?.branches ?? {};
  if (
    checkout.unborn &&
    request.head === undefined &&
    (await firstOf(git, ['dev', 'develop', 'main', 'master'])) === undefined
  ) {
    await refuseBroken(git, 'HEAD');
    throw new OrchestraError(
      'unborn-branch',
      `The branch ${safeText(checkout.branch ?? 'HEAD', 200)} has no commit yet`,
      {
        hint: 'Make a first commit, then a development branch with what shall ship.',
        exit: exitCode.config,
      },
    );
  }

  const head = await findHead(git, request.head ?? undefined, development, checkout, notes);
  const base =
    (await named(git, request.base)) ??
    request.deployed ??
    (await configured(git, 'production', production)) ??
    (await firstOf(git, productionNames));
  if (base) return { base, head, notes };
  await refuseBroken(git, ...productionNames.map(fullName));
  throw new OrchestraError(
    'no-base',
    'No production branch was found: neither origin/HEAD, main nor master exists',
    {
      hint: 'Name what runs in production with --base, or as branches.production in orchestra.yaml.',
      exit: exitCode.config,
    },
  );
}

async function findHead(
  git: Git,
  asked: string | undefined,
  development: string | undefined,
  checkout: Checkout,
  notes: string[],
): Promise<Ref> {
  const known =
    (await named(git, asked)) ??
    (await configured(git, 'development', development)) ??
    (await firstOf(git, ['dev', 'develop', 'origin/dev', 'origin/develop']));
  if (known) return known;
  const sha = await git.tryResolve('HEAD');
  if (sha === undefined) {
    await refuseBroken(git, 'HEAD');
    throw new OrchestraError(
      'unborn-branch',
      `The branch ${safeText(checkout.branch ?? 'HEAD', 200)} has no commit yet`,
      {
        hint: 'Check out a branch with commits, or name one with --head.',
        exit: exitCode.config,
      },
    );
  }
  const name = checkout.branch === undefined ? 'the detached HEAD' : safeText(checkout.branch, 200);
  notes.push(
    `There is no dev or develop branch, so ${name} is taken for what waits; name another with --head, or as branches.development in orchestra.yaml.`,
  );
  return { ref: checkout.branch ?? 'HEAD', sha };
}

async function named(git: Git, ref: string | undefined): Promise<Ref | undefined> {
  return ref === undefined ? undefined : { ref, sha: await git.resolve(ref) };
}

/** A branch that the settings name: that it is missing is for orchestra.yaml to mend, not for the command. */
async function configured(
  git: Git,
  key: 'production' | 'development',
  ref: string | undefined,
): Promise<Ref | undefined> {
  if (ref === undefined) return undefined;
  // A fresh clone has a local branch only for what it checked out.
  for (const candidate of [ref, `origin/${ref}`]) {
    const sha = await git.tryResolve(candidate);
    if (sha !== undefined) return { ref: candidate, sha };
  }
  const name = safeText(ref, 200);
  throw new OrchestraError(
    'unknown-ref',
    `orchestra.yaml: branches.${key}: there is no branch "${name}" here`,
    {
      hint: `Make that branch, fetch it if it is only on the remote, or correct branches.${key}; "git branch -a" lists them.`,
      exit: exitCode.config,
      details: { ref: name, key: `branches.${key}` },
    },
  );
}

/** The first of these branches that exists; branches are looked up by their full name, so that no tag is taken for one. */
async function firstOf(git: Git, names: readonly string[]): Promise<Ref | undefined> {
  for (const name of names) {
    const sha = await git.tryResolve(fullName(name));
    if (sha !== undefined) return { ref: name, sha };
  }
  return undefined;
}

const fullName = (name: string) =>
  name.startsWith('origin/') ? `refs/remotes/${name}` : `refs/heads/${name}`;

/** Throws `broken-ref` (78) for the first of these that exists and names a commit git cannot read: it is not "missing". */
async function refuseBroken(git: Git, ...refs: readonly string[]): Promise<void> {
  for (const ref of refs) {
    const { stdout } = await git.run(['rev-parse', '--verify', '--quiet', ref], { accept: [0, 1, 128] });
    const sha = stdout.toString('latin1').trim();
    if (!/^[0-9a-f]{40,64}$/u.test(sha)) continue;
    throw new OrchestraError(
      'broken-ref',
      `${ref} is ${sha.slice(0, 12)}, a commit that git cannot read here`,
      {
        hint: 'Run "git fsck" to see what is damaged; fetch the branch again, or name another with --base and --head.',
        exit: exitCode.config,
        details: { ref, sha },
      },
    );
  }
}

/** Why nothing waits, in words, with what to do (D10). */
export async function explainNothing(git: Git, range: Range, checkout: Checkout): Promise<string[]> {
  const [base, head] = [safeText(range.base.ref, 200), safeText(range.head.ref, 200)];
  if (range.base.sha === range.head.sha)
    return [
      range.base.ref === range.head.ref
        ? `Nothing waits: ${head} is both what runs and where changes are looked for. Commit to a development branch and name it with --head, or as branches.development in orchestra.yaml.`
        : `Nothing waits: ${head} and ${base} are the same commit. Commit or merge your changes into ${head} first.`,
    ];
  const ahead = await git.text(['rev-list', '--count', range.base.sha, `^${range.head.sha}`, '--']);
  return [
    `Nothing waits: ${head} has no commit that ${base} lacks` +
      (Number(ahead) > 0
        ? `, and ${base} is ${ahead} ahead. Merge ${base} into ${head}, or name another branch with --head.`
        : '.') +
      (checkout.shallow
        ? ' The clone is shallow: "git fetch --unshallow" brings the rest of the history.'
        : ''),
  ];
}

/** What else a reader should know about the repository's state. */
export function describeCheckout(checkout: Checkout): string[] {
  const changed = checkout.changedFiles ?? 0;
  const files = changed === 1 ? '1 file has' : `${changed} files have`;
  return [
    ...(checkout.shallow
      ? [
          'The clone is shallow: commits before the cut are missing, so dependencies may be too. "git fetch --unshallow" mends it.',
        ]
      : []),
    ...(checkout.changedFiles === undefined
      ? ['What is checked out could not be compared with its last commit; "git status" says why.']
      : []),
    ...(changed > 0
      ? [`${files} uncommitted changes; they are left alone and are not part of any feature.`]
      : []),
    ...(checkout.branch === undefined && !checkout.bare
      ? ['HEAD is detached: no branch is checked out.']
      : []),
  ];
}
