import type { Discovery, Feature } from '../../src/domain/feature.ts';
import type { DiffRow } from '../../src/domain/feature-diff.ts';

const flags = { breaking: false, testsTouched: true };

/** A feature with everything a screen needs; `part` replaces what a test is about. */
export function feature(id: string, part: Partial<Feature> = {}): Feature {
  return {
    id,
    title: `feat: ${id}`,
    type: 'feature',
    commits: ['a'.repeat(40)],
    authors: ['Ada'],
    files: [{ path: `src/${id}.ts`, status: 'modified', additions: 12, deletions: 3 }],
    additions: 12,
    deletions: 3,
    dependsOn: [],
    flags,
    risk: {
      level: 'low',
      probability: 0.93,
      interval: [0.82, 0.97],
      n: 23,
      factors: [{ name: 'tests', effect: 0.04, text: 'tests were changed with it' }],
    },
    bucket: 'recommended',
    reason: 'small, tested, and its files had no fix in 90 days',
    ...part,
  };
}

/** Five features in four buckets; pr-801 and pr-803 need pr-799. */
export function shopFeatures(): Feature[] {
  return [
    feature('pr-812', {
      title: 'fix(auth): refuse expired tokens',
      type: 'security',
      pullRequest: 812,
      bucket: 'must',
      reason: 'a security fix',
      additions: 41,
      deletions: 7,
    }),
    feature('pr-799', {
      title: 'feat(cart): baskets with a lifetime',
      pullRequest: 799,
      bucket: 'optional',
      reason: 'touches 3 files with 2 fixes in 30 days',
    }),
    feature('pr-801', {
      title: 'feat(cart): saved baskets',
      pullRequest: 801,
      additions: 310,
      deletions: 22,
      dependsOn: [{ id: 'pr-799', because: [{ kind: 'line', path: 'cart.ts', line: 88 }] }],
      flags: {
        breaking: false,
        testsTouched: true,
        schema: { kind: 'sql', destructive: false, paths: ['migrations/002.sql'] },
      },
    }),
    feature('pr-803', {
      title: 'feat(cart): share a basket',
      pullRequest: 803,
      bucket: 'optional',
      dependsOn: [{ id: 'pr-801', because: [{ kind: 'import', path: 'src/cart.ts' }] }],
    }),
    feature('pr-820', {
      title: 'feat(api)!: prices as integers',
      pullRequest: 820,
      bucket: 'not_recommended',
      reason: 'breaks the API; large; no tests',
      flags: { breaking: true, testsTouched: false, api: { breaking: true, paths: ['openapi.yaml'] } },
      risk: {
        level: 'high',
        probability: 0.41,
        interval: [0.22, 0.63],
        n: 23,
        factors: [{ name: 'api', effect: -0.3, text: 'a breaking change of the API' }],
      },
    }),
  ];
}

/** A discovery of `features` from main to dev. */
export function discoveryOf(features: Feature[], notes: string[] = []): Discovery {
  return {
    schema: 'orchestra/discovery@1',
    base: { ref: 'main', sha: 'b'.repeat(40) },
    head: { ref: 'dev', sha: 'd'.repeat(40) },
    features,
    deployment: { risk: 'high', probability: 0.91, suggestedStrategy: 'canary' },
    notes,
  };
}

/** A diff of two files in one commit: one changed, one renamed. */
export const shopDiff: readonly DiffRow[] = [
  { kind: 'commit', sha: 'a'.repeat(40) },
  { kind: 'file', path: 'src/cart.ts', status: 'modified' },
  { kind: 'hunk', text: '@@ -86,3 +86,4 @@ export class Cart {' },
  { kind: 'same', old: 86, new: 86, text: '  private readonly lines = new Map();' },
  { kind: 'removed', old: 87, text: '  total = 0;' },
  { kind: 'added', new: 87, text: '  private total = 0;' },
  { kind: 'added', new: 88, text: '  private savedAt: Date | undefined;' },
  { kind: 'same', old: 88, new: 89, text: '}' },
  { kind: 'file', path: 'src/basket.ts', from: 'src/bag.ts', status: 'renamed' },
  { kind: 'note', text: '100% the same' },
];
