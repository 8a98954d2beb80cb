import type { Phase } from '../domain/plan.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';

/** A way to bring a candidate to all traffic: a pure function from settings to phases. */
export interface Strategy {
  readonly name: string;
  /** For people, in a list of strategies. */
  readonly summary: string;
  phases(environment: EnvironmentSettings): Phase[];
}

/** How long a phase may be watched beyond its time while its sample is too small, before it pauses for a person. */
export function extension(bakeMs: number): number {
  return Math.max(3 * bakeMs, bakeMs + 60_000);
}
