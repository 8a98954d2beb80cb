import { counted } from '../../../domain/counted.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { blocks, bullets, code, codeBlock, md, table } from '../../../domain/markdown.ts';
import { shippedVersion } from '../facts.ts';
import { listedNames } from '../people.ts';

const isSha = (text: string): boolean => /^[0-9a-f]{40,64}$/.test(text);

/** So many commits of one feature are named, and so many features; git has the rest. */
const [mostShas, mostRows] = [6, 60];

/** How the candidate is made up: its base, its features with their commits, and what belongs to none of them. */
function structure({ source, candidate }: Deployment): string {
  const { features } = source;
  if (source.kind === 'version' || features.length === 0)
    return `Nothing is built: ${source.kind === 'version' ? code(source.ref) : 'the selection'} is deployed as it is.`;
  const commits = features.reduce((sum, feature) => sum + feature.commits.length, 0);
  const branch = candidate.kind === 'none' || candidate.branch === null ? undefined : candidate.branch;
  const rows = features.slice(0, mostRows).map((feature) => {
    const shas = feature.commits.slice(0, mostShas).map((sha) => code(sha.slice(0, 10)));
    const more = feature.commits.length - shas.length;
    return [
      `${md(feature.title, 100)}${feature.pullRequest === undefined ? '' : ` (#${feature.pullRequest})`}`,
      listedNames(feature.authors, 3),
      `${shas.join(', ')}${more > 0 ? `, ${more} more` : ''}`,
      feature.pulledIn ? 'needed by another' : 'chosen',
    ];
  });
  const regenerated = candidate.kind === 'none' ? [] : (candidate.regenerated ?? []);
  const notes = candidate.kind === 'none' ? [] : (candidate.notes ?? []);
  const side = [
    ...regenerated.map(({ path, tool, reason }) => `${code(path)}, made again by ${md(tool)}: ${md(reason)}`),
    ...notes.map((note) => md(note)),
  ];
  return blocks(
    `${branch === undefined ? 'The candidate is' : `${code(branch)} is`} ${code(source.base.ref)} at ${code(source.base.sha.slice(0, 10))}, and on it the ${counted(commits, 'commit')} of ${counted(features.length, 'feature')} in the order of ${code(source.head.ref)}. ${features.length === 1 ? 'It is' : 'Each is'} complete; commits of other features stay behind.`,
    table(['Feature', 'By', 'Commits', 'Because'], rows),
    features.length > rows.length ? `… and ${features.length - rows.length} features more.` : undefined,
    side.length > 0 ? `Beside the features:\n\n${bullets(side)}` : undefined,
  ).trimEnd();
}

/** Commands that show the same with git alone; nothing of them changes anything, but the last line says what promotion does. */
function commands(d: Deployment): string {
  const version = shippedVersion(d);
  if (!version || !isSha(version.sha))
    return 'The candidate is not built yet; the commands that look at it come with it.';
  const old = d.stable && isSha(d.stable.sha) ? d.stable.sha : undefined;
  return blocks(
    'To look at it with git alone (none of these changes anything that serves):',
    codeBlock(
      [
        ...(old === undefined
          ? [`git log --oneline -20 ${version.sha}`]
          : [`git log --oneline ${old}..${version.sha}`, `git diff --stat ${old} ${version.sha}`]),
        `git worktree add --detach ../candidate ${version.sha}`,
        `git rev-parse refs/orchestra/deployed/${d.environment}`,
      ],
      'sh',
    ),
    `Promotion moves ${code(`refs/orchestra/deployed/${d.environment}`)} to ${code(version.sha.slice(0, 12))}${d.plan.afterPromotion === 'fast-forward' && d.plan.productionBranch !== undefined ? `, and ${code(d.plan.productionBranch)} forward to it where that loses nothing` : '; no branch is moved'}.`,
  ).trimEnd();
}

/** Features, their commits, what stands beside them, and git's own words for all of it. */
export function commitStructure(d: Deployment): string {
  return blocks(structure(d), '### With git', commands(d)).trimEnd();
}
