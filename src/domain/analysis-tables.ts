import type { Comparison } from './analysis-comparison.ts';
import type { Analysis, Group, Share } from './analysis.ts';
import { calibrationWords, changeWords, doraWords, medianWords, shareWords } from './analysis-words.ts';
import { agreementLines } from './choices-lines.ts';
import { changeScoreWords, chanceWords, claimsWords } from './comparison-words.ts';

/** One line of an exported analysis; a share where it is one. */
export interface AnalysisRow {
  name: string;
  share?: Share;
  text: string;
}

export interface AnalysisTable {
  title: string;
  rows: AnalysisRow[];
}

const said = (texts: readonly string[]): AnalysisRow[] => texts.map((text) => ({ name: '', text }));

/** An analysis as tables, the same for every format that is read by people or spreadsheets; ones without rows are left out. */
export function analysisTables(analysis: Analysis): AnalysisTable[] {
  const { trends, looked, dora } = analysis;
  const kinds = (title: string, group: string, groups: readonly Group[]): AnalysisTable => ({
    title,
    rows: groups.map((one) => ({
      name: one.key,
      share: one,
      text: comparedWords(
        analysis.comparisons.find((other) => other.group === group && other.key === one.key),
      ),
    })),
  });
  return [
    {
      title: 'Looked at',
      rows: [
        { name: 'deployments', text: String(looked.deployments) },
        { name: 'of which say how changes fare', text: String(looked.counted) },
        { name: 'that cannot be read', text: String(looked.unread) },
      ],
    },
    {
      title: 'Recommendations',
      rows: analysis.recommendations.map(({ text }, i) => ({ name: String(i + 1), text })),
    },
    {
      title: 'Trends',
      rows: [
        {
          name: 'success',
          share: trends.success.all,
          text: changeWords(trends.success.change, { up: 'it rises', down: 'it falls', of: shareWords }),
        },
        {
          name: 'taken back, of those that met users',
          share: trends.rollback.all,
          text: changeWords(trends.rollback.change, {
            up: 'more are taken back',
            down: 'fewer are taken back',
            of: shareWords,
          }),
        },
        {
          name: 'duration of what succeeded',
          text: `${medianWords(trends.duration.all)}; ${changeWords(trends.duration.change, { up: 'it gets longer', down: 'it gets shorter', of: medianWords })}`,
        },
      ],
    },
    {
      title: `Delivery (DORA) of ${dora.environment ?? 'no environment'}, ${dora.window.from.slice(0, 10)} to ${dora.window.to.slice(0, 10)}`,
      rows: doraWords(dora).map(({ name, value, formula }) => ({ name, text: `${value}; ${formula}` })),
    },
    kinds('By type', 'type', trends.byType),
    kinds('By size in lines', 'size', trends.bySize),
    kinds('By number of features', 'batch', trends.byBatch),
    kinds('By risk factor', 'flag', trends.byRiskFactor),
    kinds('By folder', 'area', trends.byArea),
    kinds("By author's commits here", 'experience', trends.byExperience),
    kinds('By strategy', 'strategy', trends.byStrategy),
    kinds('By environment', 'environment', trends.byEnvironment),
    kinds('By weekday, UTC, Monday is 0', 'weekday', trends.byWeekday),
    kinds('By hours, UTC', 'hours', trends.byHours),
    { title: 'How they are compared', rows: said([claimsWords(analysis.claims), analysis.claims.source]) },
    {
      title: 'What fares best',
      rows: said(analysis.best.map(({ text }) => text)),
    },
    {
      title: 'Predictions against outcomes',
      rows: [
        ...said(calibrationWords(analysis.calibration)),
        ...analysis.calibration.bins.map((bin) => ({
          name: `${Math.round(bin.from * 100)}–${Math.round(bin.to * 100)} %`,
          share: bin,
          text: `predicted ${(bin.predicted * 100).toFixed(1)} % on average`,
        })),
      ],
    },
    {
      title: 'Changes of the past, as they were judged',
      rows: analysis.changeModel ? said(changeScoreWords(analysis.changeModel)) : [],
    },
    {
      title: 'Choices and the advice',
      rows: said(agreementLines(analysis.agreement)),
    },
    {
      title: 'Taken, of what was in each bucket',
      rows: analysis.selection.map((one) => ({ name: one.key, share: one, text: '' })),
    },
    {
      title: 'Asked of tests',
      rows: (analysis.testRequirement ?? []).map(({ environment, what, evidence, met, needed }) => ({
        name: environment,
        text: `${what} (${met} of ${needed} in a row went well with it). ${evidence}.`,
      })),
    },
  ].filter(({ rows }) => rows.length > 0);
}

function comparedWords(one: Comparison | undefined): string {
  if (!one) return '';
  const others = `others ${shareWords(one.others)}`;
  switch (one.verdict) {
    case 'worse':
    case 'better':
      return `${one.verdict} than the others beyond chance; ${others}, ${chanceWords(one.adjusted ?? 1)}`;
    case 'unclear':
      return `no difference that these numbers could show; ${others}`;
    case 'too-little':
      return `too few; ${others}`;
    default:
      return one.verdict satisfies never;
  }
}
