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
      return `Deployments of ${key === '1' ? 'one feature' : `${safeText(key, 40)} features`}`;
    case 'hour':
      return `Deployments begun between ${safeText(key, 2)}:00 and ${safeText(key, 2)}:59 UTC`;
    case 'strategy':
      return `Deployments by ${safeText(key, 40)}`;
    default:
      return `Deployments of ${safeText(group, 40)} ${safeText(key, 40)}`;
  }
}
