import {
  fewestForCalibration,
  fewestForRate,
  type Calibration,
  type Change,
  type Dora,
  type Median,
  type Share,
} from './analysis.ts';
import { counted } from './counted.ts';
import { formatDuration } from './duration.ts';
import { formatInterval } from './interval.ts';

/** `7 of 9 (50–92 %)`; of nothing `none yet`. */
export function shareWords({ count, n, interval }: Share): string {
  return n === 0 ? 'none yet (n=0)' : `${count} of ${n} (${formatInterval(interval)})`;
}

/** A long duration for people: days and hours from two days on. */
export function longDuration(ms: number): string {
  const hours = ms / 3_600_000;
  return hours < 48 ? formatDuration(ms) : `${(hours / 24).toFixed(hours < 240 ? 1 : 0)} days`;
}

/** `median 2 min 4 s (1 min–3 min, n=12)`; with too few of them it says so. */
export function medianWords({ n, medianMs, interval }: Median): string {
  if (medianMs === null) return 'none yet (n=0)';
  const range = interval
    ? `${longDuration(interval[0])} – ${longDuration(interval[1])}, n=${n}`
    : `n=${n}: too few for an interval`;
  return `median ${longDuration(medianMs)} (${range})`;
}

/** What a change over time allows to say, in a sentence without its end. */
export function changeWords<T>(
  { kind, before, after }: Change<T>,
  words: { up: string; down: string; of: (part: T) => string },
): string {
  const numbers = `older half ${words.of(before)}, newer half ${words.of(after)}`;
  switch (kind) {
    case 'up':
      return `${words.up}: ${numbers}`;
    case 'down':
      return `${words.down}: ${numbers}`;
    case 'unclear':
      return `no difference that these numbers could show: ${numbers}`;
    case 'too-little':
      return 'too few to say how it changed';
    default:
      return kind satisfies never;
  }
}

/** Whether a rate has too few outcomes to be drawn. */
export function tooFew({ n }: { n: number }): boolean {
  return n < fewestForRate;
}

/** What the predictions were worth, in sentences. */
export function calibrationWords(calibration: Calibration): string[] {
  const { n, brier, baseRateBrier, predicted, all, error, errorByChance } = calibration;
  if (
    n < fewestForCalibration ||
    brier === null ||
    baseRateBrier === null ||
    predicted === null ||
    error === null ||
    errorByChance === null
  )
    return [
      `${counted(n, 'deployment')} with a prediction ended: from ${fewestForCalibration} on, predictions are held against outcomes.`,
    ];
  return [
    `Predicted ${Math.round(predicted * 100)} % on average; ${shareWords(all)} succeeded.`,
    `Brier score ${brier.toFixed(3)}, against ${baseRateBrier.toFixed(3)} of always saying the base rate (n=${n}): ${gainWords(calibration)}.`,
    `Calibration error ${error.toFixed(3)}; predictions that are exactly right would have ${errorByChance.toFixed(3)} by chance (n=${n}).`,
  ];
}

function gainWords({ gain: { value, interval, verdict } }: Calibration): string {
  const by = `${signed(value)} (${signed(interval[0])} to ${signed(interval[1])})`;
  switch (verdict) {
    case 'better':
      return `the predictions are better than that, by ${by}`;
    case 'worse':
      return `the predictions are worse than that, by ${by}`;
    case 'too-little':
      return 'all of them ended alike, so the two are not compared';
    case 'unclear':
      return `no difference beyond chance, ${by}`;
    default:
      return verdict satisfies never;
  }
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** The four metrics: a name, a value and how it comes about, each. */
export function doraWords(dora: Dora): { name: string; value: string; formula: string }[] {
  const { deploymentFrequency: frequency, window, changeFailureRate: failed } = dora;
  const often =
    frequency.perWeek === null || frequency.interval === null
      ? `${frequency.n} in ${window.days < 1 ? 'less than a day' : `${window.days.toFixed(0)} days`}: too short for a rate`
      : `${perWeek(frequency.perWeek)} a week (${perWeek(frequency.interval[0])}–${perWeek(frequency.interval[1])}, n=${frequency.n})`;
  return [
    {
      name: 'deployment frequency',
      value: often,
      formula: `new deployments that succeeded ÷ weeks${frequency.perWeek === null ? ', from a week of history on' : ` = ${frequency.n} ÷ ${(window.days / 7).toFixed(1)}`}`,
    },
    {
      name: 'lead time for changes',
      value: medianWords(dora.leadTime),
      formula: `median of (serves everybody − first commit written), of ${counted(dora.leadTime.n, 'feature')}`,
    },
    {
      name: 'change failure rate',
      value: shareWords(failed),
      formula: `failed users ÷ met users = ${failed.count} ÷ ${failed.n}`,
    },
    {
      name: 'time to restore',
      value: medianWords(dora.timeToRestore),
      formula: `failed-deployment recovery: median of (stable for all again − first users), of ${counted(dora.timeToRestore.n, 'failure')}`,
    },
  ];
}

const perWeek = (rate: number) =>
  rate < 1 ? rate.toFixed(2) : rate < 10 ? rate.toFixed(1) : Math.round(rate).toString();
