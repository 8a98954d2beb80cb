import type { ActionResult } from './action.ts';
import type { ArtifactState } from './artifact.ts';
import type { Actor } from './actor.ts';
import type { ChecklistItem, Tick } from './checklist.ts';
import type { Culprit } from './culprit.ts';
import type { Effect } from './effect.ts';
import type { Failure, Outcome, Regenerated, Source, Version } from './event.ts';
import type { Risk } from './feature.ts';
import type { FlagProgress } from './flag.ts';
import type { GateResult, GateTime } from './gate.ts';
import type { Link } from './link.ts';
import type { MeasureState } from './measure.ts';
import type { PlaceNumbers } from './place-state.ts';
import type { Phase, Plan, ScaleStep, Stage } from './plan.ts';
import type { RestOf } from './rest-of.ts';
import type { Sample } from './sample.ts';
import type { SignOff } from './sign-off.ts';
import type { SideBySide } from './side-by-side.ts';
import type { FlakyPast } from './suite-past.ts';
import type { SuiteState } from './suite-result.ts';
import type { SuiteUnderWay } from './suites-under-way.ts';
import type { Start, Trigger } from './schedule.ts';
import type { Decision } from './verdict.ts';

/** A person's yes. */
export interface Yes {
  by: Actor;
  at: string;
  why?: string | undefined;
}

export type StageState =
  | { status: 'pending' }
  | { status: 'active'; startedAt: string }
  | {
      status: 'passed' | 'failed' | 'skipped';
      startedAt: string | undefined;
      finishedAt: string;
      reason: string;
    };

export type PhaseState = Phase & {
  startedAt: string | undefined;
  /** When all of the phase's traffic was in place; the watch counts from here. */
  weightAt: string | undefined;
  /** The parts of its scaling that are done. */
  scaled?: ScaleStep[] | undefined;
  decision: Decision | undefined;
  /** What held it up or took it back, each time, the oldest first and bounded; absent where nothing did, and in records of before. */
  held?: { kind: 'pause' | 'roll_back'; rule: string; at: string }[] | undefined;
  finishedAt: string | undefined;
};

/** What the deployment does or waits for now; one member per state, so none can be half true. */
export type Status =
  | { kind: 'running' }
  /** Prepared as far as it was asked; a person says when to go on. */
  | {
      kind: 'waiting';
      after: Stage;
      /** It goes on by itself then, and why not before. */
      until?: string | undefined;
      reason?: string | undefined;
      since?: string | undefined;
    }
  | { kind: 'paused'; reason: string; since: string }
  | { kind: 'rolling_back'; trigger: string; reason: string; since: string }
  /** The outcome is sure; what is left is learning from it. */
  | { kind: 'concluding'; outcome: Outcome; reason: string }
  | { kind: 'finished'; outcome: Outcome; reason: string; at: string; durationMs: number };

/** Where the candidate is in its life. */
export type CandidateState =
  | { kind: 'none' }
  | ({ kind: 'built' } & BuiltState)
  | ({ kind: 'running'; port: number; pid: number } & BuiltState)
  | ({ kind: 'promoted'; port: number; pid: number } & BuiltState);

interface BuiltState {
  version: Version;
  /** What the proof promised. */
  tree: string;
  branch: string | null;
  regenerated?: Regenerated[] | undefined;
  notes?: string[] | undefined;
}

/** The fold of a journal: everything there is to know about one deployment. */
export interface Deployment {
  id: string;
  /** The last event folded in. */
  seq: number;
  environment: string;
  kind: 'deploy' | 'rollback';
  by: Actor;
  why: string | undefined;
  requestedAt: string;
  updatedAt: string;
  stable: Version | null;
  source: Source;
  plan: Plan;
  through: Stage;
  unattended: boolean;
  risk: Risk | undefined;
  /** What it belongs to elsewhere; absent where nothing is known. */
  links?: Link[] | undefined;
  /** The failed deployment that it is the rest of, and what it leaves out; absent where it is none's. */
  restOf?: RestOf | undefined;
  status: Status;
  stages: Record<Stage, StageState>;
  candidate: CandidateState;
  /** What is rolled out, once it was built or found; absent before that and in records of before there were artifacts. */
  artifact?: ArtifactState | undefined;
  papers: string[] | undefined;
  /** What people are to tick, frozen with the papers; empty before them. */
  checklist: ChecklistItem[];
  /** What they ticked so far. */
  ticks: Tick[];
  /** Each suite that ran, in the plan's order; its last run is the one that counts. */
  suites: SuiteState[];
  /** A suite that is to be run again, and at whose word. */
  rerun: { suite: string; by: Actor } | undefined;
  testReport: string | undefined;
  /** What the history said of tests that failed only sometimes, when they were reported. */
  flakyPast?: FlakyPast | undefined;
  /** How the gates stood when they were looked at, by their time; absent before the first look. */
  gates?: Partial<Record<GateTime, GateResult[]>> | undefined;
  /** Sign-offs that were given to it while it ran; absent where none was. */
  signOffs?: SignOff[] | undefined;
  /** A person said the word that a destructive migration asks for; absent where nobody did, and in records of before. */
  allowDestructive?: true | undefined;
  stableReady: boolean;
  /** Stable died in the middle of the rollout and is not back yet. */
  stableLost?: boolean | undefined;
  /** Whether a candidate that starts within its first phase was prepared. */
  prepared?: boolean | undefined;
  phases: PhaseState[];
  /** Index into `phases` of the one under way; −1 before the first. */
  phase: number;
  /** Of the phase under way; where it moves several places, `actual` is the first one's. */
  weight: { wanted: number; actual: number };
  /** The plan's feature flag; undefined before it was touched, and where there is none. */
  flag: FlagProgress | undefined;
  /** A person's yes to all traffic: asked for since when, or given by whom; undefined where it was not asked for yet. */
  approval:
    | { kind: 'requested'; phase: number; since: string }
    | {
        kind: 'given';
        phase: number;
        by: Actor;
        /** As above; absent where it came unasked, and in records of before. */ since?: string | undefined;
      }
    | undefined;
  /** Every yes that counts, oldest first; absent in records of before there could be several. */
  yeses?: Yes[] | undefined;
  /** How it came to be asked for; absent in records of before it was kept. */
  trigger?: Trigger | undefined;
  /** When its rollout is to begin, as asked last; absent: as soon as it is ready. */
  start?: Start | undefined;
  /** Who lets windows and freezes not hold it up, and why. */
  emergency?: { by: Actor; why: string } | undefined;
  /** Readings of the first place since the candidate took traffic, oldest first. */
  samples: Sample[];
  /** Both sides compared over every reading, also those no longer in `samples`. */
  compared: SideBySide;
  /** Readings that failed in a row. */
  measurementFailures: number;
  /** The same three of every place but the first, by its key; read them with `numbersOf`. */
  others: Record<string, PlaceNumbers>;
  /** The plan's measures that were read, each as it stands now. */
  measures: MeasureState[];
  /** Actions of the plan that ended, each once. */
  actions: ActionResult[];
  /** The one that failed and for which a person is asked. */
  held: ActionResult | undefined;
  verified: boolean;
  cleaned: boolean;
  restored: boolean;
  /** Who is likely behind its rollback, once that was looked into. */
  culprit: Culprit | undefined;
  /** When its outcome was sure; absent before that, and in records of before it was kept. */
  concludedAt?: string | undefined;
  lessons: string[] | undefined;
  failure: Failure | undefined;
  /** The effect that was started last and has not ended, as far as the journal knows. */
  effect: Effect | undefined;
  /** When `effect` was started; absent in records of before. */
  effectSince?: string | undefined;
  /** The suites under way, where `effect` is the first of them; absent where none is. */
  suitesUnderWay?: SuiteUnderWay[] | undefined;
  /** How often each effect failed, by its kind and subject; the next attempt's number follows from it. */
  attempts: Record<string, number>;
  fence: number;
  conductor: { pid: number; startTime: string } | undefined;
}
