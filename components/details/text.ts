import type { Actor } from '../../src/domain/actor.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { isFailureLine } from '../../src/domain/failure-line.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { checklistRows } from '../../src/domain/ticks.ts';
import { placeOf } from '../../store/paper-place.ts';
import type { OutputDetail, PaperDetail } from '../../store/reading.ts';
import type { UiState } from '../../store/state.ts';
import { clockOf } from '../deployment-text.ts';
import { fold } from '../fold.ts';
import { markdownLines, type TakeTask } from '../markdown/draw.ts';
import { type Line, span } from '../theme.ts';
import type { Drawn } from './drawn.ts';

/** An open text as it is drawn: what it is called, what is told beside that, and its lines. */
export interface OpenText {
  title: string;
  /** Where it stands among its neighbours, or how it goes. */
  told: string;
  drawn: Drawn[];
}

const whoAt = ({ name }: Actor, at: string) => safeText(`${name} ${clockOf(at).slice(0, 5)}`);

/** The deployment's checklist, so that a paper shows its items as they stand now; each is taken once, in order. */
function tasksOf(deployment: Deployment | undefined): TakeTask {
  const rows = deployment ? checklistRows(deployment) : [];
  return (text) => {
    const at = rows.findIndex((row) => row.text === text);
    const [row] = at < 0 ? [] : rows.splice(at, 1);
    return (
      row && {
        id: row.id,
        done: row.done,
        by: row.tick ? whoAt(row.tick.by, row.tick.at) : undefined,
        own: row.seen !== undefined,
      }
    );
  };
}

/** A script, or anything that is no Markdown, with the numbers of its lines. */
function numberedLines(lines: readonly string[], width: number): Drawn[] {
  const digits = String(lines.length).length;
  return lines.flatMap((text, source) => {
    const quiet = text.trimStart().startsWith('#');
    return fold(safeText(text), width - digits - 3).map((part, i): Drawn => ({
      source,
      line: [
        span(i === 0 ? String(source + 1).padStart(digits) : ' '.repeat(digits), 'quiet'),
        span(i === 0 ? ' │ ' : ' ┊ ', 'quiet'),
        span(part, quiet ? 'quiet' : 'plain'),
      ],
    }));
  });
}

function paperText(detail: PaperDetail, deployment: Deployment | undefined, width: number): OpenText {
  const papers = deployment?.papers ?? [];
  const at = papers.indexOf(detail.path);
  const own = detail.path.endsWith('/CHECKLIST.md');
  const rows = own && deployment ? checklistRows(deployment) : [];
  return {
    title: safeText(deployment ? placeOf(detail.path, deployment) : detail.path),
    told: [
      ...(rows.length > 0 ? [`${rows.filter(({ done }) => done).length} of ${rows.length} ticked`] : []),
      ...(at >= 0 ? [`paper ${at + 1} of ${papers.length}`] : []),
    ].join(' · '),
    drawn: detail.path.endsWith('.md')
      ? markdownLines(detail.lines, width, tasksOf(deployment))
      : numberedLines(detail.lines, width),
  };
}

function outputText(detail: OutputDetail, { deployment, output }: UiState, width: number): OpenText {
  const { suite, run } = detail;
  const { effect } = deployment ?? {};
  const live = effect?.kind === 'run-suite' && effect.suite.name === suite && effect.run === run;
  const newer = output?.suite === suite && output.run === run ? output.lines : undefined;
  const lines = newer && newer.length >= detail.lines.length ? newer : detail.lines;
  return {
    title: safeText(`output of ${suite}${run === undefined ? '' : `, run ${run}`}`),
    told: live ? (detail.reveal?.kind === 'end' ? 'running, follows the end' : 'running, G follows') : '',
    drawn: lines.flatMap((text, source) =>
      fold(safeText(text), width).map((part): Drawn => ({
        source,
        line: [span(part, isFailureLine(text) ? 'bad' : 'plain')] satisfies Line,
      })),
    ),
  };
}

/** The text that stands open, in `width` cells. Pure. */
export function openTextLines(detail: PaperDetail | OutputDetail, state: UiState, width: number): OpenText {
  return detail.kind === 'paper'
    ? paperText(detail, state.deployment, width)
    : outputText(detail, state, width);
}
