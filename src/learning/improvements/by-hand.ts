import { medianWords } from '../../domain/analysis-words.ts';
import { counted } from '../../domain/counted.ts';
import { formatDuration, writtenDuration } from '../../domain/duration.ts';
import { gatesSettingsSchema } from '../../domain/gate-settings.ts';
import type { EditPath, FoundImprovement } from '../../domain/improvement.ts';
import { safeText } from '../../domain/safe-text.ts';
import { zoneOf } from '../../domain/schedule-of.ts';
import type { EnvironmentSettings } from '../../domain/settings.ts';
import { medianOf } from '../analysis/intervals.ts';
import { type Finder, type Past, deploysOf, middle, rateOf, rateWords, roundedUp } from './finder.ts';
import { type LocalTime, clockWritten, daysWritten, localClock } from './local-time.ts';
import type { DeploymentProcess } from './process-facts.ts';

/** Times before something is called a habit. */
const habit = 3;
/** And of how many of all deployments at least. */
const habitShare = 0.1;

/** Steps that people repeat by hand, and the setting that does them. */
export const byHand: Finder = (past) =>
  past.environments.flatMap((environment) => {
    const target = past.settings.environments[environment];
    if (!target) return [];
    const its = deploysOf(past, environment);
    return [
      ...overridden(environment, target, its),
      ...emergencies(environment, target, its),
      ...promoted(environment, target, its),
      ...wentBack(environment, target, past),
      ...routine(environment, target, its),
    ];
  });

const went = (some: readonly DeploymentProcess[]) => some.filter(({ says }) => says === 'success').length;

/** A gate that is let pass again and again. */
function overridden(
  environment: string,
  { gates }: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const known = new Set(Object.keys(gatesSettingsSchema.shape));
  const names = [...new Set(its.flatMap(({ overrides }) => overrides))].filter((gate) => known.has(gate));
  return names.sort().flatMap((gate) => {
    const passed = its.filter(({ overrides }) => overrides.includes(gate));
    const rate = rateOf(passed.length, its.length, 'deployments that were begun with it let pass');
    const severity = Object.entries(gates).find(([id]) => id === gate)?.[1].severity;
    if (passed.length < habit || passed.length < habitShare * its.length || severity !== 'blocking')
      return [];
    const well = rateOf(went(passed), passed.length, '');
    // What went wrong where it was let pass is what the gate is for.
    if (passed.some(({ says }) => says === 'failure')) return [];
    const path: EditPath = ['environments', environment, 'gates', gate, 'severity'];
    return [
      {
        id: `override-${environment}-${gate}`,
        kind: 'by-hand' as const,
        environment,
        title: `The gate ${gate} of ${environment} is let pass again and again`,
        evidence: [
          `${rateWords(rate)} of the deployments were begun with it let pass; ${rateWords(well)} of these went well, none was taken back.`,
        ],
        n: its.length,
        rate,
        suggestion: `Let it warn instead of stop${gate === 'sign_offs' ? '' : ', or mend what makes it fail'}.`,
        edits: [{ path, value: 'warning' }],
        weakens: [`The gate ${gate} stops nothing any more: it is told, and nobody has to give a reason.`],
      },
    ];
  });
}

/** Emergencies that are none: rollouts that begin soon after the window has closed. */
function emergencies(
  environment: string,
  target: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const all = its.filter(({ emergency }) => emergency);
  if (all.length < habit || all.length < habitShare * its.length) return [];
  const rate = rateOf(all.length, its.length, 'deployments that were begun as emergencies');
  const well = rateOf(went(all), all.length, '');
  const common = {
    id: `emergency-${environment}`,
    kind: 'by-hand' as const,
    environment,
    title: `Rollouts in ${environment} begin as emergencies again and again`,
    n: its.length,
    rate,
  };
  const evidence = [
    `${rateWords(rate)} of the deployments held themselves to no window and no freeze; ${rateWords(well)} of these went well.`,
  ];
  const later = laterWindow(target, all);
  if (!later || all.some(({ says }) => says === 'failure'))
    return [
      {
        ...common,
        evidence,
        suggestion: 'Ask whether the windows are when people deploy. Which would be right, these do not say.',
        edits: [],
        weakens: [],
      },
    ];
  return [
    {
      ...common,
      evidence: [
        ...evidence,
        `${later.n} of the ${all.length} were asked for on its days, in the three hours after the window closes at ${later.was}.`,
      ],
      suggestion: `Let the window close at ${later.to}.`,
      edits: [{ path: ['environments', environment, 'windows', 0, 'to'], value: later.to }],
      weakens: [
        `The gate window: rollouts may begin until ${later.to} instead of ${later.was}, and nobody has to give a reason.`,
      ],
    },
  ];
}

/** Until when the only window would have to be open for most of these; undefined where that is not the matter. */
function laterWindow(
  target: EnvironmentSettings,
  all: readonly DeploymentProcess[],
): { was: string; to: string; n: number } | undefined {
  const [window, ...others] = target.windows;
  if (!window?.days || !window.to || !window.from || others.length > 0 || window.to <= window.from)
    return undefined;
  const days = target.windows.length === 1 ? daysOfWindow(window.days) : undefined;
  const [hours, minutes] = window.to.split(':').map(Number);
  const closes = (hours ?? 0) * 60 + (minutes ?? 0);
  const toLocal = localClock(window.time_zone ?? zoneOf(target));
  const after = all.flatMap(({ requestedAt }): LocalTime[] => {
    const local = toLocal(requestedAt);
    return local && days?.has(local.day) && local.minutes >= closes && local.minutes < closes + 180
      ? [local]
      : [];
  });
  if (after.length < habit || after.length < 0.8 * all.length) return undefined;
  const latest = Math.max(...after.map((time) => time.minutes));
  const to = Math.min(24 * 60, Math.ceil((latest + 1) / 60) * 60);
  return { was: window.to, to: clockWritten(to), n: after.length };
}

/** Days of a window as the settings write them, Monday 0. */
function daysOfWindow(written: string): Set<number> {
  const name = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  if (written === 'daily') return new Set(name.keys());
  return new Set(
    written.split(',').flatMap((part) => {
      const [first = '', last = first] = part.split('-');
      const from = name.indexOf(first);
      return Array.from({ length: ((name.indexOf(last) - from + 7) % 7) + 1 }, (_, i) => (from + i) % 7);
    }),
  );
}

/** Phases that people end before their time. */
function promoted(
  environment: string,
  { canary }: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const rollouts = its.filter(
    ({ strategy, phases }) =>
      strategy === 'canary' && phases.some(({ bakeMs, passed }) => passed && bakeMs === canary.duration),
  );
  const hurried = rollouts.filter(({ phases }) =>
    phases.some((phase) => phase.byHand && phase.held.length === 0),
  );
  const rate = rateOf(hurried.length, rollouts.length, 'rollouts of which a person ended a phase');
  if (hurried.length < habit || hurried.length < rollouts.length / 2) return [];
  const watched = hurried.flatMap(({ phases }) =>
    phases.flatMap(({ byHand, watchedMs }) => (byHand && watchedMs !== undefined ? [watchedMs] : [])),
  );
  const usual = middle(watched);
  // A fault that was found in a phase, or an end that was not good, speaks for waiting.
  if (
    usual === undefined ||
    rollouts.some(({ phases, says }) => says === 'failure' || phases.some(({ held }) => held.length > 0))
  )
    return [];
  const wanted = roundedUp(Math.max(usual, canary.duration / 2));
  if (wanted > 0.8 * canary.duration) return [];
  return [
    {
      id: `promote-${environment}`,
      kind: 'by-hand',
      environment,
      title: `Phases in ${environment} are ended by hand before their time`,
      evidence: [
        `${rateWords(rate)} of the rollouts had a phase that somebody ended, after ${medianWords(medianOf(watched))} of ${formatDuration(canary.duration)}; none was held up or taken back.`,
      ],
      n: rollouts.length,
      rate,
      savesMs: (canary.duration - wanted) * canary.steps.length,
      suggestion: `Watch each step for ${formatDuration(wanted)}, so that it ends by its numbers.`,
      edits: [{ path: ['environments', environment, 'canary', 'duration'], value: writtenDuration(wanted) }],
      weakens: [
        `Each step is watched for ${formatDuration(wanted)} instead of ${formatDuration(canary.duration)}, also where nobody would have ended it.`,
      ],
    },
  ];
}

/** Later than that nobody would watch a phase for. */
const longestBakeMs = 60 * 60_000;

/** Versions that a person took back soon after the rollout: a longer last look would have met the same. */
function wentBack(
  environment: string,
  target: EnvironmentSettings,
  { deployments }: Past,
): FoundImprovement[] {
  const its = deployments
    .filter((d) => d.environment === environment && d.outcome === 'succeeded')
    .toReversed();
  const pairs = its.flatMap((d, i) => {
    const next = its[i + 1];
    return d.kind === 'deploy' && next?.kind === 'rollback' && d.endedAt !== undefined
      ? [{ d, afterMs: Date.parse(next.requestedAt) - Date.parse(d.endedAt) }]
      : [];
  });
  const soon = pairs.filter(
    ({ d, afterMs }) => afterMs >= 0 && afterMs <= longestBakeMs && d.strategy === 'blue-green',
  );
  const tried = its.filter(({ kind, strategy }) => kind === 'deploy' && strategy === 'blue-green').length;
  if (soon.length < 2) return [];
  const rate = rateOf(soon.length, tried, 'versions that a person took back within an hour');
  const { bake } = target['blue-green'];
  const wanted = roundedUp(bake + Math.max(...soon.map(({ afterMs }) => afterMs)));
  return [
    {
      id: `went-back-${environment}`,
      kind: 'by-hand',
      environment,
      title: `Versions are taken back by hand in ${environment} soon after their rollout`,
      evidence: [
        `${rateWords(rate)} of the versions that had all traffic; somebody asked for it ${medianWords(medianOf(soon.map(({ afterMs }) => afterMs)))} after the rollout.`,
      ],
      n: tried,
      rate,
      suggestion: `Watch a version for ${formatDuration(wanted)} before it counts as stable: what people saw then, thresholds can see. It makes each rollout ${formatDuration(wanted - bake)} longer.`,
      edits: [{ path: ['environments', environment, 'blue-green', 'bake'], value: writtenDuration(wanted) }],
      weakens: [],
    },
  ];
}

/** Deployments that one person asks for at the same hour of the same day, week after week. */
function routine(
  environment: string,
  target: EnvironmentSettings,
  its: readonly DeploymentProcess[],
): FoundImprovement[] {
  const toLocal = localClock(zoneOf(target));
  const slots = new Map<string, { by: string; local: LocalTime; days: Set<string> }>();
  const own = its.filter(({ byPerson, emergency, what }) => byPerson && !emergency && what === 'selection');
  for (const { by, requestedAt } of own) {
    const local = toLocal(requestedAt);
    if (!local) continue;
    const hour = Math.floor(local.minutes / 60);
    const key = JSON.stringify([by, local.day, hour]);
    const slot = slots.get(key) ?? {
      by,
      local: { day: local.day, minutes: hour * 60 },
      days: new Set<string>(),
    };
    slot.days.add(requestedAt.slice(0, 10));
    slots.set(key, slot);
  }
  const best = [...slots.values()].sort((a, b) => b.days.size - a.days.size)[0];
  if (!best || best.days.size < 5 || best.days.size < own.length / 2) return [];
  const rate = rateOf(best.days.size, own.length, 'deployments that were asked for at that hour');
  const { day, minutes } = best.local;
  const cron = `${minutes % 60} ${Math.floor(minutes / 60)} * * ${daysWritten([day])}`;
  return [
    {
      id: `routine-${environment}`,
      kind: 'by-hand',
      environment,
      title: `${safeText(best.by, 60)} deploys to ${environment} every ${daysWritten([day])} at ${clockWritten(minutes)}`,
      evidence: [
        `${rateWords(rate)} of the deployments were asked for in that hour (${zoneOf(target)}), on ${counted(best.days.size, 'day')}.`,
      ],
      n: own.length,
      rate,
      suggestion: `A scheduler can ask for it: cron ${cron}, with "orchestrate deploy ${environment} --select recommended --no-input". What stops a deployment stops that one too. No setting does it by itself.`,
      edits: [],
      weakens: [],
    },
  ];
}
