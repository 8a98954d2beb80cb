import { surenessText } from '../../domain/chance.ts';
import { counted } from '../../domain/counted.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { DeployDiff, DiffFeature } from '../../engine/deploy-diff.ts';

/** Rows of a list that are worth reading on a terminal; the rest is in `--json`. */
const mostFiles = 60;
const mostCommits = 20;

/** What a deployment would change, for people. */
export function showDiff(diff: DeployDiff): string[] {
  const { from, to } = diff;
  const first = from.deployed
    ? []
    : [`Nothing is deployed to ${diff.environment} yet: this is against ${from.name}.`];
  if (diff.nothing !== null)
    return safe([...first, `Nothing would change: ${diff.nothing}`, ...settingsLines(diff)]);
  return safe([
    `${diff.environment}: ${from.name} (${from.sha.slice(0, 12)}) → ${to.name} (${to.sha === null ? `tree ${to.tree.slice(0, 12)}` : to.sha.slice(0, 12)})`,
    ...first,
    ...(diff.risk === null
      ? []
      : [
          `Risk ${diff.risk.toUpperCase()}${diff.probability ? `, success ${surenessText(diff.probability)}` : ''}, strategy ${diff.strategy} (${diff.strategyReason})`,
        ]),
    ...section('Comes', diff.features.length, diff.features.flatMap(featureLines)),
    ...section('Is taken away', diff.removed.length, diff.removed.flatMap(featureLines)),
    ...section(
      'Schema',
      diff.schemaChanges.length,
      diff.schemaChanges.flatMap((change) => [
        `  ${change.destructive ? '✖ destructive' : '•'} ${change.kind}, ${change.feature}: ${change.paths.join(', ')}`,
        ...change.changes.map((line) => `      ${line}`),
      ]),
    ),
    ...section(
      'API',
      diff.apiChanges.length,
      diff.apiChanges.flatMap((change) => [
        `  ${change.breaking ? '✖ breaking' : '•'} ${change.feature}: ${change.paths.join(', ')}`,
        ...change.changes.map((line) => `      ${line}`),
      ]),
    ),
    ...touched('Dependencies', diff.dependencies),
    ...touched('Configuration', diff.config),
    ...touched('Infrastructure', diff.infrastructure),
    ...settingsLines(diff),
    ...section(`Files, +${diff.additions} −${diff.deletions}`, diff.files.length, [
      ...diff.files
        .slice(0, mostFiles)
        .map(
          ({ path, status, additions, deletions }) =>
            `  ${status.slice(0, 1).toUpperCase()} ${path}  +${additions} −${deletions}`,
        ),
      ...more(diff.files.length - mostFiles),
    ]),
    ...diff.notes.map((note) => `! ${note}`),
  ]);
}

const safe = (lines: readonly string[]) => lines.map((line) => safeText(line, 500));

const more = (count: number) => (count > 0 ? [`  … and ${count} more (--json has all)`] : []);

const section = (title: string, count: number, lines: readonly string[]) =>
  count === 0 ? [] : ['', `${title} (${count})`, ...lines];

const touched = (title: string, ids: readonly string[]) =>
  ids.length === 0 ? [] : ['', `${title}: ${ids.join(', ')}`];

function featureLines({ id, title, pulledIn, commits }: DiffFeature): string[] {
  return [
    `  ${pulledIn ? '+' : '•'} ${id}  ${title}${pulledIn ? '  (pulled in)' : ''}`,
    ...commits
      .slice(0, mostCommits)
      .map(({ sha, subject, author }) => `      ${sha.slice(0, 12)} ${subject} (${author})`),
    ...more(commits.length - mostCommits),
  ];
}

function settingsLines({ settings, variables }: DeployDiff): string[] {
  const { changed, loosened } = settings;
  return [
    ...section(
      'Settings in orchestra.yaml',
      changed.length,
      changed.map(({ key, before, after }) => `  ${key}: ${before ?? 'not set'} → ${after ?? 'not set'}`),
    ),
    ...loosened.map((line) => `! Looser than what runs: ${line}.`),
    ...(variables.length > 0
      ? ['', `${counted(variables.length, 'variable')} newly needed: ${variables.join(', ')}`]
      : []),
  ];
}
