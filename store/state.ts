import type { StoreApi } from 'zustand/vanilla';
import type { Deployment } from '../src/domain/deployment.ts';
import type { Discovery } from '../src/domain/feature.ts';
import type { HistoryOrder } from '../src/domain/history-order.ts';
import type { LearningReport } from '../src/domain/learning-report.ts';
import type { DiffLine } from '../src/domain/line-diff.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import type { SuitePasts } from '../src/domain/suite-past.ts';
import type { Attended, Draft, EnvironmentReport, EnvironmentState } from '../src/engine/orchestrator.ts';
import type { PersonalFile } from '../src/ports/personal.ts';
import { type EventLog, noEvents } from './event-log.ts';
import type { Link } from './link.ts';
import { liveLog, type LogState } from './log.ts';
import type { ColourDepth, ThemeName } from './themes.ts';
import type { AnalysisState, AnalysisTab } from './analysis-state.ts';
import type { Detail, FeatureReading, FeatureTab } from './detail.ts';
import type { Problem } from './problem.ts';
import type { WarmStart } from '../src/domain/risk/warm-start.ts';
import type { SelectionState } from './selection-state.ts';
import type { View } from './views.ts';

export {
  featureTabs,
  recordTabs,
  type Detail,
  type FeatureReading,
  type FeatureTab,
  type Recorded,
  type RecordState,
  type RecordTab,
} from './detail.ts';
export { analysisTabs, type AnalysisState, type AnalysisTab } from './analysis-state.ts';
export type { Problem } from './problem.ts';
export type { Need, Place, ProofState, SelectionState } from './selection-state.ts';
export { otherViews, stageViews, views, type View } from './views.ts';

/** What a confirm dialog sets going when the answer is yes. */
export type Intent =
  | {
      kind: 'roll-out';
      id: string;
      allowDestructive?: true;
      /** Windows and freezes do not hold it up; why, as it was typed. */
      emergency?: true;
      why?: string;
    }
  | { kind: 'unlock'; environment: string }
  | { kind: 'forget-choices' }
  /** Of the environment that was looked at; `hash` is that of the file it was shown for. */
  | { kind: 'improve'; id: string; hash: string; environment?: string }
  | { kind: 'abort'; id: string; /** Its conductor does not answer: that process is ended. */ force?: true }
  | { kind: 'approve'; id: string }
  | { kind: 'roll-back'; draft: Draft; version: string }
  | { kind: 'ship-rest'; draft: Draft };

export interface Dialog {
  title: string;
  rows: readonly { label: string; value: string }[];
  /** What will happen, in sentences. */
  effect: readonly string[];
  /** Lines of a file as they change. */
  diff?: readonly DiffLine[];
  yes: string;
  chosen: 'no' | 'yes';
  /** Where it is given, yes is to type it; and what was typed so far. */
  word?: string;
  /** Where it is set, yes is to type a reason; nothing else is one. */
  reason?: true;
  typed?: string;
  intent: Intent;
}

/** One entry of a list to pick from. */
export interface PickerOption {
  /** What it is remembered by once it was picked; left out where that is of no use. */
  id?: string;
  label: string;
  /** What it means, or the key that does the same. */
  hint?: string;
  /** Why it cannot be picked now. */
  whyNot?: string;
  /** The theme to draw with while the cursor stands on it. */
  theme?: ThemeName;
  run: (store: StoreApi<UiState>) => void;
}

/** An option that fits what was typed, and which characters of its label did, by their place. */
export interface Found {
  option: PickerOption;
  marks: readonly number[];
}

/** Finds the options that fit a text, best first. */
export type Rank = (options: readonly PickerOption[], text: string) => readonly Found[];

/** A list to pick one from, narrowed by what is typed. */
export interface Picker {
  title: string;
  options: readonly PickerOption[];
  text: string;
  /** Which of the options in sight the cursor stands on. */
  at: number;
}

export interface Toast {
  tone: 'info' | 'warn' | 'error';
  text: string;
  /** It is read by a person before it goes: a key takes it away, time does not. */
  stays?: true;
  /** What failed, where something did: its hint is shown below, with the key that gets on. */
  problem?: Problem;
}

/** The orders a person can go round: as the history has them, riskiest, largest, newest first. */
export const sorts = ['oldest', 'newest', 'riskiest', 'largest'] as const;
export type Sort = (typeof sorts)[number];

export interface Size {
  columns: number;
  rows: number;
}

export interface Session {
  view: View;
  /** Where the keys go, as far as that part is there: `focusOf` says which has them now. */
  focus: 'stages' | 'main' | 'drawer';
  /** The row under the cursor, per view. */
  cursors: Readonly<Record<View, number>>;
  /** The row of Testing that a person moved to, and in which deployment: the cursor no longer follows the suite that runs. */
  pinned: { deployment: string; row: string } | undefined;
  detail: Detail | undefined;
  /** First visible line of the open detail, and the largest it may be, as the pane last measured it. */
  scroll: number;
  scrollLimit: number;
  /** So many lines a page of the open detail moves, as the pane last measured it; undefined: as many as fit. */
  page: number | undefined;
  /** Which tab of a feature is shown; it stays from one feature to the next. */
  tab: FeatureTab;
  help: boolean;
  /** Which screen of the tour is shown, from 0. */
  tour: number | undefined;
  /** Clicks and the wheel are taken. */
  mouse: boolean;
  dialog: Dialog | undefined;
  picker: Picker | undefined;
  /** Ids of what was picked in the palette, newest first. */
  recent: readonly string[];
  toast: Toast | undefined;
  /** Rows are narrowed to those that contain `text`; while `typing`, keys go into it. */
  filter:
    | { view: View; text: string; typing: boolean; /** The row it was begun on. */ from?: string | undefined }
    | undefined;
  /** How features stand inside their bucket. */
  sort: Sort;
  /** How past deployments stand in their table, and the one that waits to be compared with another. */
  historyOrder: HistoryOrder;
  marked: string | undefined;
  analysisTab: AnalysisTab;
  /** The environment the analysis is about; undefined for all. */
  analysisOf: string | undefined;
  /** The environment that another one is to be compared with. */
  markedPlace: string | undefined;
  size: Size;
  theme: ThemeName;
  colourDepth: ColourDepth;
  /** Milliseconds since the epoch, as of the last tick. */
  now: number;
  /** Since when a person waits for `workOf`, in the same unit. */
  workSince: number | undefined;
  quitting: boolean;
}

export type DiscoveryState =
  /** `read` is how many of how many commits, once that is known. */
  | { status: 'loading'; read?: { done: number; of: number } }
  | { status: 'loaded'; discovery: Discovery }
  | { status: 'failed'; problem: Problem };

export type ConfigState =
  | { status: 'loading' }
  | { status: 'loaded'; project: string }
  | { status: 'failed'; problem: Problem };

export type ReportsState =
  | { status: 'loading' }
  /** `at` is when they were looked at last, milliseconds since the epoch. */
  | { status: 'loaded'; reports: readonly EnvironmentReport[]; at: number }
  | { status: 'failed'; problem: Problem };

/** A suite's output as far as it was read. */
export interface Output {
  suite: string;
  /** From 2 where it was run again. */
  run?: number | undefined;
  lines: readonly string[];
}

export interface UiState {
  session: Session;
  config: ConfigState;
  environments: readonly EnvironmentState[];
  environment: string | undefined;
  /** All there is to say of every environment, as of the last look. */
  reports: ReportsState;
  discovery: DiscoveryState;
  selection: SelectionState;
  /** The rollout strategy that was picked for an environment; undefined for the usual one. */
  rollout: { environment: string; strategy: string } | undefined;
  /** Undefined while no feature stands open. */
  reading: FeatureReading | undefined;
  deployment: Deployment | undefined;
  /** What it waits for and who works on it, as of the last look; undefined before the first. */
  attended: (Pick<Attended, 'attention' | 'agents'> & { id: string }) | undefined;
  /** The deployment's events, oldest first; the log keeps the newest. */
  events: EventLog;
  log: LogState;
  output: Output | undefined;
  /** What past deployments say of the suites of the one that is shown; undefined until it is read. */
  suitePast: SuitePasts | undefined;
  history:
    | { status: 'loading' }
    | { status: 'loaded'; rows: readonly HistoryRow[] }
    | { status: 'failed'; problem: Problem };
  analysis: AnalysisState;
  /** How learning from the git history stands, and whether it came to an end since what waits was judged; undefined until it was looked. */
  warmStart?: WarmStart & { anew: boolean };
  /** What the last deployment taught, once it has ended; `read` without a report: there is none. */
  learning:
    | { id: string; status: 'reading' | 'read' | 'failed'; report?: LearningReport | undefined }
    | undefined;
  /** A request to the engine that has not come back yet, in words. */
  busy: string | undefined;
  /** How lists to pick from are searched; undefined until it is loaded. */
  rank: Rank | undefined;
  /** Where the person's choices for this terminal are kept; undefined where nothing is. */
  personal: PersonalFile | undefined;
  /** The way to the engine; undefined until it is loaded. */
  link: Link | undefined;
}

/** The state before anything is known: what the first frame draws. */
export function initialState(size: Size, now: number): UiState {
  return {
    session: {
      view: 'discovery',
      focus: 'main',
      cursors: {
        discovery: 0,
        selection: 0,
        staging: 0,
        testing: 0,
        production: 0,
        learning: 0,
        history: 0,
        analysis: 0,
        environments: 0,
        log: 0,
      },
      pinned: undefined,
      detail: undefined,
      scroll: 0,
      scrollLimit: 0,
      page: undefined,
      tab: 'overview',
      help: false,
      tour: undefined,
      mouse: false,
      dialog: undefined,
      picker: undefined,
      recent: [],
      toast: undefined,
      filter: undefined,
      sort: 'oldest',
      historyOrder: 'newest',
      marked: undefined,
      analysisTab: 'overview',
      analysisOf: undefined,
      markedPlace: undefined,
      size,
      theme: 'dark',
      colourDepth: 3,
      now,
      workSince: undefined,
      quitting: false,
    },
    config: { status: 'loading' },
    environments: [],
    environment: undefined,
    reports: { status: 'loading' },
    discovery: { status: 'loading' },
    selection: {
      strategy: 'recommended',
      wanted: [],
      closed: undefined,
      before: undefined,
      ownChoice: undefined,
      proof: { kind: 'none' },
      told: [],
      untold: 0,
      choice: undefined,
      fresh: new Set(),
    },
    rollout: undefined,
    reading: undefined,
    deployment: undefined,
    attended: undefined,
    events: noEvents,
    log: liveLog,
    output: undefined,
    suitePast: undefined,
    history: { status: 'loading' },
    analysis: { status: 'idle' },
    learning: undefined,
    busy: undefined,
    rank: undefined,
    personal: undefined,
    link: undefined,
  };
}
