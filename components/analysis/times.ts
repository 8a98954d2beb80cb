import type { Analysis, Group } from '../../src/domain/analysis.ts';
import { fewestForRate } from '../../src/domain/analysis.ts';
import { tooFew } from '../../src/domain/analysis-words.ts';
import { fit, wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { spark } from '../production/spark.ts';
import { type Line, type Span, span } from '../theme.ts';
import { groupBlock } from './comparisons.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Every second hour is named, two cells each. */
const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

function cell(group: Group | undefined): Span {
  if (!group) return span('· ', 'quiet');
  if (tooFew(group)) return span(`${group.n} `, 'quiet');
  const rate = group.count / group.n;
  return span(`${spark([rate], 1)} `, rate >= 0.9 ? 'ok' : rate >= 0.7 ? 'warn' : 'bad');
}

/** Success by weekday and hour, a cell each: its height is the rate, a digit is how few there are for one. */
export function weekBlock({ trends: { byTime } }: Analysis, width: number): Line[] {
  const byKey = new Map(byTime.map((group) => [group.key, group]));
  const legend = `Height is the share that succeeded; · none, a digit: so many, too few for a rate (${fewestForRate} are needed). n is the day's.`;
  return [
    section('by weekday and hour, UTC', width),
    [
      span(`    ${hours.map((hour, i) => (i % 2 === 0 ? hour : '  ')).join('')}`, 'quiet'),
      span('   n', 'quiet'),
    ],
    ...weekdays.map((name, weekday): Line => {
      const groups = hours.map((hour) => byKey.get(`${weekday} ${hour}`));
      const n = groups.reduce((sum, group) => sum + (group?.n ?? 0), 0);
      return [span(`${name} `, 'quiet'), ...groups.map(cell), span(fit(String(n), 4, 'right'), 'quiet')];
    }),
    ...wrap(legend, width).map((text): Line => [span(text, 'quiet')]),
  ];
}

/** The same by weekday alone, and by four hours alone: with more in each, they can tell more. */
export function daysBlocks({ trends, comparisons }: Analysis, width: number): Line[][] {
  return [
    groupBlock('by weekday', trends.byWeekday, width, {
      nameOf: (key) => weekdays[Number(key)] ?? key,
      compared: { group: 'weekday', comparisons },
    }),
    groupBlock('by hours, UTC', trends.byHours, width, { compared: { group: 'hours', comparisons } }),
  ];
}
