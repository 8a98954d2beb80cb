import type { ActionPlan, ActionPoint } from '../domain/action.ts';
import type { Version } from '../domain/event.ts';
import type { ServicePlan } from '../domain/plan.ts';

/** What an action may know of the deployment it belongs to. */
export interface ActionContext {
  deployment: string;
  environment: string;
  point: ActionPoint;
  /** Absent before there is a candidate. */
  version: Version | undefined;
  /** What served before; null on a first deployment. */
  stable: Version | null;
  phase: { name: string; weight: number } | undefined;
  /** The candidate's share of the traffic now, percent. */
  weight: number;
  /** How the deployment ends, as far as that is known: `succeeded`, `rolled_back`, `failed`, or empty. */
  outcome: string;
  reason: string;
  /** Where the version is asked at this point: directly before it has traffic, then through the router. */
  url: string;
  service: ServicePlan;
  variables: Readonly<Record<string, string>>;
  /** Where the router has to listen, and whether it does so already. */
  router: { host: string; port: number; alive: boolean };
}

/** How an action went, everything in it safe to print. */
export interface ActionOutcome {
  passed: boolean;
  detail: string;
  expected?: string;
  actual?: string;
  durationMs: number;
  /** What a command wrote, its last lines. */
  output: string[];
}

/** The checks, smoke tests and hooks of a plan. */
export interface Actions {
  /**
   * Does one action, within its time. Never throws but for an aborted signal: what went wrong is the outcome. `run` names it:
   * whatever an earlier, dead conductor left running under that name is ended first.
   */
  perform(
    action: ActionPlan,
    context: ActionContext,
    run: string,
    signal: AbortSignal,
  ): Promise<ActionOutcome>;
}
