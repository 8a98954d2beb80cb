import type { Improvement } from '../../src/domain/improvement.ts';
import { lookedWords, savingWords } from '../../src/domain/improvement-words.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { AnalysisState, AnalysisTab } from '../../store/analysis-state.ts';
import { problemLines } from '../ErrorCard.tsx';
import { wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, span, type Tone } from '../theme.ts';

/** What could be done better, below the overview; nothing on the other tabs. Pure. */
export function improvementLines(state: AnalysisState, tab: AnalysisTab, width: number): Line[] {
  if (tab !== 'overview' || state.status !== 'read' || !state.improvements) return [];
  const heading = [blank, section('what could be done better', width)];
  const { improvements } = state;
  switch (improvements.status) {
    case 'reading':
      return [...heading, [span('past deployments are being looked at …', 'quiet')]];
    case 'failed':
      return [...heading, ...problemLines(improvements.problem, width)];
    case 'read':
      return [
        ...heading,
        ...wrapped(lookedWords(improvements.found), width, '', 'quiet'),
        ...improvements.found.improvements.flatMap((one, i) => [blank, ...itemLines(one, i + 1, width)]),
      ];
    default:
      return improvements satisfies never;
  }
}

function wrapped(text: string, width: number, mark: string, tone?: Tone): Line[] {
  const room = Math.max(10, width - mark.length);
  return wrap(safeText(text, 600), room).map((line, i): Line => [
    span(i === 0 ? mark : ' '.repeat(mark.length), tone ?? 'accent'),
    span(line, tone),
  ]);
}

function itemLines(one: Improvement, at: number, width: number): Line[] {
  const saving = savingWords(one);
  const then = one.change
    ? `→ ${one.suggestion}${one.whyNot === undefined ? ' i changes orchestra.yaml so, after showing it.' : ` It cannot be applied now: ${one.whyNot}.`}`
    : `→ ${one.suggestion}${one.whyNot === undefined ? '' : ` ${one.whyNot}.`}`;
  return [
    ...wrapped(`${one.title}${saving === undefined ? '' : `: ${saving}`} (n=${one.n})`, width, `${at}. `),
    ...one.evidence.flatMap((line) => wrapped(line, width, '   ', 'quiet')),
    ...wrapped(then, width, '   '),
    ...one.weakens.flatMap((line) => wrapped(`weakens: ${line}`, width, '   ▲ ', 'warn')),
  ];
}
