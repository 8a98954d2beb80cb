import type { Share } from './analysis.ts';

/** One kind of deployment against all others that could have been of that kind. */
export interface Comparison extends Share {
  /** `type`, `size`, `batch`, `flag`, `strategy`, `environment`, `weekday`, `hours`, `area` or `experience`. */
  group: string;
  key: string;
  /** Which deployments they are, as a sentence's subject. */
  what: string;
  others: Share;
  /** The share of these that succeeded less that of the others, with its 90 % interval. */
  difference: { value: number; interval: [number, number] };
  /** How probable so great a difference is by chance alone, were it the only one looked at. */
  p: number;
  /** The same with all comparisons counted that could show anything; null where this one could not. */
  adjusted: number | null;
  /** `too-little`: whichever of them had failed, it would show nothing. */
  verdict: 'worse' | 'better' | 'unclear' | 'too-little';
}

/** How many differences were looked for, and what share of histories without any may show one all the same. */
export interface Claims {
  method: string;
  source: string;
  /** Of histories in which nothing differs, at most this share has any difference called one. */
  rate: number;
  /** Comparisons that could show something, and those that could not yet. */
  compared: number;
  tooLittle: number;
}

/** The number of features, the weekday or the hours with which deployments fare best, as far as that can be told. */
export interface Best {
  of: 'batch' | 'weekday' | 'hours';
  /** `shown` beyond chance; `not-shown`: the highest so far; `too-little` history to say anything. */
  verdict: 'shown' | 'not-shown' | 'too-little';
  /** The group's key; null with too little. */
  key: string | null;
  count: number;
  n: number;
  interval: [number, number];
  text: string;
}
