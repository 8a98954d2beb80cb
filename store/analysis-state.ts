import type { Analysis } from '../src/domain/analysis.ts';
import type { Improvements } from '../src/domain/improvement.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import type { Problem } from './problem.ts';

/** What the analysis shows, a tab each. */
export const analysisTabs = ['overview', 'trends', 'kinds', 'times', 'predictions', 'delivery'] as const;
export type AnalysisTab = (typeof analysisTabs)[number];

/** The analysis as far as it is known; `environment` undefined is all of them. */
export type AnalysisState =
  | { status: 'idle' }
  /** Records of before are being read: how many of how many, and how long that may still take. */
  | { status: 'reading'; environment: string | undefined; done: number; of: number; leftMs?: number }
  | {
      status: 'read';
      environment: string | undefined;
      analysis: Analysis;
      /** The rows it was made of: others make it out of date. */
      rows: readonly HistoryRow[];
      /** What could be done better; looked for once the analysis is there. */
      improvements?:
        | { status: 'reading'; whyNot: string }
        /** `whyNot` says why none can be applied, where that is so. */
        | { status: 'read'; found: Improvements; whyNot?: string }
        | { status: 'failed'; problem: Problem; whyNot: string };
    }
  | {
      status: 'failed';
      environment: string | undefined;
      problem: Problem;
      rows: readonly HistoryRow[];
    };
