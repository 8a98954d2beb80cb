import type { Deployment } from '../src/domain/deployment.ts';
import type { Event } from '../src/domain/event.ts';
import type { CommitNote, DiffRow } from '../src/domain/feature-diff.ts';
import type { LearningReport } from '../src/domain/learning-report.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import type { EnvironmentsApart } from '../src/engine/orchestrator.ts';
import type { Problem } from './problem.ts';
import type { Reading } from './reading.ts';

/** What stands open over a view's list. */
export type Detail =
  | { kind: 'feature'; id: string }
  | { kind: 'text'; title: string; lines: readonly string[] }
  /** One of the deployment's papers; in the checklist `item` is the one under the cursor. */
  | ({ kind: 'paper'; path: string; item?: string | undefined } & Reading)
  /** What a suite wrote; `run` counts from 2 where it was run again. */
  | ({ kind: 'output'; suite: string; run: number | undefined } & Reading)
  | { kind: 'record'; row: HistoryRow; tab: RecordTab; record: RecordState }
  /** Two past deployments side by side; `a` is the one that was marked. */
  | { kind: 'comparison'; a: Recorded; b: Recorded }
  | { kind: 'environment'; name: string }
  /** Two environments side by side; `apart` once they are compared, `problem` where they cannot be. */
  | { kind: 'apart'; a: string; b: string; apart?: EnvironmentsApart; problem?: string }
  | { kind: 'event'; event: Event };

/** What was read of the past deployment that stands open. */
export type RecordState =
  | { status: 'reading' }
  | {
      status: 'read';
      /** Undefined where neither record nor journal can be read. */
      deployment: Deployment | undefined;
      report: LearningReport | undefined;
      /** Its events, once somebody looks at them. */
      events?: readonly Event[];
    }
  | { status: 'failed'; problem: Problem };

/** A past deployment: its row, and its record as far as it can be read. */
export interface Recorded {
  row: HistoryRow;
  deployment: Deployment | undefined;
}

/** What an open record shows, a tab each. */
export const recordTabs = ['overview', 'phases', 'gates', 'features', 'suites', 'events', 'lessons'] as const;
export type RecordTab = (typeof recordTabs)[number];

/** What an open feature shows, a tab each. */
export const featureTabs = ['overview', 'commits', 'files', 'diff'] as const;
export type FeatureTab = (typeof featureTabs)[number];

/** What git was asked about the feature that stands open. */
export interface FeatureReading {
  id: string;
  commits:
    | { status: 'idle' | 'loading' }
    | { status: 'loaded'; notes: readonly CommitNote[] }
    | { status: 'failed'; problem: Problem };
  /** `rows` only grow while it is read. */
  diff:
    | { status: 'idle' }
    | { status: 'reading' | 'read'; rows: readonly DiffRow[] }
    | { status: 'failed'; rows: readonly DiffRow[]; problem: Problem };
  /** The row under the cursor among its files. */
  file: number;
  /** The file the diff is to be opened at, until its first row is read. */
  seek: string | undefined;
}
