import type { Analysis, Calibration, Group, Recommendation, Share } from '../../domain/analysis.ts';
import { formatInterval, wilson } from '../../domain/interval.ts';
import { differenceOf, shareOf, z99 } from './intervals.ts';
import { whatOf } from '../pattern-words.ts';

/** On either side of a comparison, before it is spoken of. */
const fewestCompared = 5;

const advice: Record<string, string> = {
  schema: 'ship schema changes on their own, with a canary',
  'schema-destructive': 'ship destructive schema changes on their own, with a backup',
  api: 'ship API changes on their own',
  'api-breaking': 'wait with breaking API changes until their callers are ready',
  breaking: 'ship breaking changes on their own',
  dependencies: 'ship changed dependencies on their own',
  config: 'try changed configuration in another environment first',
  infrastructure: 'try changed infrastructure in another environment first',
  'no-tests': 'ask for a test before a feature ships',
  large: 'ship large changes in parts, or on their own with a canary',
  '6-15': 'ship fewer features at a time',
  '16+': 'ship fewer features at a time',
};

const told = ({ count, n, interval }: Share) => `${count} of ${n} (${formatInterval(interval)})`;

function compared(group: string, groups: readonly Group[], all: Share): Recommendation[] {
  return groups.flatMap((one) => {
    const others = shareOf(all.count - one.count, all.n - one.n);
    if (one.n < fewestCompared || others.n < fewestCompared) return [];
    const interval = differenceOf(one, others);
    if (interval[1] >= 0) return [];
    const what = whatOf({ group, key: one.key });
    const then = advice[one.key] ?? 'watch them longer, and ship them on their own';
    return [
      {
        text: `${what}: ${told(one)} succeeded, of the others ${told(others)}: ${then}.`,
        n: all.n,
        interval,
      },
    ];
  });
}

function hopes({ n, predicted, all }: Calibration): Recommendation[] {
  if (n < fewestCompared || predicted === null) return [];
  const [low, high] = wilson(all.count, all.n, z99);
  const interval: [number, number] = [low - predicted, high - predicted];
  const percent = `${Math.round(predicted * 100)} %`;
  if (interval[1] < 0)
    return [
      {
        text: `Predictions hope too much: ${percent} on average, and ${told(all)} succeeded. Take the lower end of their intervals.`,
        n,
        interval,
      },
    ];
  if (interval[0] > 0)
    return [
      {
        text: `Predictions fear too much: ${percent} on average, and ${told(all)} succeeded.`,
        n,
        interval,
      },
    ];
  return [];
}

/**
 * What the comparisons allow to advise: where one kind of deployment succeeds less often than all others, beyond chance.
 * `all` are the deployments the groups divide; what deploys an existing revision is in no group by type, size or factor.
 */
export function recommendationsOf(
  trends: Pick<Analysis['trends'], 'byType' | 'bySize' | 'byBatch' | 'byRiskFactor' | 'byStrategy'>,
  calibration: Calibration,
  all: { deployments: Share; withFeatures: Share },
): Recommendation[] {
  return [
    ...compared(
      'flag',
      trends.byRiskFactor.filter(({ key }) => key !== 'none'),
      all.withFeatures,
    ),
    ...compared('size', trends.bySize, all.withFeatures),
    ...compared('batch', trends.byBatch, all.withFeatures),
    ...compared('type', trends.byType, all.withFeatures),
    ...compared('strategy', trends.byStrategy, all.deployments),
    ...hopes(calibration),
  ].sort((a, b) => a.interval[1] - b.interval[1]);
}
