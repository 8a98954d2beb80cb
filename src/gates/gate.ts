import type { ActionPlan } from '../domain/action.ts';
import type { Actor } from '../domain/actor.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Source, Version } from '../domain/event.ts';
import type { GateId, GatesSettings } from '../domain/gate-settings.ts';
import type { GateResult, GateTime } from '../domain/gate.ts';
import type { Plan } from '../domain/plan.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { ActionOutcome } from '../ports/actions.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock } from '../ports/environment-lock.ts';
import type { Git } from '../ports/git.ts';
import type { Journals } from '../ports/journal.ts';
import type { Machine } from '../ports/machine.ts';
import type { Memory } from '../ports/memory.ts';
import type { Platform } from '../ports/platform.ts';
import type { Processes } from '../ports/processes.ts';
import type { RouterMissing, RouterNeeds, TrafficRouter } from '../ports/router.ts';
import type { Scanners } from '../ports/scanners.ts';

/** What a gate looks at: a deployment as it stands, or one that is only planned. */
export interface GateSubject {
  environment: string;
  kind: 'deploy' | 'rollback';
  plan: Plan;
  source: Source;
  stable: Version | null;
  /** The candidate: its tree, and its commit where there is one; absent while neither is known. */
  tree?: string;
  sha?: string;
  /** Who asked for it. */
  by?: Actor;
  /** The word that a destructive migration asks for was said. */
  allowDestructive?: boolean;
  /** The fold of its journal; absent while it is only planned (`deploy validate`). */
  deployment?: Deployment;
}

/** What gates may ask; each takes what it needs. */
export interface GatePorts {
  git: Git;
  memory: Memory;
  clock: Clock;
  artifacts: Artifacts;
  /** The machine's own clock, where `clock` is one that nobody can set: what calendars go by. */
  wallClock?: Clock;
  lock: Pick<EnvironmentLock, 'read'>;
  journals: Pick<Journals, 'current'>;
  processes: Pick<Processes, 'isAlive'>;
  platform: Pick<Platform, 'running' | 'healthy'>;
  router: Pick<TrafficRouter, 'alive' | 'read'>;
  machine: Pick<Machine, 'hasVariable' | 'listens'>;
  /** Why this machine cannot run a router of that name; undefined when it can. */
  missingRouter: (name: string, needs?: RouterNeeds) => Promise<RouterMissing | undefined>;
  /** The versions that served an environment and were not taken back, the present one last, by the deployment that brought each. */
  served: (environment: string) => Promise<{ deployment: string; version: Version }[]>;
  /** What looks for secrets and for weak dependencies; absent where nothing can. */
  scanners?: Scanners;
  /** What only a rollout under way has; absent where one is only planned. */
  running?: RunningPorts;
}

/** What gates may ask of what runs. */
export interface RunningPorts {
  platform: Platform;
  router: TrafficRouter;
  /** Does a check as the rollout does them, in each of its places; throws for an aborted signal only. */
  attempt: (action: ActionPlan) => Promise<ActionOutcome>;
}

export interface GateContext<Needs extends keyof GatePorts = keyof GatePorts> {
  subject: GateSubject;
  /** The gate's settings, frozen in the plan. */
  settings: GatesSettings;
  ports: Pick<GatePorts, Needs>;
  signal?: AbortSignal;
}

/** What a gate found; texts safe to print. */
export interface GateFinding extends Pick<GateResult, 'status' | 'detail' | 'fix' | 'opensAt'> {
  /** What it found is to be told, and stops nothing, whatever the gate's severity. */
  severity?: 'warning';
}

/** One check that lets a deployment go on. To add one: a file, a line in the registry, a key in `gate-settings.ts`. */
export interface Gate<Needs extends keyof GatePorts = keyof GatePorts> {
  id: GateId;
  /** A few words that name what must hold. */
  title: string;
  when: GateTime;
  /** Looks, and changes nothing. What it throws counts as failed: nobody may go on unseen. */
  look(context: GateContext<Needs>): GateFinding | Promise<GateFinding>;
}

export const passed = (detail: string): GateFinding => ({ status: 'passed', detail });
export const skipped = (detail: string): GateFinding => ({ status: 'skipped', detail });
export const failed = (detail: string, fix: string): GateFinding => ({ status: 'failed', detail, fix });
