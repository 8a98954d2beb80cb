import { safeText } from '../../src/domain/safe-text.ts';
import { versionName } from '../../store/dialogs.ts';
import { ago } from '../ago.ts';
import { wrap } from '../fit.ts';
import { field } from '../panes/pane.ts';
import { type Line, type Span, span, type Tone } from '../theme.ts';
import { type Report, servesSpan } from './words.ts';

const tones: Readonly<Record<'bad' | 'warn' | 'info', readonly [mark: string, tone: Tone]>> = {
  bad: ['✖', 'bad'],
  warn: ['!', 'warn'],
  info: ['·', 'quiet'],
};

/** A label, and text after it in as many lines as it takes. */
function told(label: string, text: string, width: number, tone: Tone = 'plain'): Line[] {
  return wrap(text, Math.max(10, width - 13)).map((line, i) =>
    field(i === 0 ? label : '', [span(line, tone)]),
  );
}

/** What serves, since when, and who saw to it. */
export function servingLines({ state }: Report, now: number, width: number): Line[] {
  const { deployed, runs } = state;
  if (!deployed) return told('serves', 'Nothing is deployed here yet.', width, 'quiet');
  return [
    field('serves', [
      servesSpan(state),
      span(`  ${safeText(versionName(deployed))}`, 'plain', true),
      span(`  ${safeText(state.url)}`, 'quiet'),
    ]),
    ...(runs
      ? told(
          'since',
          `${ago(runs.since, now)}, by ${runs.deployment}; ${runs.verified ? 'seen healthy with all traffic' : 'not seen healthy to its end'}`,
          width,
        )
      : told('since', 'the history does not say', width, 'quiet')),
    ...(state.verification
      ? told(
          'looked after',
          safeText(state.verification, 500),
          width,
          state.verification.includes('a finding:') ? 'bad' : 'plain',
        )
      : []),
  ];
}

/** The deployment under way, and what it waits for. */
export function underWayLines({ underWay }: Report, now: number, width: number): Line[] {
  if (!underWay) return [];
  const { id, kind, phase, stage, status, reason, weight, to, by, since, approval, until } = underWay;
  const where = phase === undefined ? stage : `${phase}, ${weight} % of the traffic`;
  return [
    ...told(
      'under way',
      `${id}: ${kind === 'rollback' ? 'back to' : 'to'} ${safeText(to ?? 'a candidate that is being built')}, ${where}, ${status.replace('_', ' ')}${reason === undefined ? '' : `: ${reason}`}; asked for ${ago(since, now)} by ${by}`,
      width,
      'accent',
    ),
    ...(until === undefined
      ? []
      : told(
          'waits until',
          `${underWay.untilWords ?? until}, and goes on by itself: n starts it where a window is open, ! as an emergency, a abandons it`,
          width,
          'warn',
        )),
    ...(approval
      ? told(
          'approval',
          `waits for a yes to all traffic since ${ago(approval.since, now)}: P gives it${approval.notBy === undefined ? '' : `, not ${approval.notBy}, who asked for it`}${approval.missing === undefined ? '' : `; ${approval.missing}`}`,
          width,
          'warn',
        )
      : []),
  ];
}

/** Who holds the environment, and whether anybody stands behind it. */
export function lockLines({ lock }: Report, now: number, width: number): Line[] {
  switch (lock.kind) {
    case 'free':
      return [field('lock', [span('free', 'quiet')])];
    case 'unreadable':
      return told('lock', `✖ ${safeText(lock.problem)}: U frees it`, width, 'bad');
    case 'held': {
      const what =
        lock.deployment === undefined ? 'a deployment that is starting' : `deployment ${lock.deployment}`;
      const who = `${safeText(lock.owner)}, for ${what}, ${ago(lock.since, now)}`;
      return lock.pid === undefined
        ? told('lock', `✖ held by ${who}; the process behind it is gone: U frees it`, width, 'bad')
        : told('lock', `held by ${who}; process ${lock.pid} is at work`, width);
    }
    default:
      return lock satisfies never;
  }
}

/** Where record, router and processes do not agree; and what could not be looked at. */
export function driftLines({ drift, problems, state }: Report, width: number): Line[] {
  const notes = [
    ...drift,
    ...problems.map((problem) => ({ tone: 'warn' as const, text: `could not be looked at: ${problem}` })),
  ];
  if (notes.length === 0)
    return state.deployed ? [field('drift', [span('✔ record, router and processes agree', 'ok')])] : [];
  return notes.flatMap(({ tone, text }, i) => {
    const [mark, colour] = tones[tone];
    return wrap(safeText(text), Math.max(10, width - 15)).map((line, j) =>
      field(i === 0 && j === 0 ? 'drift' : '', [
        span(j === 0 ? `${mark} ` : '  ', colour, true),
        span(line, colour),
      ]),
    );
  });
}

/** What the environment before has and this one has not, and the other way round, a line each. */
export function apartLines({ before, apart }: Report, width: number): Line[] {
  if (!before) return [];
  const name = safeText(before.environment);
  if (!apart) return [field('apart', [span(`being compared with ${name} …`, 'quiet')])];
  if (!apart.a.version || !apart.b.version)
    return apart.a.version
      ? told('apart', `${name} runs ${safeText(versionName(apart.a.version))}, here is nothing yet`, width)
      : told('apart', `nothing is deployed to ${name}`, width, 'quiet');
  if (apart.onlyA.length + apart.onlyB.length === 0)
    return [field('apart', [span(`in step with ${name}`, 'ok'), ...sameFiles(apart.same)])];
  const list = (features: readonly { title: string }[]) => features.map((f) => f.title).join(' · ');
  return [
    ...(apart.onlyA.length > 0
      ? told(
          'behind',
          `${apart.onlyA.length} in ${name}, not here: ${safeText(list(apart.onlyA), 400)}`,
          width,
          'accent',
        )
      : []),
    ...(apart.onlyB.length > 0
      ? told(
          'ahead',
          `${apart.onlyB.length} here, not in ${name}: ${safeText(list(apart.onlyB), 400)}`,
          width,
          'warn',
        )
      : []),
  ];
}

function sameFiles(same: boolean): Span[] {
  return same ? [] : [span('; only files that no feature accounts for differ', 'quiet')];
}

/** The places of an environment that has several, a line each. */
export function placesLines({ state, places }: Report, width: number): Line[] {
  if (!state.places || state.places.length < 2) return [];
  return state.places.flatMap(({ service, region, url, serving }, i) => {
    const look = places.find((place) => place.service === service && place.region === region);
    const copies = look?.copies.filter((c) => c.version.sha === look.router?.stable?.sha) ?? [];
    const healthy = copies.filter((c) => c.healthy).length;
    const counts = look && copies.length > 0 ? `, ${healthy} of ${look.wanted} healthy` : '';
    return told(
      i === 0 ? 'places' : '',
      `${serving ? '●' : '✖'} ${safeText(service)}${region === undefined ? '' : ` in ${safeText(region)}`}  ${safeText(url)}${counts}`,
      width,
      serving ? 'plain' : 'bad',
    );
  });
}
