import { formatInterval } from '../../domain/interval.ts';
import type { FoundImprovement, ImprovementRate } from '../../domain/improvement.ts';
import type { Settings } from '../../domain/settings.ts';
import { shareOf } from '../analysis/intervals.ts';
import type { DeploymentProcess } from './process-facts.ts';

/** What improvements are found from. */
export interface Past {
  settings: Settings;
  /** Environments they are found for. */
  environments: readonly string[];
  /** The newest deployments of these, newest first. */
  deployments: readonly DeploymentProcess[];
  /** Suites that this machine runs at once where the settings do not say. */
  suitesAtOnce: number;
}

/** Finds one sort of improvement. Pure. */
export type Finder = (past: Past) => FoundImprovement[];

/** A share as an improvement tells it. */
export function rateOf(count: number, n: number, of: string): ImprovementRate {
  return { count, n, interval: shareOf(count, n).interval, of };
}

/** `3 of 12 (11–50 %)`. */
export function rateWords({ count, n, interval }: Pick<ImprovementRate, 'count' | 'n' | 'interval'>): string {
  return `${count} of ${n} (${formatInterval(interval)})`;
}

/** Everything of an environment that was meant to bring something new. */
export function deploysOf({ deployments }: Past, environment: string): DeploymentProcess[] {
  return deployments.filter((d) => d.environment === environment && d.kind === 'deploy');
}

/** The middle value; undefined of none. */
export function middle(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

const minute = 60_000;

/** A duration of at least `ms` that a person would write: whole tens of seconds, half minutes, minutes, five minutes. */
export function roundedUp(ms: number): number {
  const step =
    ms <= 2 * minute ? 10_000 : ms <= 5 * minute ? 30_000 : ms <= 30 * minute ? minute : 5 * minute;
  return Math.ceil(ms / step) * step;
}
