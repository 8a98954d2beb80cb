import type { FlagPlan } from '../domain/flag.ts';
import type { Phase } from '../domain/plan.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';

/** What a strategy's words and times follow from, beside the environment's settings. */
export interface StrategyContext {
  environment: EnvironmentSettings;
  /** Copies of each version; where there are several services, of the one with the most. */
  copies: number;
  /** How long a copy may take to get healthy, and to end, in milliseconds; of all services the longest. */
  healthMs: number;
  stopMs: number;
  /** Whether anything is migrated. */
  migrates: boolean;
  /** The name of the version that serves. */
  stable: string;
}

/** How a strategy goes back, where it is not that stable's copies kept running beside the candidate's. */
export interface WayBack {
  /** What happens, in words; how to ask for it by hand is said for all strategies alike. */
  steps: string[];
  /** From the decision until the version before has all its copies and all traffic again, at the longest. */
  longestMs: number;
}

/** A way to bring a candidate to all traffic: a pure function from settings to phases. */
export interface Strategy {
  readonly name: string;
  /** For people, in a list of strategies. */
  readonly summary: string;
  phases(environment: EnvironmentSettings, copies: number): Phase[];
  /** What a person should know before they say yes. */
  notes?(context: StrategyContext): string[];
  wayBack?(context: StrategyContext): WayBack;
  /** The feature flag that its phases raise. */
  flag?(environment: EnvironmentSettings): FlagPlan;
  /** What a rollback does before traffic returns, in words. */
  backFirst?(context: StrategyContext): string[];
}

/** How long a phase may be watched beyond its time while its sample is too small, before it pauses for a person. */
export function extension(bakeMs: number): number {
  return Math.max(3 * bakeMs, bakeMs + 60_000);
}

/** How long requests under way may take to end when a version is taken out of the traffic, in milliseconds. */
export const drainMs = 10_000;
