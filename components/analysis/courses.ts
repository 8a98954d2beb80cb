import type { Analysis, Course, Median, Share, Span as TimeSpan } from '../../src/domain/analysis.ts';
import {
  changeWords,
  longDuration,
  medianWords,
  shareWords,
  tooFew,
} from '../../src/domain/analysis-words.ts';
import { wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { spark } from '../production/spark.ts';
import { type Line, span, type Tone } from '../theme.ts';
import { barLine, scaleLine } from './comparisons.ts';

const words = (text: string, width: number, tone: Tone = 'plain'): Line[] =>
  wrap(text, width).map((line) => [span(line, tone)]);

const day = (at: string) => at.slice(5, 10);
/** `2026-11-02 to 2026-11-21`, one day by itself. */
function daysOf(from: string, to: string): string {
  const [first, last] = [from.slice(0, 10), to.slice(0, 10)];
  return first === last ? first : `${first} to ${last}`;
}

const spanName = ({ from, to }: TimeSpan) =>
  day(from) === day(to) ? day(from) : `${day(from)} – ${day(to)}`;

/** Blocks of deployments as one row of marks, oldest first; one mark says nothing of a course. */
function sparkLines<T>(
  { blocks, perBlock }: Course<T>,
  valueOf: (block: T) => number | undefined,
  most: number,
  tone: Tone,
): Line[] {
  if (blocks.filter((block) => valueOf(block) !== undefined).length < 2) return [];
  return [
    [
      span(spark(blocks.map(valueOf), most), tone),
      span(`  ${perBlock} deployments a mark, the oldest first`, 'quiet'),
    ],
  ];
}

const rate = (share: Share) => (tooFew(share) ? undefined : share.count / share.n);
const median = (block: Median) => (tooFew(block) ? undefined : (block.medianMs ?? undefined));

const changed = {
  success: { up: 'it rises', down: 'it falls', of: shareWords },
  rollback: { up: 'more are taken back', down: 'fewer are taken back', of: shareWords },
  duration: { up: 'it gets longer', down: 'it gets shorter', of: medianWords },
};

const tones = { up: 'ok', down: 'warn', unclear: 'quiet', 'too-little': 'quiet' } as const;
const inverse = { up: 'warn', down: 'ok', unclear: 'quiet', 'too-little': 'quiet' } as const;

/** How often deployments succeed, and how that went. */
export function successBlock({ trends: { success } }: Analysis, width: number): Line[] {
  return [
    section('success', width),
    [span(shareWords(success.all), 'plain', true), span(' deployments succeeded', 'quiet')],
    ...sparkLines(success, rate, 1, 'ok'),
    ...words(changeWords(success.change, changed.success), width, tones[success.change.kind]),
  ];
}

/** How many were taken back of those that met users, and how that went. */
export function rollbackBlock({ trends: { rollback } }: Analysis, width: number): Line[] {
  return [
    section('taken back, of those that met users', width),
    [span(shareWords(rollback.all), 'plain', true)],
    ...sparkLines(rollback, rate, 1, 'warn'),
    ...words(changeWords(rollback.change, changed.rollback), width, inverse[rollback.change.kind]),
  ];
}

/** How long deployments take that succeed, and how that went. */
export function durationBlock({ trends: { duration } }: Analysis, width: number): Line[] {
  const most = Math.max(0, ...duration.blocks.map((block) => median(block) ?? 0));
  const row = sparkLines(duration, median, most, 'accent');
  return [
    section('duration of what succeeded', width),
    ...words(medianWords(duration.all), width),
    ...row,
    ...(row.length > 0 ? [[span(`the highest mark is ${longDuration(most)}`, 'quiet')]] : []),
    ...words(changeWords(duration.change, changed.duration), width, inverse[duration.change.kind]),
  ];
}

/** How many deployments there were in each day, week or month: a count, so it needs no interval. */
export function countsBlock({ trends: { success } }: Analysis, width: number): Line[] {
  const shown = success.periods.slice(-Math.max(1, width - 2));
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last) return [];
  const most = Math.max(...shown.map(({ n }) => n));
  return [
    section(`deployments a ${success.unit}`, width),
    [
      span(
        spark(
          shown.map(({ n }) => (n === 0 ? undefined : n)),
          most,
        ),
        'accent',
      ),
    ],
    [
      span(
        // A period ends where the next begins: its last day is the one before.
        `${daysOf(first.from, new Date(Date.parse(last.to) - 1).toISOString())}, at most ${most} a ${success.unit}; · is none`,
        'quiet',
      ),
    ],
  ];
}

/** The success of each stretch of deployments, the newest first, as bars with their intervals. */
export function stretchesBlock({ trends: { success } }: Analysis, width: number): Line[] {
  return [
    section(`success of every ${success.perBlock} deployments, the newest first`, width),
    ...(success.blocks.every(tooFew) ? [] : scaleLine(width)),
    ...success.blocks.toReversed().map((block) => barLine(spanName(block), block, width)),
  ];
}
