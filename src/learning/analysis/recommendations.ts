import type { Comparison } from '../../domain/analysis-comparison.ts';
import type { Calibration, Recommendation, Share } from '../../domain/analysis.ts';
import { chanceWords } from '../../domain/comparison-words.ts';
import { formatInterval, wilson } from '../../domain/interval.ts';
import { differenceOf, z99 } from './intervals.ts';
import type { Answered } from './questions.ts';

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
  new: 'have old hands look at them, and ship them on their own',
};

const told = ({ count, n, interval }: Share) => `${count} of ${n} (${formatInterval(interval)})`;

function compared({ group, key, what, n, count, interval, others, adjusted }: Comparison): Recommendation {
  const then =
    group === 'weekday' || group === 'hours'
      ? 'deploy at other times'
      : Object.hasOwn(advice, key)
        ? advice[key]
        : 'watch them longer, and ship them on their own';
  return {
    text: `${what}: ${told({ count, n, interval })} succeeded, of the others ${told(others)} (${chanceWords(adjusted ?? 1)}, all comparisons counted): ${then}.`,
    n: n + others.n,
    interval: differenceOf({ count, n, interval }, others),
    ...(adjusted === null ? {} : { adjusted }),
  };
}

function hopes({ n, predicted, all }: Calibration, { kind, adjusted }: Answered['hope']): Recommendation[] {
  if (kind === 'unclear' || predicted === null) return [];
  const [low, high] = wilson(all.count, all.n, z99);
  const percent = `${Math.round(predicted * 100)} %`;
  const text =
    kind === 'too-much'
      ? `Predictions hope too much: ${percent} on average, and ${told(all)} succeeded. Take the lower end of their intervals.`
      : `Predictions fear too much: ${percent} on average, and ${told(all)} succeeded.`;
  return [
    {
      text,
      n,
      interval: [low - predicted, high - predicted],
      ...(adjusted === undefined ? {} : { adjusted }),
    },
  ];
}

/** What the comparisons allow to advise, the surest first: where one kind of deployment succeeds less often than all others, beyond chance. */
export function recommendationsOf(
  comparisons: readonly Comparison[],
  { calibration, hope }: Pick<Answered, 'calibration' | 'hope'>,
): Recommendation[] {
  return [
    ...comparisons.filter(({ verdict }) => verdict === 'worse').map(compared),
    ...hopes(calibration, hope),
  ].sort((a, b) => a.interval[1] - b.interval[1]);
}
