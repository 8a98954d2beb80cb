import type { Agreement, Share } from './analysis.ts';
import { fewestChanges, fewestDeployments } from './choices-leanings.ts';
import type { ChoicesReport } from './choices-report.ts';
import { counted } from './counted.ts';
import { formatInterval } from './interval.ts';

/** Habits that are listed; the rest is in the JSON. */
const mostListed = 12;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const bucketWords: Readonly<Record<string, string>> = {
  must: 'must',
  recommended: 'recommended',
  optional: 'optional',
  not_recommended: 'not recommended',
};

/** What was learned of people's choices, as lines. */
export function choicesLines({ since, deployments, changes, buckets, leanings }: ChoicesReport): string[] {
  const cleared = since === null ? [] : [`Cleared at ${since}; what was chosen before does not count.`];
  if (changes === 0)
    return [
      'Nothing was learned of your choices yet: it needs deployments whose features somebody chose.',
      ...cleared,
    ];
  const moves = leanings.filter(({ state }) => state === 'moves');
  const others = leanings.filter(({ state }) => state !== 'moves');
  return [
    `${counted(changes, 'change')} decided in ${counted(deployments, 'deployment')}, each counted as decided last.`,
    ...cleared,
    ...buckets.map(
      ({ key, count, n, interval }) =>
        `  ${Object.hasOwn(bucketWords, key) ? bucketWords[key] : key}: ${count} of ${n} taken (${formatInterval(interval)})`,
    ),
    '',
    moves.length === 0
      ? `No advice is moved: that takes ${fewestChanges} changes of a kind in ${fewestDeployments} deployments, most of them against it.`
      : 'Moved by what you chose:',
    ...moves.map(({ text }) => `  ${capital(text)}`),
    ...(others.length > 0 ? ['Known besides:'] : []),
    ...others.slice(0, mostListed).map(({ text }) => `  ${capital(text)}`),
    ...(others.length > mostListed ? [`  and ${others.length - mostListed} more`] : []),
  ];
}

const changeWords: Readonly<Record<Agreement['change'], string>> = {
  up: 'it rises',
  down: 'it falls',
  unclear: 'whether it changes is not clear',
  'too-little': 'too little for a trend',
};

/** How far what was chosen was what was advised, as lines. */
export function agreementLines({ all, before, after, change, exactly }: Agreement): string[] {
  if (all.n === 0) return ['Selection agreement: not enough history, no deployment tells what was advised.'];
  const half = ({ count, n, interval }: Share) => `${count} of ${n}, ${formatInterval(interval)}`;
  const trend =
    change === 'too-little'
      ? changeWords[change]
      : `${changeWords[change]} (${half(before)}; then ${half(after)})`;
  return [
    `Selection agreement: of ${all.n} features advised or chosen ${all.count} were both (${formatInterval(all.interval)}); ${trend}.`,
    `Chosen exactly as advised: ${exactly.count} of ${counted(exactly.n, 'deployment')} (${formatInterval(exactly.interval)}).`,
  ];
}
