import type { FlagPlan } from '../domain/flag.ts';
import type { Phase } from '../domain/plan.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';

/** A way to bring a candidate to all traffic: a pure function from settings to phases. */
export interface Strategy {
  readonly name: string;
  /** For people, in a list of strategies. */
  readonly summary: string;
  phases(environment: EnvironmentSettings): Phase[];
  /** What a person should know of it before they say yes. */
  notes?(environment: EnvironmentSettings): string[];
  /** The feature flag that its phases raise. */
  flag?(environment: EnvironmentSettings): FlagPlan;
  /** What a rollback does before traffic returns, in words. */
  rollback?(environment: EnvironmentSettings, versions: { stable: string; candidate: string }): string[];
}

/** How long a phase may be watched beyond its time while its sample is too small, before it pauses for a person. */
export function extension(bakeMs: number): number {
  return Math.max(3 * bakeMs, bakeMs + 60_000);
}
