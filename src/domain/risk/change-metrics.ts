import { z } from 'zod';

/**
 * What just-in-time defect prediction measures of a change (Kamei et al., TSE 2013), counted as in the open data of
 * Zeng et al. (ISSTA 2021). All of it is known before the change ships; days for `age`, plain counts else.
 */
export interface ChangeMetrics {
  /** Top-level folders touched. */
  ns: number;
  /** Folders touched. */
  nd: number;
  /** Files touched. */
  nf: number;
  /** Shannon entropy, in bits, of the changed lines over the files. */
  entropy: number;
  /** Lines added. */
  la: number;
  /** Lines deleted. */
  ld: number;
  /** Lines in the files before the change, over all of them. */
  lt: number;
  /** Whether the change says that it fixes something. */
  fix: boolean;
  /** Authors who changed the files, this one included. */
  ndev: number;
  /** Mean days since the files' last change. */
  age: number;
  /** Changes of the files so far, this one included, over all of them. */
  nuc: number;
  /** Changes of files by the author, these included. */
  exp: number;
  /** The same, each weighted by 1/(its age in years + 1). */
  rexp: number;
  /** Different files the author changed in these top-level folders, these included. */
  sexp: number;
}

/** The most that any count is taken for: files, lines, days and changes beyond it say nothing more. */
const MOST = 1e7;
const count = z.number().transform((value) => Math.min(MOST, Math.max(0, value)));

/** Metrics from outside: numbers that no change can have are taken for the nearest it can. */
export const changeMetricsSchema: z.ZodType<ChangeMetrics> = z.object({
  ns: count,
  nd: count,
  nf: count,
  entropy: count,
  la: count,
  ld: count,
  lt: count,
  fix: z.boolean(),
  ndev: count,
  age: count,
  nuc: count,
  exp: count,
  rexp: count,
  sexp: count,
});

/** A metric that no hostile or broken source can make infinite, negative or not a number. */
export function soundCount(value: number): number {
  return value > 0 ? Math.min(MOST, value) : 0;
}
