import type { FlagPlan } from '../domain/flag.ts';
import type { Phase } from '../domain/plan.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';

/** What a strategy's words follow from. */
export interface StrategyContext {
  environment: EnvironmentSettings;
  /** The name of the version that serves. */
  stable: string;
}

/** A way to bring a candidate to all traffic: a pure function from settings to phases. */
export interface Strategy {
  readonly name: string;
  /** For people, in a list of strategies. */
  readonly summary: string;
  phases(environment: EnvironmentSettings): Phase[];
  /** What a person should know before they say yes. */
  notes?(context: StrategyContext): string[];
  /** The feature flag that its phases raise. */
  flag?(environment: EnvironmentSettings): FlagPlan;
  /** What a rollback does before traffic returns, in words. */
  backFirst?(context: StrategyContext): string[];
}

/** How long a phase may be watched beyond its time while its sample is too small, before it pauses for a person. */
export function extension(bakeMs: number): number {
  return Math.max(3 * bakeMs, bakeMs + 60_000);
}
