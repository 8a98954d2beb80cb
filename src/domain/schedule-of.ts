import type { SchedulePlan } from './schedule.ts';
import type { EnvironmentSettings } from './settings.ts';
import { freezePlanOf, windowPlanOf } from './window-settings.ts';

/** The zone in which an environment's moments are told: its own, else that of its first window, else UTC. */
export function zoneOf({
  time_zone: own,
  windows,
}: Pick<EnvironmentSettings, 'time_zone' | 'windows'>): string {
  return own ?? windows.find((window) => window.time_zone !== undefined)?.time_zone ?? 'UTC';
}

/** Windows and freezes of an environment as a plan keeps them; undefined where it has none. */
export function scheduleOf(
  target: Pick<EnvironmentSettings, 'time_zone' | 'windows' | 'freezes'>,
): SchedulePlan | undefined {
  if (target.windows.length === 0 && target.freezes.length === 0) return undefined;
  const timeZone = zoneOf(target);
  return {
    timeZone,
    windows: target.windows.map((window) => windowPlanOf(window, timeZone)),
    freezes: target.freezes.map((freeze) => freezePlanOf(freeze, timeZone)),
  };
}
