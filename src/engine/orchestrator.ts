import type { Actor } from '../domain/actor.ts';
import type { Choice, SavedSelection } from '../domain/choice.ts';
import type { Command } from '../domain/command.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Event, ShippedFeature, Source, Version } from '../domain/event.ts';
import type { Discovery, Risk, RiskLevel, Selection } from '../domain/feature.ts';
import type { CommitNote, DiffRow } from '../domain/feature-diff.ts';
import type { Link } from '../domain/link.ts';
import type { HistoryRow } from '../domain/memory.ts';
import type { Plan, Stage, SuitePlan } from '../domain/plan.ts';
import type { Replay } from '../domain/replay.ts';
import type { RestOf } from '../domain/rest-of.ts';
import type { Start, Trigger } from '../domain/schedule.ts';
import type { Settings } from '../domain/settings.ts';
import type { SuitePasts } from '../domain/suite-past.ts';
import type { CarriedOver } from '../planning/carry-over.ts';
import type { Attended, Attending } from './attending.ts';
import type { Merges } from './merges.ts';
import type { ForcedEnd } from './forced-end.ts';
import type { Analysing } from './analysing.ts';
import type { Improving } from './improving.ts';
import type { Artifactual } from './artifacts-view.ts';
import type { Auditing } from './auditing.ts';
import type { ChoicesCleared, LearnedChoices } from './learned-choices.ts';
import type { Reporting } from './reporting.ts';
import type { Verified, Verifying } from './verifying.ts';
import type { ResetDone, Resetting } from './resetting.ts';
import type { Rest, Resting } from './rest.ts';
import type { LearningFromHistory } from './warm-start.ts';
import type { LockLook, Unlocked } from './unlock.ts';
import type { DeployDiff } from './deploy-diff.ts';
import type { DiffRequest } from './feature-diff.ts';
import type { EnvironmentReport } from './environment-report.ts';
import type { EnvironmentsApart } from './environments-apart.ts';
import type { RolloutOptions } from './rollout-options.ts';
import type { SigningOff } from './signing-off.ts';
import type { Validating } from './validating.ts';
import type { AskedOverride } from '../gates/overrides.ts';

export type {
  Attended,
  ChoicesCleared,
  CarriedOver,
  DiffRequest,
  EnvironmentReport,
  EnvironmentsApart,
  ForcedEnd,
  LockLook,
  ResetDone,
  Rest,
  RolloutOptions,
  Unlocked,
  Verified,
};

/** What a person picks: a strategy of selection, or feature ids. */
export type Wanted = { kind: 'recommended' | 'critical' | 'all' } | { kind: 'ids'; ids: string[] };

export interface DeployRequest {
  environment: string;
  /** A selection to build, or an existing revision (`--version`). */
  what:
    | { kind: 'select'; wanted: Wanted }
    | { kind: 'version'; ref: string }
    | { kind: 'from'; environment: string };
  strategy?: string;
  by: Actor;
  why?: string;
  /** The change request, issues and specifications a person names with it. */
  links?: Link[];
  /** The word that a destructive migration asks for was said. */
  allowDestructive?: true;
  /** When its rollout is to begin; absent: as soon as it is ready. */
  start?: Start;
  /** Windows and freezes do not hold it up; `why` says why, and has to. */
  emergency?: true;
  /** What brought it about, where that is no person: a merge that was followed. */
  trigger?: Trigger;
  /** Gates that a person lets pass, each with a reason. */
  overrides?: readonly AskedOverride[];
  /** The last stage to enter without being asked again; a full deployment says `learning`. */
  through: Stage;
  unattended: boolean;
}

/** A deployment as it would be: what `--dry-run` prints and a confirm dialog shows. Nothing was started. */
export interface Draft {
  kind: 'deploy' | 'rollback';
  environment: string;
  stable: Version | null;
  source: Source;
  features: ShippedFeature[];
  plan: Plan;
  /** The tree that was proved; absent for an existing revision. */
  tree?: string;
  /** Of everything together; absent where an existing revision is deployed. */
  risk?: Risk;
  /** The failed deployment that it is the rest of, and what it leaves out; absent where it is none's. */
  restOf?: RestOf;
}

/** What a face found unfinished and without its conductor, and what became of it. */
export interface Recovered {
  id: string;
  environment: string;
  recovery: 'resume' | 'roll_back';
  reason: string;
}

/** What serves in an environment now. */
export interface EnvironmentState {
  name: string;
  description: string | undefined;
  url: string;
  /** The version the environment's record says; null before the first deployment. */
  deployed: Version | null;
  /** Whether a proxy and a process really serve it, in every place. */
  serving: boolean;
  /** Each place, where there is more than one. */
  places?: { service: string; region?: string; url: string; serving: boolean }[];
  active: string | undefined;
  /** The strategy that the settings name for it; absent where its risk decides. */
  strategy?: string;
  /** Since when it runs and by which deployment, and whether that saw it healthy; absent where the history does not say. */
  runs?: { since: string; deployment: string; verified: boolean };
  /** How its verification stands, in a line; absent where nobody looked after it. */
  verification?: string;
}

/**
 * What a person may read of a deployment: one of its papers, by the path its events name, or a suite's output; `run`
 * counts from 2 where it was run again.
 */
export type Readable = { kind: 'paper'; path: string } | { kind: 'suite'; suite: string; run?: number };

/** The engine as every face sees it: commands in, events out. */
export interface Orchestrator
  extends
    Analysing,
    Artifactual,
    Attending,
    Auditing,
    Improving,
    LearnedChoices,
    LearningFromHistory,
    Merges,
    Reporting,
    Resetting,
    Resting,
    SigningOff,
    Validating,
    Verifying {
  readonly root: string;
  /** Who works here, as git knows them (else the system's user), through `face`. */
  actor(face: Actor['face']): Promise<Actor>;
  /** Throws code `no-config` (78) when the repository has no `orchestra.yaml`. */
  settings(): Promise<Settings>;
  /** Works without `orchestra.yaml`. */
  discover(options: {
    base?: string;
    head?: string;
    environment?: string;
    signal?: AbortSignal;
    /** Told now and then how many of the waiting commits were read. */
    progress?: (read: number, of: number) => void;
  }): Promise<Discovery>;
  /** The same as the JSON of one document, in pieces, for whoever only passes it on. */
  discoverJson(options: Parameters<Orchestrator['discover']>[0]): AsyncIterable<string | Buffer>;
  /** Closure of what is wanted, from a discovery already made; pure and quick, for every toggle. Throws code `unknown-feature` (2). */
  close(discovery: Discovery, wanted: Wanted): Selection;
  /** Proves a closed selection on the git objects; may add features that the proof needs. */
  prove(discovery: Discovery, selection: Selection, signal?: AbortSignal): Promise<Selection>;
  savedSelection(): Promise<SavedSelection | undefined>;
  /** Saves what ships, with the choice behind it where it is known; `by` is who chose. */
  saveSelection(selection: SavedSelection, by?: Actor): Promise<void>;
  /** A choice or saved selection as it reads in this discovery: rewritten commits found again, what is gone named. */
  takeUp(discovery: Discovery, from: Choice | SavedSelection, signal?: AbortSignal): Promise<CarriedOver>;
  /** Commits as their authors wrote them, in that order; safe to show. Commits that are not there have none. */
  commitNotes(commits: readonly string[], signal?: AbortSignal): Promise<readonly CommitNote[]>;
  /** A feature's diff as git reads it, some rows at a time; safe to show, and cut where it is too long to be looked at. */
  featureDiff(request: DiffRequest, signal?: AbortSignal): AsyncIterable<readonly DiffRow[]>;
  /**
   * The strategies that an environment can roll out with, and what is usual where the deployment's risk is that. Throws
   * `no-config` (78), `unknown-environment` (2).
   */
  rolloutOptions(request: { environment: string; risk: RiskLevel }): Promise<RolloutOptions>;
  /** `discovery` spares looking again, where the face has just looked. */
  draft(request: DeployRequest, discovery?: Discovery): Promise<Draft>;
  /** What a deployment would change, against what runs; that nothing would is an answer, not an error. */
  diff(request: Pick<DeployRequest, 'environment' | 'what' | 'strategy'>): Promise<DeployDiff>;
  /**
   * Locks the environment, journals the request, starts the conductor; the deployment's id. A draft that was shown
   * before is deployed as it was shown. Throws `locked` (5), or `stable-moved` when the draft is out of date.
   */
  deploy(request: DeployRequest, draft?: Draft): Promise<string>;
  /**
   * Starts a new deployment of the previous or a named version; one that was shown before, as it was shown. Throws
   * `stable-moved` when that is out of date: somebody else rolled back meanwhile.
   */
  rollback(
    request: { environment: string; version?: string; by: Actor; why?: string; unattended: boolean },
    draft?: Draft,
  ): Promise<string>;
  rollbackDraft(request: { environment: string; version?: string }): Promise<Draft>;
  /** Puts a command into a running deployment's inbox; resolves once it is journaled, with the reason it was refused, if so. */
  command(id: string, command: Command, by: Actor, why?: string): Promise<{ refused: string | undefined }>;
  /**
   * Ends a deployment whose conductor does not answer: that very process is ended, another one finds the request to abort and
   * restores stable. Throws `not-needed` (2) where it answers or none runs; then nothing was done.
   */
  forceEnd(
    request: { id: string; by: Actor; why?: string },
    told?: (text: string) => void,
  ): Promise<ForcedEnd>;
  /** Who holds an environment, and whether `unlock` would free it. */
  lockOf(environment: string): Promise<LockLook>;
  /**
   * Frees an environment whose deployment lost its conductor for good: that ends as `halted`, traffic stays where it is.
   * Throws `conductor-alive` or `locked` (5) where somebody still stands behind the lock.
   */
  unlock(request: { environment: string; by: Actor; why?: string }): Promise<Unlocked>;
  /** Unfinished deployments, oldest first. */
  active(): Promise<Deployment[]>;
  environments(): Promise<EnvironmentState[]>;
  /**
   * All there is to say of every environment, in the file's order; slower than `environments`, above all where versions are
   * compared for the first time, which `quick` leaves out.
   */
  reportEnvironments(options?: { quick?: boolean }): Promise<EnvironmentReport[]>;
  /** What each of two environments runs that the other does not. Throws `unknown-environment` (78). */
  compareEnvironments(a: string, b: string): Promise<EnvironmentsApart>;
  /** The fold of one deployment, running or finished. */
  get(id: string): Promise<Deployment | undefined>;
  /**
   * Every event after `fromSeq`, then new ones as they come, until the deployment is finished or the signal is aborted. Meanwhile
   * `by` is among those who work on it.
   */
  follow(id: string, fromSeq: number, signal?: AbortSignal, by?: Actor): AsyncIterable<Event>;
  /** A paper, or a suite's output so far, as safe lines; output is its last 2,000, empty before it began. */
  read(id: string, what: Readable): Promise<string[]>;
  /** What the newest deployments say of suites: how long each took, and where it passed and failed on the same candidate. */
  suitePast(suites: readonly SuitePlan[]): Promise<SuitePasts>;
  /** Newest first; with what analysis needs of each, where asked for. */
  history(options?: { facts?: boolean }): Promise<HistoryRow[]>;
  /**
   * A finished deployment judged again, with what `orchestra.yaml` says now or with `thresholds`, a file. Throws
   * `unknown-deployment` or `not-finished` (2), `bad-config` (78).
   */
  replay(id: string, thresholds?: string): Promise<Replay>;
  /** Restarts the conductor of every unfinished deployment that lost it; waits until each has said what it does. */
  recover(told?: (text: string) => void): Promise<Recovered[]>;
  /** What a reader should be told: documents moved aside, and the like; emptied by the call. */
  takeWarnings(): string[];
}
