import { safeText } from '../../src/domain/safe-text.ts';
import { versionName } from '../../store/dialogs.ts';
import type { UiState } from '../../store/state.ts';
import { type Span, span } from '../theme.ts';

type Row = UiState['environments'][number];
export type Report = Extract<UiState['reports'], { status: 'loaded' }>['reports'][number];

/** Whether what is deployed really serves. */
export function servesSpan({ deployed, serving, places }: Row): Span {
  if (!deployed) return span('○ empty', 'quiet');
  if (serving) return span('● serving', 'ok');
  const up = places?.filter((place) => place.serving).length ?? 0;
  return up > 0 ? span(`◐ ${up} of ${places?.length ?? up} up`, 'bad') : span('✖ down', 'bad');
}

/** How many notes of the worst kind there are. */
export function driftSpan(report: Report | undefined): Span {
  if (!report) return span('…', 'quiet');
  if (report.problems.length > 0) return span('? unsure', 'warn');
  const count = (tone: 'bad' | 'warn') => report.drift.filter((note) => note.tone === tone).length;
  if (count('bad') > 0) return span(`✖ ${count('bad')}`, 'bad');
  if (count('warn') > 0) return span(`! ${count('warn')}`, 'warn');
  return report.state.deployed ? span('✔ none', 'ok') : span('–', 'quiet');
}

/** What the environment before it has that it has not, and the other way round. */
export function apartSpan(report: Report | undefined): Span {
  const { apart } = report ?? {};
  if (!apart) return span(report?.before ? '…' : '–', 'quiet');
  if (!apart.a.version || !apart.b.version) return span('–', 'quiet');
  const [waits, own] = [apart.onlyA.length, apart.onlyB.length];
  if (waits + own === 0) return span('in step', 'ok');
  const said = [waits > 0 ? `${waits} behind` : '', own > 0 ? `${own} ahead` : ''].filter(Boolean).join(', ');
  return span(said, own > 0 ? 'warn' : 'accent');
}

/** Who holds it. */
export function lockSpan(report: Report | undefined): Span {
  if (!report) return span('…', 'quiet');
  const { lock } = report;
  if (lock.kind === 'free') return span('free', 'quiet');
  if (lock.kind === 'unreadable') return span('✖ unread', 'bad');
  return lock.pid === undefined ? span('✖ stale', 'bad') : span('● held', 'accent');
}

/** What happens there now. */
export function activitySpan(report: Report | undefined): Span {
  const { underWay } = report ?? {};
  if (!underWay) return span('–', 'quiet');
  if (underWay.approval) return span('WAITS: approve', 'warn', true);
  const where = underWay.phase ?? underWay.stage;
  switch (underWay.status) {
    case 'paused':
      return span(`‖ ${where}`, 'warn');
    case 'rolling_back':
      return span('↩ rolling back', 'warn');
    case 'waiting':
      if (underWay.until !== undefined) return span('◷ waits for its time', 'warn', true);
      return span(`waits after ${underWay.stage}`, 'accent');
    default:
      return span(`● ${where}`, 'accent');
  }
}

/** A version by its name, with its commit where it is not in it. */
export function versionSpan({ deployed }: Row): Span {
  return deployed ? span(safeText(versionName(deployed), 60)) : span('–', 'quiet');
}
