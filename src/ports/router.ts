import type { Cohort } from '../domain/cohort.ts';
import type { Version } from '../domain/event.ts';
import type { SideRoutes } from '../domain/failing-routes.ts';
import type { Counts } from '../domain/sample.ts';

/** An address behind the router. */
export interface Address {
  host: string;
  port: number;
}

export interface Route extends Address {
  version: Version;
  /** Where further copies of the same version answer; absent where there are none. Requests are spread over all of them. */
  others?: readonly Address[];
}

/** What the router does at this moment, as it says itself. */
export interface RouterState {
  stable: Route | null;
  candidate: Route | null;
  /** The candidate's share of new requests, percent; 0 without a candidate. */
  weight: number;
  /** Whom the candidate is shown to; absent where that is everybody, by weight. */
  cohort?: Cohort | undefined;
  /** The rollout that must send signs of life, if one does. */
  rollout: { id: string; lastHeard: string } | null;
  /** When the dead man's switch last took the traffic back, and from which rollout. */
  switched: { rollout: string; at: string } | null;
  fence: number;
}

export interface RouteChange {
  stable: Route | null;
  candidate: Route | null;
  weight: number;
  /**
   * Whom the candidate is shown to; without it everybody, by weight. A header's cohort goes to the candidate whole at any
   * weight above 0, and nobody else does. A cookie's cohort is drawn by weight, and each visitor keeps the side for as long
   * as this rollout lasts, also when the weight rises. At 0 and 100 % no cookie counts.
   */
  cohort?: Cohort | undefined;
  /** The rollout on whose behalf the candidate gets traffic; null when none is under way: no dead man's switch. */
  rollout: string | null;
  fence: number;
}

/** Splits the users' traffic between two versions. A change with a lower fence than the last seen is refused (code `fenced`). */
export interface TrafficRouter {
  /**
   * Makes sure the router runs for this environment, listening where the plan says; adopts one that does. Where there are
   * several kinds, `kind` names the plan's. Throws code `port-in-use`, or `router-missing` (78) without its program.
   */
  ensure(options: { environment: string; host: string; port: number; kind?: string }): Promise<void>;
  read(environment: string): Promise<RouterState>;
  /** Sets both sides and the weight at once; returns what the router then reports. No request fails for it. */
  change(environment: string, change: RouteChange): Promise<RouterState>;
  /** A sign of life of the rollout's conductor. */
  heartbeat(environment: string, rollout: string, fence: number): Promise<void>;
  /**
   * Waits until a version, or only its copy at `copy`, has no request under way, `timeoutMs` at most; how many were left.
   */
  drain(environment: string, sha: string, timeoutMs: number, copy?: Address): Promise<number>;
  /** Whether a router process runs for the environment. */
  alive(environment: string): Promise<boolean>;
}

/** What a plan asks of its router beyond splitting by weight. */
export interface RouterNeeds {
  cohort?: Cohort | undefined;
}

/** Why a kind of router cannot run on this machine, or cannot do what a plan asks, and what to do about it. */
export interface RouterMissing {
  /** `router-missing` without its program; `router-cannot` where it would run, but not do what the plan asks. */
  code?: 'router-missing' | 'router-cannot';
  why: string;
  hint: string;
}

/** Numbers of what a router's versions did; each is a source of its own. */
export interface MetricSource {
  /** Counts per sha since each version came behind the router. */
  read(environment: string): Promise<Map<string, Counts>>;
  /** Which routes failed or were slow, per sha; undefined, or no such method, where the router does not tell routes apart. */
  routes?(environment: string): Promise<Map<string, SideRoutes> | undefined>;
}
