import { longDuration, medianWords } from '../../domain/analysis-words.ts';
import { counted } from '../../domain/counted.ts';
import { formatDuration, writtenDuration } from '../../domain/duration.ts';
import type { EditValue, FoundImprovement } from '../../domain/improvement.ts';
import { safeText } from '../../domain/safe-text.ts';
import { zoneOf } from '../../domain/schedule-of.ts';
import type { EnvironmentSettings } from '../../domain/settings.ts';
import { medianOf } from '../analysis/intervals.ts';
import { type Finder, deploysOf, middle, rateOf, rateWords, roundedUp } from './finder.ts';
import { type LocalTime, clockWritten, daysWritten, localClock } from './local-time.ts';
import type { DeploymentProcess } from './process-facts.ts';

/** Waits before anything is said of them: the fewest with a 90 % interval of the median. */
const fewest = 5;
/** Below that nobody minds. */
const longMs = 15 * 60_000;

interface Wait {
  by: string;
  askedAt: string;
  waitedMs: number;
  local: LocalTime;
}

/** Approvals that rollouts wait for, half done. */
export const waitingApprovals: Finder = (past) =>
  past.environments.flatMap((environment) => {
    const target = past.settings.environments[environment];
    if (!target?.approval.required) return [];
    const its = deploysOf(past, environment);
    const toLocal = localClock(zoneOf(target));
    const waits = its.flatMap(({ approval }): Wait[] => {
      const local = approval && toLocal(approval.askedAt);
      return approval && local ? [{ ...approval, local }] : [];
    });
    return [...tooShort(environment, target, its, waits), ...whenNobodyIsThere(environment, target, waits)];
  });

/** Rollouts that were taken back since nobody answered in time. */
function tooShort(
  environment: string,
  target: EnvironmentSettings,
  its: readonly DeploymentProcess[],
  waits: readonly Wait[],
): FoundImprovement[] {
  const lost = its.filter((d) => d.approvalTimedOut).length;
  const n = lost + waits.length;
  if (lost < 2) return [];
  const rate = rateOf(lost, n, 'rollouts that waited for a yes in vain');
  const longer = roundedUp(2 * target.approval.timeout);
  return [
    {
      id: `approval-timeout-${environment}`,
      kind: 'approval',
      environment,
      title: `Rollouts in ${environment} are taken back since nobody approves them in time`,
      evidence: [
        `${rateWords(rate)} of the questions stood open for all of ${formatDuration(target.approval.timeout)}.`,
        ...(waits.length > 0 ? [`Where somebody answered, that took ${waitWords(waits)}.`] : []),
      ],
      n,
      rate,
      suggestion: `Leave ${formatDuration(longer)} for the answer.`,
      edits: [{ path: ['environments', environment, 'approval', 'timeout'], value: writtenDuration(longer) }],
      weakens: [
        `A candidate that nobody has approved may keep its share of the traffic for ${formatDuration(longer)} instead of ${formatDuration(target.approval.timeout)}.`,
      ],
    },
  ];
}

function waitWords(waits: readonly Wait[]): string {
  return medianWords(medianOf(waits.map(({ waitedMs }) => waitedMs)));
}

/** Questions that were asked when nobody was there to answer, where a window would keep rollouts to the hours of an answer. */
function whenNobodyIsThere(
  environment: string,
  target: EnvironmentSettings,
  waits: readonly Wait[],
): FoundImprovement[] {
  const usual = middle(waits.map(({ waitedMs }) => waitedMs));
  const quick = waits.filter(({ waitedMs }) => waitedMs <= longMs);
  const slow = waits.filter(({ waitedMs }) => waitedMs > 4 * longMs);
  if (usual === undefined || waits.length < fewest) return [];
  const hours = windowOf(quick);
  const outside = hours ? slow.filter(({ local }) => !hours.holds(local)) : [];
  const common = { kind: 'approval' as const, environment, n: waits.length };
  const evidence = [`Approvals in ${environment} took ${waitWords(waits)}.`, whoAnswers(waits)];
  const enough = hours && quick.length >= fewest && slow.length >= fewest;
  if (enough && outside.length >= 0.9 * slow.length && target.windows.length === 0) {
    const spared = outside.reduce((sum, { waitedMs }) => sum + waitedMs, 0) / waits.length;
    const window: EditValue = { days: hours.days, from: hours.from, to: hours.to };
    return [
      {
        ...common,
        id: `approval-window-${environment}`,
        title: `Rollouts in ${environment} wait for a yes when nobody is there to give it`,
        evidence: [
          ...evidence,
          `Asked ${hours.days} from ${hours.from} to ${hours.to}: ${waitWords(waits.filter(({ local }) => hours.holds(local)))}. Outside of that: ${waitWords(waits.filter(({ local }) => !hours.holds(local)))}.`,
        ],
        savesMs: spared,
        suggestion: `Begin rollouts only when somebody answers: a window ${hours.days}, ${hours.from} to ${hours.to} (${zoneOf(target)}). With --at next-window they are prepared and tested at any time.`,
        edits: [{ path: ['environments', environment, 'windows'], value: [window] }],
        weakens: [],
      },
    ];
  }
  if (usual <= longMs) return [];
  return [
    {
      ...common,
      id: `approval-wait-${environment}`,
      title: `Approvals in ${environment} wait for ${longDuration(usual)}`,
      evidence,
      savesMs: usual,
      suggestion:
        target.approval.by === undefined
          ? 'Ask who approves when a rollout suits them. No setting does that by itself.'
          : `Besides ${counted(target.approval.by.length, 'person', 'people')} in approval.by somebody else could be named, who answers sooner. Whom, no record can say.`,
      edits: [],
      weakens: [],
    },
  ];
}

/** Who answered how often, and how fast. */
function whoAnswers(waits: readonly Wait[]): string {
  const names = [...new Set(waits.map(({ by }) => by))].map((name) => {
    const its = waits.filter(({ by }) => by === name).map(({ waitedMs }) => waitedMs);
    return { name, n: its.length, usual: middle(its) ?? 0 };
  });
  const most = names.sort((a, b) => b.n - a.n).slice(0, 4);
  return `${most.map(({ name, n, usual }) => `${safeText(name, 60)} answered ${counted(n, 'time')}, usually after ${longDuration(usual)}`).join('; ')}.`;
}

interface Hours {
  days: string;
  from: string;
  to: string;
  holds: (time: LocalTime) => boolean;
}

/** The days and whole hours in which questions were answered soon; undefined where that is nearly always. */
function windowOf(quick: readonly Wait[]): Hours | undefined {
  if (quick.length === 0) return undefined;
  const days = [...new Set(quick.map(({ local }) => local.day))];
  const minutes = quick.map(({ local }) => local.minutes);
  const from = Math.floor(Math.min(...minutes) / 60) * 60;
  const to = Math.ceil((Math.max(...minutes) + 1) / 60) * 60;
  if (to - from > 16 * 60) return undefined;
  return {
    days: daysWritten(days),
    from: clockWritten(from),
    to: clockWritten(to),
    holds: ({ day, minutes: at }) => days.includes(day) && at >= from && at < to,
  };
}
