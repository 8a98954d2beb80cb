import { createHash } from 'node:crypto';
import { titleOf } from './feature-title.ts';
import type { Group } from './grouping.ts';

/** Words of the command line and of strategies; an id that is one of them would be read as it. */
const reserved = new Set([
  'recommended',
  'critical',
  'all',
  'canary',
  'blue-green',
  'rolling',
  'recreate',
  'ab',
  'feature-flag',
  'flag',
]);

/** A title as an id's readable part: lower case, digits and dashes, at most 40 characters. */
export function slug(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/^\w+(?:\([^)]*\))?!?:\s+/u, '')
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/gu, '');
}

/** Ids of groups, in order: unique, by the contract's pattern, and the same as long as a group's first commit and key stay. */
export function nameGroups(groups: readonly Group[]): string[] {
  const taken = new Set(reserved);
  return groups.map((group) => {
    const first = group.units[0];
    const sha = first?.commit.sha ?? '';
    const named = [slug(titleOf(group).replace(/ \(\d+ commits\)$/u, '')), sha.slice(0, 7)]
      .filter(Boolean)
      .join('-');
    const candidates = [
      group.key,
      named,
      `${named}-${createHash('sha256').update(sha).digest('hex').slice(0, 12)}`,
    ];
    const id = candidates.find((name): name is string => name !== undefined && !taken.has(name)) ?? sha;
    taken.add(id);
    return id;
  });
}
