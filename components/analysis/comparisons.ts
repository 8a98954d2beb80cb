import type { Best, Comparison } from '../../src/domain/analysis-comparison.ts';
import type { Analysis, Group, Share } from '../../src/domain/analysis.ts';
import { shareWords, tooFew } from '../../src/domain/analysis-words.ts';
import { claimsWords, marks } from '../../src/domain/comparison-words.ts';
import { wherein } from '../../src/domain/kind-words.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { fit, wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { type Line, span } from '../theme.ts';
import { intervalBar, scale } from './interval-bar.ts';

/** Cells of a row's name, and of `123 of 456 (78–90 %)`. */
const nameWidth = 17;
const wordsWidth = 23;

/** What a row stands for beside its share: what was expected of it, and how it compares with the others. */
interface Beside {
  expected?: number;
  verdict?: Comparison['verdict'] | undefined;
}

/** A name, its share as a bar with its interval, and the same in words; where there is too little, that instead. */
export function barLine(name: string, share: Share, width: number, { expected, verdict }: Beside = {}): Line {
  const mark = verdict === 'worse' || verdict === 'better' ? marks[verdict] : undefined;
  const label = span(
    `${fit(`${mark === undefined ? '' : `${mark} `}${safeText(name, 60)}`, nameWidth - 1)} `,
    verdict === 'worse' ? 'bad' : verdict === 'better' ? 'ok' : 'plain',
    mark !== undefined,
  );
  if (tooFew(share)) return [label, span(`n=${share.n}: too few`, 'quiet')];
  const bar = Math.min(60, width - nameWidth - wordsWidth);
  const words = span(shareWords(share), 'quiet');
  return bar < 8 ? [label, words] : [label, ...intervalBar(share, bar, expected), span(' '), words];
}

/** The scale above such lines; none where they have no room for bars. */
export function scaleLine(width: number): Line[] {
  const bar = Math.min(60, width - nameWidth - wordsWidth);
  return bar < 8 ? [] : [[scale(nameWidth, bar)]];
}

interface GroupOptions {
  nameOf?: (key: string) => string;
  /** Where the kinds were compared: what came of it is marked. */
  compared?: { group: string; comparisons: readonly Comparison[] };
  /** So many are shown, those with most deployments. */
  most?: number;
}

/** Kinds of deployments as a block of bars; nothing where there are none. */
export function groupBlock(
  title: string,
  groups: readonly Group[],
  width: number,
  { nameOf = (key) => key, compared, most = groups.length }: GroupOptions = {},
): Line[] {
  if (groups.length === 0) return [];
  const verdicts = new Map(
    compared?.comparisons.flatMap(({ group, key, verdict }) =>
      group === compared.group ? [[key, verdict]] : [],
    ),
  );
  const least = groups.map(({ n }) => n).toSorted((a, b) => b - a)[most - 1] ?? 0;
  const shown = groups.filter(({ n }) => n >= least).slice(0, most);
  const left = groups.length - shown.length;
  return [
    section(title, width),
    ...(shown.every(tooFew) ? [] : scaleLine(width)),
    ...shown.map((one) => barLine(nameOf(one.key), one, width, { verdict: verdicts.get(one.key) })),
    ...(left > 0 ? [[span(`and ${left} with fewer deployments`, 'quiet')]] : []),
  ];
}

/** How the comparisons were made, and what their marks mean. */
export function claimsBlock({ claims }: Analysis, width: number): Line[] {
  return [
    section('how the kinds are compared', width),
    [
      span(marks.worse, 'bad', true),
      span(' worse than the others beyond chance   ', 'quiet'),
      span(marks.better, 'ok', true),
      span(' better', 'quiet'),
    ],
    ...wrap(claimsWords(claims), width).map((text): Line => [span(text, 'quiet')]),
  ];
}

/** The best of some ways to tell deployments apart, as far as it can be told; what cannot be yet in one sentence. */
export function bestBlock(
  title: string,
  { best }: Analysis,
  which: readonly Best['of'][],
  width: number,
): Line[] {
  const asked = best.filter(({ of }) => which.includes(of));
  const open = asked.filter(({ verdict }) => verdict === 'too-little');
  const told = asked
    .filter(({ verdict }) => verdict !== 'too-little')
    .map(({ text, verdict }) => ({ text, shown: verdict === 'shown' }));
  const names = open.map(({ of }) => wherein[of]).join(', ');
  return [
    section(title, width),
    ...[
      ...told,
      ...(open.length > 0
        ? [{ text: `${names}: not enough history to tell any difference from chance.`, shown: false }]
        : []),
    ].flatMap(({ text, shown }) =>
      wrap(safeText(text, 300), width - 2).map((line, i): Line => [
        span(i === 0 ? (shown ? '▲ ' : '· ') : '  ', shown ? 'ok' : 'quiet', true),
        span(line, shown ? 'plain' : 'quiet'),
      ]),
    ),
  ];
}
