import type { SavedSelection } from '../domain/choice.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Outcome } from '../domain/event.ts';
import type { RunsWhere } from '../domain/environments-document.ts';
import type { HistoryRow, Patterns, Preferences } from '../domain/memory.ts';
import type { ChangeLearning } from '../domain/risk/change-learning.ts';
import type { SignOff } from '../domain/sign-off.ts';
import type { Look } from '../domain/progress.ts';

/** A file to be written for people: a Markdown or HTML paper, a helper script, a report. */
export interface Document {
  /** Path below the deployment's folder, with `/`. */
  name: string;
  text: string;
  executable?: boolean;
}

export interface NewestIn {
  last: { id: string; outcome: Outcome };
  succeeded: string | null;
}

/** The documents under `deployment_memory/`. Readers never create files; what does not parse is moved aside and said. */
export interface Memory {
  /** The memory's folder, absolute. */
  readonly dir: string;
  preferences(): Promise<Preferences>;
  patterns(): Promise<Patterns>;
  /** Changes the patterns in one atomic, locked step. */
  updatePatterns(change: (patterns: Patterns) => Patterns): Promise<Patterns>;
  /** Forgets what was learned of people's choices, for good: those of deployments asked for before `since` do not come back. */
  forgetChoices(since: string): Promise<void>;
  /** What the git history taught about changes; undefined where nothing was learned yet. */
  changeLearning(): Promise<ChangeLearning | undefined>;
  keepChangeLearning(learning: ChangeLearning): Promise<void>;
  /** Newest first, without their facts. */
  history(): Promise<HistoryRow[]>;
  /** Of each environment the newest deployment, and the id of the newest that succeeded; reads no rows. */
  newest(): Promise<Readonly<Record<string, NewestIn>>>;
  /** The rows, each with its facts where its record has them: rows of before there were any read it, once. */
  historyWithFacts(told: (done: number, of: number) => void, signal?: AbortSignal): Promise<HistoryRow[]>;
  /** One finished deployment, whole; undefined when there is none. */
  record(id: string): Promise<Deployment | undefined>;
  /** What runs in each environment, since when and by which deployment. */
  environments(): Promise<Readonly<Record<string, RunsWhere>>>;
  /** Writes `deployment.json` of a finished deployment and its row in the history index, from `current/<id>` to `history/<id>`. */
  archive(deployment: Deployment): Promise<void>;
  /** Packs the folders of old deployments and removes packed ones as the preferences say, a few at a time. */
  tidy(): Promise<void>;
  /** Sets aside what does not parse, and writes what follows from the history: index, what runs where, statistics. */
  settle(): Promise<void>;
  /** Throws code `newer-schema` (78) where a document that the end of a deployment writes is a later version's. */
  refuseNewer(): Promise<void>;
  /** The saved selection that the next deploy offers. */
  selection(): Promise<SavedSelection | undefined>;
  saveSelection(selection: SavedSelection): Promise<void>;
  /** Sign-offs that were given for candidates of an environment, oldest first. */
  signOffs(environment: string): Promise<SignOff[]>;
  keepSignOff(environment: string, signOff: SignOff): Promise<void>;
  /** Writes documents into `current/<id>/`, each atomically; their paths inside the memory's folder. */
  writeDocuments(id: string, documents: readonly Document[]): Promise<string[]>;
  /** Writes documents of a deployment that was put away; whether its folder is still there, else nothing is written. */
  writeAfterwards(id: string, documents: readonly Document[]): Promise<boolean>;
  /** Whether a deployment was put away and has its whole folder in the history. */
  isKept(id: string): Promise<boolean>;
  /** The text of a deployment's document or log, running or finished, its last megabyte; undefined when there is none. */
  readDocument(id: string, name: string): Promise<string | undefined>;
  /**
   * Gives a file of a deployment in parts, from its beginning, however long it is; false when there is none, or when it
   * stands in no folder of its own any more.
   */
  readParts(id: string, name: string, each: (part: Uint8Array) => void): Promise<boolean>;
  /** Writes a new file into `exports/`, never over another; its path, absolute. `name` is a plain file name. */
  writeExport(name: string, text: string): Promise<string>;
  /** Where a running deployment's own file stands, absolute; `name` is a path below its folder. */
  pathOf(id: string, name: string): string;
  /**
   * Writes `progress.json` and `progress-status.txt` for watchers. `gather` looks at every deployment while no other process
   * writes them, so that no later text comes from an earlier look. `patienceMs` is how long it may wait for that. Throws
   * `memory-locked` when that was not enough.
   */
  writeProgress(gather: () => Promise<readonly Look[]>, options?: { patienceMs?: number }): Promise<void>;
  /** What was moved aside while reading, in words; emptied by the call. */
  takeWarnings(): string[];
}
