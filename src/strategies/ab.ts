import type { Cohort } from '../domain/cohort.ts';
import { formatDuration } from '../domain/duration.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';
import { type Strategy, extension } from './strategy.ts';

const usualCookie = 'orchestra-ab';
const usualShare = 50;

/** A header's cohort is whole at any weight above 0; the lowest is never taken for all traffic. */
const headerWeight = 1;

/** Two versions side by side for one cohort and everybody else, then all traffic or none. */
export const ab: Strategy = {
  name: 'ab',
  summary: 'two versions side by side, each visitor on one of them, for a person to choose',
  phases: ({ ab: { header, share = usualShare, cookie, duration, bake, then }, thresholds }) => {
    const cohort: Cohort = header
      ? { kind: 'header', ...header }
      : { kind: 'cookie', name: cookie ?? usualCookie };
    const watched = { minimumSample: thresholds.minimum_sample, judged: true };
    return [
      {
        name: header
          ? `A/B for requests with ${header.name}: ${header.value}`
          : `A/B for ${share} % of visitors`,
        weight: header ? headerWeight : share,
        bakeMs: duration,
        extendToMs: extension(duration),
        ...watched,
        cohort,
        ...(then === 'ask' ? { asks: true } : {}),
      },
      { name: 'all traffic', weight: 100, bakeMs: bake, extendToMs: extension(bake), ...watched },
    ];
  },
  notes: ({ environment: { ab: settings, pause_timeout: pauseTimeout } }) => [
    ...cohortNotes(settings),
    settings.then === 'ask'
      ? `After ${formatDuration(settings.duration)} it pauses, and a person promotes it or takes it back; with --no-input it is taken back after ${formatDuration(pauseTimeout)} without an answer.`
      : `After ${formatDuration(settings.duration)} it gets all traffic by itself when nothing is worse.`,
  ],
};

function cohortNotes({ header, cookie = usualCookie }: EnvironmentSettings['ab']): string[] {
  if (header) {
    return [
      `Only requests with the header ${header.name}: ${header.value} reach the candidate. They are other people than those on stable, so a difference between the sides can come from who they are.`,
    ];
  }
  return [
    `Visitors keep their side by the cookie ${cookie}, for as long as this rollout lasts; whoever sends no cookies is drawn anew for each request. A cache in front must heed Vary: Cookie.`,
  ];
}
