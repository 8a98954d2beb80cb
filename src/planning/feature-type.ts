import type { ChangedFile, FeatureType } from '../domain/feature.ts';
import { isInfrastructure } from './detectors/infrastructure.ts';
import { isTest } from './detectors/tests.ts';
import { titleOf } from './feature-title.ts';
import { isGenerated } from './generated-files.ts';
import type { Group } from './grouping.ts';
import { isVendored } from './vendored-files.ts';

/** The most telling first: a feature with a fix and tests in it is a feature. */
const order: readonly FeatureType[] = [
  'security',
  'feature',
  'fix',
  'perf',
  'refactor',
  'build',
  'docs',
  'test',
  'chore',
  'revert',
  'other',
];

const verbs: readonly [RegExp, FeatureType][] = [
  [/^(?:fix(?:es|ed)?|bugfix|resolve[sd]?|correct(?:s|ed)?|repair|prevent|avoid|handle)\b/iu, 'fix'],
  [/^(?:add(?:s|ed)?|implement(?:s|ed)?|introduce[sd]?|support|allow|enable|create|new)\b/iu, 'feature'],
  [/^(?:refactor|clean ?up|simplify|extract|rename|move|restructure|reorganize)\b/iu, 'refactor'],
  [/^(?:optimi[sz]e|speed ?up|improve performance)\b/iu, 'perf'],
  [/^(?:bump|upgrade|update (?:dep|dependency|dependencies)\b|deps\b|build)/iu, 'build'],
  [/^(?:docs?|document|readme)\b/iu, 'docs'],
  [/^(?:tests?)\b/iu, 'test'],
  [/^(?:release|version|merge|\d+\.\d+\.\d+|v\d+\.\d+)/iu, 'chore'],
];

/** What kind of change a group is: as its title says, else its commits, else its first verb, else its files. */
export function typeOf(group: Group, files: readonly ChangedFile[]): FeatureType {
  const [first] = group.units;
  if (first?.message.type) return first.message.type;
  // A revert that stuck to what it takes back does not make that a revert.
  const own = group.units.filter((unit) => unit === first || !unit.message.reverts);
  const said = own.flatMap((unit) => unit.commits).flatMap((commit) => commit.message.type ?? []);
  const best = order.find((type) => said.includes(type));
  if (best) return best;
  const title = titleOf(group).replace(/^\[[^\]]*\]\s*|^[A-Z][A-Z0-9]+-\d+:?\s*|^[\w./-]{1,30}: /u, '');
  if (files.length > 0 && files.every((file) => file.submodule)) return 'build';
  const verb = verbs.find(([pattern]) => pattern.test(title));
  if (verb) return verb[1];
  if (files.length === 0) return first?.message.merge ? 'chore' : 'other';
  const all = (test: (path: string) => boolean) => files.every(({ path }) => test(path));
  if (all((path) => /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)docs?\//iu.test(path))) return 'docs';
  if (all(isTest)) return 'test';
  const brought = (file: ChangedFile) => file.submodule || isVendored(file.path);
  return files.every((file) => brought(file) || isInfrastructure(file.path) || isGenerated(file.path))
    ? 'build'
    : 'other';
}
