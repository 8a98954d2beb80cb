import { featureTypeSchema, type Feature } from '../feature.ts';
import { riskFlagsOf, sizeOfLines } from '../what-counts.ts';

const types = featureTypeSchema.options;
const flags = [
  'schema',
  'schema-destructive',
  'api',
  'api-breaking',
  'breaking',
  'dependencies',
  'config',
  'infrastructure',
] as const;
/** Every three hours of the day, UTC; an hour between two of them counts for both, by how near it is. */
const hours = ['00', '03', '06', '09', '12', '15', '18', '21'] as const;

/**
 * What the outcome model looks at, in the order in which its coefficients are kept: how features fare here at all; what
 * the change itself lets expect, in log-odds of success (`expected`), what tier 1 does (`change`), and the feature's own
 * past (`history`); then what a repository may turn out to be different in. An input that a feature has not is 0.
 */
export const outcomeInputs = [
  'any',
  'expected',
  'change',
  'history',
  ...types.map((type) => `type-${type}` as const),
  'size-medium',
  'size-large',
  'lines',
  'spread',
  'no-tests',
  ...flags,
  'newcomer',
  'old-hand',
  'fixes',
  ...hours.map((hour) => `hour-${hour}` as const),
  'friday',
  'weekend',
] as const;
export type OutcomeInput = (typeof outcomeInputs)[number];

/** A feature as the outcome model sees it; inputs of 0 are left out. */
export type OutcomeInputs = Readonly<Partial<Record<OutcomeInput, number>>>;

const places = new Map<string, number>(outcomeInputs.map((name, place) => [name, place]));

/** The place of an input among the coefficients. */
export function placeOf(name: OutcomeInput): number {
  return places.get(name) ?? 0;
}

/** No input is beyond this: log-odds of a thousandth and a thousand times over. */
const most = 7;

/**
 * As the regression takes it: a number for each input, in their order. What is stored may have been written by another
 * version or by hand: unknown names are passed over, and numbers that mean nothing are 0 or capped.
 */
export function vectorOf(inputs: Readonly<Record<string, number | undefined>>): number[] {
  return outcomeInputs.map((name) => {
    if (name === 'any') return 1;
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    return value === undefined || Number.isNaN(value) ? 0 : Math.min(most, Math.max(-most, value));
  });
}

/** What a feature is by its type, its size and its flags. Changes that nothing runs of need no tests. */
export function kindInputs(
  feature: Pick<Feature, 'type' | 'additions' | 'deletions' | 'flags'>,
): OutcomeInputs {
  const lines = Math.max(0, feature.additions + feature.deletions);
  const size = sizeOfLines(lines);
  const own = new Set(riskFlagsOf(feature));
  const doublings = lines > 50 ? Math.min(4, Math.log2(lines / 50)) / 4 : 0;
  const quiet = feature.type === 'docs' || feature.type === 'test';
  return {
    [`type-${feature.type}`]: 1,
    ...(size === 'small' ? {} : { [`size-${size}`]: 1 }),
    ...(doublings > 0 ? { lines: Math.round(doublings * 1e3) / 1e3 } : {}),
    ...(own.has('no-tests') && !quiet ? { 'no-tests': 1 } : {}),
    ...Object.fromEntries(flags.filter((flag) => own.has(flag)).map((flag) => [flag, 1])),
  };
}

/** When it is deployed: the hour and the day of the week, UTC. A time that is none says nothing. */
export function timeInputs(at: Date): OutcomeInputs {
  const time = at.getTime();
  if (Number.isNaN(time)) return {};
  const hour = at.getUTCHours();
  const near = hours.flatMap((name) => {
    const apart = Math.abs(hour - Number(name));
    const share = 1 - Math.min(apart, 24 - apart) / 3;
    return share > 0 ? [[`hour-${name}`, Math.round(share * 1e3) / 1e3] as const] : [];
  });
  const day = at.getUTCDay();
  return {
    ...Object.fromEntries(near),
    ...(day === 5 ? { friday: 1 } : {}),
    ...(day === 0 || day === 6 ? { weekend: 1 } : {}),
  };
}
