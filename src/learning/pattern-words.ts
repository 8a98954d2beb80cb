import { kindName } from '../domain/kind-words.ts';
import { safeText } from '../domain/safe-text.ts';

const flagWords: Readonly<Record<string, string>> = {
  schema: 'an additive schema change',
  'schema-destructive': 'a destructive schema change',
  api: 'an API change',
  'api-breaking': 'a breaking API change',
  breaking: 'a breaking change',
  dependencies: 'changed dependencies',
  config: 'changed configuration',
  infrastructure: 'changed infrastructure',
  'no-tests': 'a feature that touches no test',
  none: 'no risk factor',
};

const experienceWords: Readonly<Record<string, string>> = {
  new: 'a newcomer’s change (fewer than 2 commits here before)',
  some: 'changes of people with 2 to 19 commits here before, at least',
  'old-hand': 'changes of old hands only (20 commits here and more)',
};

/** The deployments that a pattern is about, as a sentence's subject. */
export function whatOf({ group, key }: { group: string; key: string }): string {
  switch (group) {
    case 'deployments':
      return 'All deployments';
    case 'type':
      return `Deployments with a change of type ${safeText(key, 40)}`;
    case 'size':
      return `Deployments with a ${safeText(key, 40)} feature`;
    case 'flag':
      return `Deployments with ${Object.hasOwn(flagWords, key) ? flagWords[key] : safeText(key, 40)}`;
    case 'batch':
      return `Deployments of ${kindName({ group, key })}`;
    case 'weekday':
      return `Deployments on a ${kindName({ group, key })}`;
    case 'hours':
      return `Deployments begun in ${kindName({ group, key })}`;
    case 'area':
      return `Deployments that change ${key === '.' ? 'the root folder' : safeText(key, 60)}`;
    case 'experience':
      return `Deployments with ${Object.hasOwn(experienceWords, key) ? experienceWords[key] : safeText(key, 40)}`;
    case 'environment':
      return `Deployments to ${safeText(key, 40)}`;
    case 'hour':
      return `Deployments begun between ${safeText(key, 2)}:00 and ${safeText(key, 2)}:59 UTC`;
    case 'strategy':
      return `Deployments by ${safeText(key, 40)}`;
    default:
      return `Deployments of ${safeText(group, 40)} ${safeText(key, 40)}`;
  }
}
