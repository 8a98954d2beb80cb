import { formatDuration } from '../src/domain/duration.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { stuckAt } from '../store/attention.ts';
import { labelOf } from '../store/commands/registry.ts';
import { nextStepOf } from '../store/next-step.ts';
import { isActive, showsEnded } from '../store/reasons.ts';
import { stageViews, type Toast, type UiState, type View } from '../store/state.ts';
import { workOf, workSeconds } from '../store/work.ts';
import { cut, widthOf, wrap } from './fit.ts';
import { type Line, span } from './theme.ts';

/** Rows that one text may take; what is longer ends in `…`. */
const most = 3;

const marks = { info: '›', warn: '!', error: '✖' } as const;
const tones = { info: 'accent', warn: 'warn', error: 'bad' } as const;

/** What a view is for, while there is nothing else to say. */
const purposes: Readonly<Record<View, string>> = {
  discovery: 'What waits to be shipped, and what speaks for and against it.',
  selection: 'What ships: chosen here, proved on what runs now, then built.',
  staging: 'The candidate that holds exactly the selection, and its papers.',
  testing: 'The candidate’s suites; nothing reaches a user before they pass.',
  production: 'The candidate beside what runs: a few users first, taken back when it hurts them.',
  learning: 'What this deployment changed in what is thought of the next.',
  history: 'Every deployment that ended, and why it ended so.',
  analysis: 'What all of them show together.',
  environments: 'What runs where.',
  log: 'Every event of the deployment on the screen, as it was written down.',
};

/** `text` in at most `rows` lines of `width` cells. */
function paragraph(text: string, width: number, rows: number): string[] {
  const lines = wrap(text, width);
  if (lines.length <= rows) return lines;
  return [...lines.slice(0, rows - 1), cut(lines.slice(rows - 1).join(' '), width)];
}

function toastLines(state: UiState, { tone, text, problem }: Toast, width: number): Line[] {
  const said = paragraph(text, width - 3, most).map((line, i): Line => [
    span(i === 0 ? ` ${marks[tone]} ` : '   ', tones[tone], true),
    span(line, tone === 'info' ? 'plain' : tones[tone]),
  ]);
  if (!problem) return said;
  const next = nextStepOf(problem, state);
  const keys = next ? `   ${next.shown} ${labelOf(next, state)} · esc closes` : '   esc closes';
  const hint = paragraph(problem.hint, width - 3, most);
  const last = hint.length - 1;
  const beside = widthOf(hint[last] ?? '') + 3 + widthOf(keys) <= width;
  return [
    ...said,
    ...hint.map((line, i): Line => [
      span(i === 0 ? ' → ' : '   ', 'accent', true),
      span(line),
      ...(beside && i === last ? [span(keys, 'quiet')] : []),
    ]),
    ...(beside ? [] : [[span(cut(keys, width), 'quiet')]]),
  ];
}

/** How long the stage of a deployment under way takes already, and where it is, for who looks at something else. */
function underWay(state: UiState): string | undefined {
  const { deployment, session } = state;
  if (!isActive(deployment)) return undefined;
  const at = stageViews.findIndex((stage) => deployment.stages[stage].status === 'active');
  const stage = stageViews[at];
  if (stage === undefined) return undefined;
  const active = deployment.stages[stage];
  const since = active.status === 'active' ? Date.parse(active.startedAt) : session.now;
  const works = deployment.status.kind === 'running' || deployment.status.kind === 'rolling_back';
  const seconds = Math.floor((session.now - since) / 1000);
  const time = works && seconds > 0 ? `, for ${formatDuration(seconds * 1000)} now` : '';
  const shows = stage === session.view ? '.' : `: ${at + 1} shows it.`;
  return `${deployment.id} is in ${stage}${time}${shows}`;
}

/** What is left to see of a deployment that has ended. */
const ended = 'It has ended: 6 shows what was learned, H its record.';

/** The end of what is typed, which is where the cursor stands. */
function typedEnd(text: string, width: number): string {
  const characters = [...text];
  while (characters.length > 0 && widthOf(characters.join('')) > width) characters.shift();
  return characters.join('');
}

/** What the line above the keys says: a row, or up to three for a longer text and three more for the way on after a failure. */
export function statusLines(state: UiState, width: number): [Line, ...Line[]] {
  const { filter, toast, view } = state.session;
  if (filter?.typing)
    return [
      [span(' / ', 'accent', true), span(typedEnd(safeText(filter.text), width - 5)), span('▏', 'accent')],
    ];
  if (toast) {
    const [first = [], ...more] = toastLines(state, toast, width);
    return [first, ...more];
  }
  const work = workOf(state);
  const seconds = workSeconds(state);
  if (work !== undefined && (state.busy !== undefined || seconds > 0))
    return [[span(seconds > 0 ? ` ${work}  ${seconds} s` : ` … ${work}`, 'quiet')]];
  if (filter?.view === view)
    return [[span(` filter: ${safeText(filter.text)}`, 'accent'), span('   esc shows all', 'quiet')]];
  const under = underWay(state) ?? (showsEnded(state) ? ended : undefined);
  const stuck = stuckAt(state);
  if (stuck && state.deployment) {
    const where = view === 'production' ? '' : ' 5 shows what one can do.';
    const text = safeText(`${state.deployment.id} is stuck: it waits for ${stuck.what}.${where}`);
    const [first = '', ...more] = paragraph(text, width - 3, most);
    return [
      [span(' ! ', 'warn', true), span(first, 'warn')],
      ...more.map((line): Line => [span(`   ${line}`, 'warn')]),
    ];
  }
  if (under !== undefined) return [[span(` ● ${under}`, 'accent')]];
  return [widthOf(purposes[view]) < width ? [span(` ${purposes[view]}`, 'quiet')] : []];
}
