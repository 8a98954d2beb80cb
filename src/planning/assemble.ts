import type { ChangedFile, DependencyReason, Feature } from '../domain/feature.ts';
import { safeText } from '../domain/safe-text.ts';
import { mergeFlags } from './detectors/registry.ts';
import { nameGroups } from './feature-id.ts';
import { titleOf } from './feature-title.ts';
import { typeOf } from './feature-type.ts';
import type { Group } from './grouping.ts';
import { isUnread, type UnitChange } from './unit.ts';

/** A feature before it is judged, with what only planning looks at. */
export interface Candidate {
  feature: Omit<Feature, 'risk' | 'bucket' | 'reason'>;
  group: Group;
  /** Why it must ship; undefined when nothing says so. */
  urgent: string | undefined;
  /** It takes itself back: a commit and its revert wait together. */
  reverted: boolean;
  /** What part of it changes is not in this clone, not even by name. */
  unread: boolean;
}

/** Shown paths and reasons are no longer than this. */
const widest = 500;

/** Features of groups, oldest first: files and numbers added up, dependencies lifted from units to features. */
export function assembleFeatures(
  groups: readonly Group[],
  changes: readonly UnitChange[],
  shipped: ReadonlySet<number>,
): Candidate[] {
  const ids = nameGroups(groups);
  const idOf = new Map<number, string>();
  for (const [i, group] of groups.entries())
    for (const unit of group.units) idOf.set(unit.index, ids[i] ?? '');

  return groups.map((group, i) => {
    const id = ids[i] ?? '';
    const own = group.units.flatMap((unit) => changes[unit.index] ?? []);
    const files = own.length === 1 && own[0] ? own[0].files : mergeFiles(own.flatMap(({ files }) => files));
    const needs = new Map<string, DependencyReason[]>();
    for (const change of own)
      for (const [index, reasons] of change.needs) {
        const other = idOf.get(index);
        if (other === undefined || other === id) continue;
        const known = needs.get(other);
        needs.set(other, known ? [...known, ...reasons].slice(0, 8) : reasons);
      }
    const urgent = urgencyOf(group);
    return {
      feature: {
        id,
        title: safeText(titleOf(group, files), 200) || id,
        type: typeOf(group, files),
        commits: group.units.flatMap((unit) => unit.commits.map((commit) => commit.sha)),
        ...pullRequestOf(group),
        authors: [...new Set(group.units.flatMap((unit) => authorsOf(unit.commits)))],
        files: files.map((file) => ({ ...file, path: safeText(file.path, widest) })),
        additions: sum(files, 'additions'),
        deletions: sum(files, 'deletions'),
        dependsOn: [...needs].map(([other, because]) => ({
          id: other,
          because: because.map((reason) => ({
            ...reason,
            ...(reason.path !== undefined && { path: safeText(reason.path, widest) }),
          })),
        })),
        flags: safeFlags(
          own.length === 1 && own[0] ? own[0].flags : mergeFlags(own.map(({ flags }) => flags)),
        ),
        ...(group.units.every((unit) => shipped.has(unit.index)) && { onBase: true }),
      },
      group,
      urgent,
      reverted: group.reverted,
      unread: own.some(isUnread),
    };
  });
}

/** The pull request it came by; that of a revert which has joined it says nothing of it. */
function pullRequestOf(group: Group): { pullRequest?: number } {
  for (const { message } of group.units)
    if (message.pullRequest !== undefined && (!message.reverts || message === group.units[0]?.message))
      return { pullRequest: message.pullRequest };
  return {};
}

/** What says it must ship, in a title or in any of the commits a merge brought. */
function urgencyOf(group: Group): string | undefined {
  for (const unit of group.units) {
    if (unit.message.urgent !== undefined) return unit.message.urgent;
    for (const { message } of unit.commits) if (message.urgent !== undefined) return message.urgent;
  }
  return undefined;
}

/** Who wrote it; of a merge the side's authors, and who merged only when nobody else is known. */
function authorsOf(commits: readonly { author: string }[]): string[] {
  const writers = commits.length > 1 ? commits.slice(0, -1) : commits;
  return writers.map(({ author }) => safeText(author, 100));
}

function mergeFiles(files: readonly ChangedFile[]): ChangedFile[] {
  const merged = new Map<string, ChangedFile>();
  for (const file of files) {
    const known = merged.get(file.path);
    const status = known?.status === 'added' && file.status === 'modified' ? 'added' : file.status;
    merged.set(file.path, {
      ...file,
      ...(known?.generated && { generated: true }),
      status,
      additions: (known?.additions ?? 0) + file.additions,
      deletions: (known?.deletions ?? 0) + file.deletions,
    });
  }
  return [...merged.values()];
}

function safeFlags(flags: Feature['flags']): Feature['flags'] {
  const safe = (paths: string[]) => paths.map((path) => safeText(path, widest));
  return {
    ...flags,
    // Statements are safe from the moment they are told.
    ...(flags.schema && { schema: { ...flags.schema, paths: safe(flags.schema.paths) } }),
    ...(flags.api && { api: { ...flags.api, paths: safe(flags.api.paths) } }),
  };
}

const sum = (files: readonly ChangedFile[], key: 'additions' | 'deletions') =>
  files.reduce((total, file) => total + file[key], 0);
