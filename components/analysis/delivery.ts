import type { Analysis } from '../../src/domain/analysis.ts';
import { doraWords } from '../../src/domain/analysis-words.ts';
import { noAdviceWords } from '../../src/domain/comparison-words.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { barLine, scaleLine } from './comparisons.ts';

const meanings = [
  'New deployments that succeeded.',
  "From the writing of a feature's first commit until it first served everybody.",
  'Of new deployments that met users: taken back, left halted, or left later for an earlier version.',
  "From the candidate's first users until all had stable again; where it showed only later, from when somebody asked to go back.",
];

function title({ dora: { environment, window } }: Analysis): string {
  const days = window.days < 1 ? 'less than a day' : `${Math.round(window.days)} days`;
  return environment === null
    ? 'delivery (DORA)'
    : `delivery (DORA) of ${safeText(environment, 40)}, ${days}`;
}

/** The four metrics, a line each where they fit. */
export function doraBlock(analysis: Analysis, width: number): Line[] {
  return [
    section(title(analysis), width),
    ...doraWords(analysis.dora).flatMap(({ name, value }) =>
      width >= 78
        ? [[span(name.padEnd(23), 'quiet'), span(value)]]
        : [[span(name, 'quiet')], ...wrap(value, width - 2).map((text): Line => [span(`  ${text}`)])],
    ),
  ];
}

/** The four metrics with what each of them counts. */
export function doraDetail(analysis: Analysis, width: number): Line[] {
  const { dora } = analysis;
  return [
    section(title(analysis), width),
    ...doraWords(dora).flatMap(({ name, value, formula }, i): Line[] => [
      ...(i > 0 ? [blank] : []),
      [span(name, 'plain', true)],
      ...wrap(value, width - 2).map((text): Line => [span(`  ${text}`, 'accent')]),
      ...wrap(formula, width - 2).map((text): Line => [span(`  ${text}`)]),
      ...wrap(meanings[i] ?? '', width - 2).map((text): Line => [span(`  ${text}`, 'quiet')]),
    ]),
  ];
}

/** How many of them failed users, on a scale. */
export function failureScale({ dora }: Analysis, width: number): Line[] {
  return [
    section('change failure rate', width),
    ...(dora.changeFailureRate.n < 3 ? [] : scaleLine(width)),
    barLine('failed users', dora.changeFailureRate, width),
  ];
}

/** What is asked of the tests of the next deployments; nothing where nothing is. */
export function testsBlock({ testRequirement = [] }: Analysis, width: number): Line[] {
  if (testRequirement.length === 0) return [];
  return [
    section('asked of tests', width),
    ...testRequirement.flatMap(({ environment, what, evidence, met, needed }) =>
      wrap(
        safeText(
          `${environment}: ${what} (${met} of ${needed} in a row went well with it). ${evidence}.`,
          800,
        ),
        width - 2,
      ).map((line, i): Line => [span(i === 0 ? '▲ ' : '  ', 'warn', true), span(line)]),
    ),
  ];
}

/** What the numbers advise, and on what. */
export function adviceBlock({ claims, recommendations }: Analysis, width: number): Line[] {
  return [
    section('what it advises', width),
    ...(recommendations.length > 0
      ? recommendations.flatMap(({ text }, at) =>
          wrap(safeText(text, 500), width - 4).map((line, i): Line => [
            span(i === 0 ? `${at + 1}. `.padEnd(4) : '    ', 'accent'),
            span(line),
          ]),
        )
      : wrap(`Nothing: ${noAdviceWords(claims)}.`, width).map((text): Line => [span(text, 'quiet')])),
  ];
}
