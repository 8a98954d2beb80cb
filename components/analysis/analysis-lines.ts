import type { Analysis, Group } from '../../src/domain/analysis.ts';
import { counted } from '../../src/domain/counted.ts';
import type { AnalysisTab } from '../../store/state.ts';
import { wrap } from '../fit.ts';
import { clip } from '../Lines.tsx';
import { blank, type Line, span } from '../theme.ts';
import { bestBlock, claimsBlock, groupBlock } from './comparisons.ts';
import { countsBlock, durationBlock, rollbackBlock, stretchesBlock, successBlock } from './courses.ts';
import { adviceBlock, doraBlock, doraDetail, failureScale, testsBlock } from './delivery.ts';
import { calibrationBlock, changeScoreBlock, plotBlock, selectionBlock } from './predictions.ts';
import { daysBlocks, weekBlock } from './times.ts';

/** From this width on there are two columns: each then has what a screen of 80 cells has. */
const wide = 122;
const gap = 4;

function blocksOf(analysis: Analysis, tab: AnalysisTab, width: number, roomy: boolean): Line[][] {
  const { trends, looked, comparisons } = analysis;
  switch (tab) {
    case 'overview':
      return [
        wrap(
          `${counted(looked.deployments, 'deployment')} ended; ${looked.counted === 1 ? '1 says' : `${looked.counted} say`} how changes fare in production.${looked.unread > 0 ? ` The records of ${looked.unread} cannot be read; they are left out.` : ''}`,
          width,
        ).map((text) => [span(text, 'quiet')]),
        successBlock(analysis, width),
        rollbackBlock(analysis, width),
        durationBlock(analysis, width),
        doraBlock(analysis, width),
        testsBlock(analysis, width),
        adviceBlock(analysis, width),
        bestBlock('what fares best', analysis, ['batch', 'weekday', 'hours'], width),
        ...(roomy
          ? [
              groupBlock('by risk factor', trends.byRiskFactor, width, {
                compared: { group: 'flag', comparisons },
              }),
              groupBlock('by strategy', trends.byStrategy, width, {
                compared: { group: 'strategy', comparisons },
              }),
              calibrationBlock(analysis, width),
              weekBlock(analysis, width),
            ]
          : []),
      ];
    case 'trends':
      return [
        successBlock(analysis, width),
        countsBlock(analysis, width),
        rollbackBlock(analysis, width),
        durationBlock(analysis, width),
        stretchesBlock(analysis, width),
      ];
    case 'kinds':
      return kindsBlocks(analysis, width);
    case 'times':
      return [
        weekBlock(analysis, width),
        ...daysBlocks(analysis, width),
        bestBlock('the best times', analysis, ['weekday', 'hours'], width),
        claimsBlock(analysis, width),
      ];
    case 'predictions':
      return [
        calibrationBlock(analysis, width),
        plotBlock(analysis, width),
        changeScoreBlock(analysis, width),
        selectionBlock(analysis, width),
      ];
    case 'delivery':
      return [doraDetail(analysis, width), failureScale(analysis, width)];
    default:
      return tab satisfies never;
  }
}

/** So many folders are shown: the ones deployed most often. */
const mostAreas = 12;

function kindsBlocks(analysis: Analysis, width: number): Line[][] {
  const { trends, comparisons } = analysis;
  const block = (title: string, group: string, groups: readonly Group[], nameOf?: (key: string) => string) =>
    groupBlock(title, groups, width, {
      compared: { group, comparisons },
      ...(nameOf ? { nameOf } : {}),
      ...(group === 'area' ? { most: mostAreas } : {}),
    });
  return [
    block('by type', 'type', trends.byType),
    block('by size in lines', 'size', trends.bySize, sizeName),
    block('by number of features', 'batch', trends.byBatch),
    bestBlock('the best number of features', analysis, ['batch'], width),
    block('by risk factor', 'flag', trends.byRiskFactor),
    block('by folder', 'area', trends.byArea),
    block("by author's commits here", 'experience', trends.byExperience, experienceName),
    block('by strategy', 'strategy', trends.byStrategy),
    block('by environment', 'environment', trends.byEnvironment),
    claimsBlock(analysis, width),
  ];
}

const experienceName = (key: string) =>
  key === 'new' ? 'new, < 2' : key === 'some' ? 'some, < 20' : key === 'old-hand' ? 'old hand, 20 +' : key;

const sizeName = (key: string) =>
  key === 'small'
    ? 'small, < 50'
    : key === 'medium'
      ? 'medium, < 400'
      : key === 'large'
        ? 'large, 400 +'
        : key;

/** Blocks below each other, a blank line between. */
function stacked(blocks: readonly (readonly Line[])[]): Line[] {
  return blocks.flatMap((block, i) => (i > 0 ? [blank, ...block] : block));
}

/** Blocks in two columns of about the same height, in their order. */
function inColumns(blocks: readonly (readonly Line[])[], column: number): Line[] {
  const height = (some: readonly (readonly Line[])[]) =>
    some.reduce((sum, block) => sum + block.length + 1, -1);
  let split = blocks.length;
  for (let at = 1; at < blocks.length; at += 1) {
    const [tall, best] = [at, split].map((i) =>
      Math.max(height(blocks.slice(0, i)), height(blocks.slice(i))),
    );
    if ((tall ?? 0) < (best ?? 0)) split = at;
  }
  const [left, right] = [stacked(blocks.slice(0, split)), stacked(blocks.slice(split))];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i): Line => [
    ...clip(left[i] ?? blank, column),
    span(' '.repeat(gap)),
    ...(right[i] ?? blank),
  ]);
}

/** What a tab of the analysis shows, in two columns where there is room for them. Pure. */
export function analysisLines(analysis: Analysis, tab: AnalysisTab, width: number): Line[] {
  const column = width >= wide ? Math.floor((width - gap) / 2) : width;
  const blocks = blocksOf(analysis, tab, column, column < width).filter((block) => block.length > 0);
  return column < width ? inColumns(blocks, column) : stacked(blocks);
}
