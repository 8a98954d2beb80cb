import type { Best, Claims, Comparison } from './analysis-comparison.ts';
import type { ChangeScore } from './risk/change-score.ts';
import type { HistoryRow } from './memory.ts';

/** So many of `n`, with the 90 % Wilson interval of the share, both ends in 0 … 1. */
export interface Share {
  count: number;
  n: number;
  interval: [number, number];
}

/** The median of `n` durations in milliseconds and its 90 % interval; null where there are too few for one. */
export interface Median {
  n: number;
  medianMs: number | null;
  interval: [number, number] | null;
}

/** A span of time, ISO instants; `to` is not part of it. */
export interface Span {
  from: string;
  to: string;
}

/** How a number went over time: by the calendar, and by so many deployments each, oldest first. */
export interface Course<T> {
  unit: 'day' | 'week' | 'month';
  periods: (Span & T)[];
  /** How many deployments a block holds; the newest one may hold fewer. */
  perBlock: number;
  blocks: (Span & T)[];
  all: T;
  /** The older half against the newer one. */
  change: Change<T>;
}

/** `kind` says what the intervals allow to say: with `unclear` either may be. */
export interface Change<T> {
  kind: 'up' | 'down' | 'unclear' | 'too-little';
  before: T;
  after: T;
  /** How probable so great a change is by chance, with all questions counted that are asked of every history; absent with too little. */
  adjusted?: number;
}

/** One row of a comparison: deployments that have something in common, and how many of them succeeded. */
export interface Group extends Share {
  key: string;
}

/** Deployments whose predicted probability of success lies in `from` … `to`, and how many of them succeeded. */
export interface CalibrationBin extends Share {
  from: number;
  to: number;
  /** The mean of what was predicted. */
  predicted: number;
}

export interface Calibration {
  n: number;
  bins: CalibrationBin[];
  /** Mean squared distance between prediction and outcome, 0 … 1, less is better; null without any. */
  brier: number | null;
  /** The Brier score of always predicting the share that succeeded: what a prediction has to beat. */
  baseRateBrier: number | null;
  /** The mean prediction against how many succeeded: whether they hope too much. */
  predicted: number | null;
  all: Share;
  /** How far predictions are off in the mean, over the bins by their n, 0 … 1; null without any. */
  error: number | null;
  /** The same as it would be by chance with predictions that are exactly right: so much of it means nothing. */
  errorByChance: number | null;
  /** How much better than the base rate the Brier score is, in the mean of a deployment, with its 90 % interval. */
  gain: { value: number; interval: [number, number]; verdict: 'better' | 'worse' | 'unclear' | 'too-little' };
}

/** How far what was chosen was what was advised (M7). */
export interface Agreement {
  /** Of the features that were advised or chosen, those that were both: in all, in the older half of the deployments, in the newer. */
  all: Share;
  before: Share;
  after: Share;
  /** What may be said of the two halves. */
  change: 'up' | 'down' | 'unclear' | 'too-little';
  /** How probable so great a change is by chance alone; absent with too little. */
  p?: number;
  /** Deployments that were chosen exactly as advised. */
  exactly: Share;
}

/** The four metrics of DORA, of one environment, over one window (docs/analysis.md). */
export interface Dora {
  /** Null where nothing was deployed. */
  environment: string | null;
  window: Span & { days: number };
  /** Deployments that succeeded; the rate a week is null where the window is shorter than that. */
  deploymentFrequency: { n: number; perWeek: number | null; interval: [number, number] | null };
  leadTime: Median;
  /** `count` are those that failed users. */
  changeFailureRate: Share;
  timeToRestore: Median;
}

/** What was learned of one kind of deployment, as it decides what is recommended next. */
export interface LearnedPattern {
  group: string;
  key: string;
  what: string;
  succeeded: number;
  n: number;
  interval: [number, number];
}

/** How one feature fared. */
export interface FeatureRecord {
  id: string;
  title: string;
  succeeded: number;
  n: number;
  interval: [number, number];
  /** The sum of its shares in failures. */
  blame: number;
}

/** What to do, only where a difference is beyond chance: by `claims`, and the 99 % interval of it does not hold 0. */
export interface Recommendation {
  text: string;
  n: number;
  /** Of the difference of the two shares, 99 %. */
  interval: [number, number];
  /** How probable it is by chance, with all questions counted. */
  adjusted?: number;
}

/** What past deployments say, every number with its n. */
export interface Analysis {
  schema: 'orchestra/analysis@1';
  /** The environment it is about; null for all of them. */
  environment: string | null;
  /** What was looked at: rows of the history, those that say something of their changes, and those that could not be read. */
  looked: {
    deployments: number;
    counted: number;
    unread: number;
    /** Of those that cannot be read, the ones whose times cannot be; absent where there are none. */
    misdated?: number;
  };
  patterns: LearnedPattern[];
  features: FeatureRecord[];
  trends: {
    success: Course<Share>;
    /** Of those that met users, how many were taken back. */
    rollback: Course<Share>;
    /** From request to end, of those that succeeded. */
    duration: Course<Median>;
    byType: Group[];
    bySize: Group[];
    byBatch: Group[];
    byStrategy: Group[];
    byEnvironment: Group[];
    byRiskFactor: Group[];
    /** Keys are `<weekday> <hour>`, Monday 0, UTC: `0 09`; only those in which something was deployed. */
    byTime: Group[];
    /** Monday is 0. */
    byWeekday: Group[];
    /** Four hours each, UTC: `00–03`. */
    byHours: Group[];
    /** Folders that they changed, two deep; recorded since there is such a thing, as is the next. */
    byArea: Group[];
    /** By how often the one author had committed who had done so least: `new`, `some`, `old-hand`. */
    byExperience: Group[];
  };
  /** Each kind of deployment against the others, and what that allows to say. */
  comparisons: Comparison[];
  claims: Claims;
  /** The number of features and the times with which deployments fare best. */
  best: Best[];
  calibration: Calibration;
  /** How often a person took what was in each bucket, each change as it was decided last; empty while the memory has none. */
  selection: Group[];
  /** How far what was chosen was what was advised. */
  agreement: Agreement;
  dora: Dora;
  recommendations: Recommendation[];
  /** How well changes were judged before anybody had seen what became of them; absent until something was learned from history. */
  changeModel?: ChangeScore;
  /** What is asked of the tests of the next deployments, since past ones failed for lack of them; absent where nothing is. */
  testRequirement?: AskedOfTests[];
}

/** One thing that is asked of tests, `met` of `needed` deployments in a row went well with it. */
export interface AskedOfTests {
  environment: string;
  what: string;
  evidence: string;
  met: number;
  needed: number;
}

/** What an analysis is made of. */
export interface AnalysisRequest {
  rows: readonly HistoryRow[];
  /** Only its deployments. */
  environment?: string;
  /** Milliseconds since the epoch. */
  now: number;
  changeModel?: ChangeScore;
}

/** Counted deployments before a rate is drawn: fewer say next to nothing (one of two is 13–87 %). */
export const fewestForRate = 3;
/** Before predictions are held against outcomes: with ten, 70 % still means 40–89 %. */
export const fewestForCalibration = 10;
