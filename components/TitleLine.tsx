import type { Ref } from '../src/domain/feature.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { isActive } from '../store/reasons.ts';
import { discoveryRows } from '../store/rows.ts';
import { useUi } from '../store/hooks.ts';
import { type Detail, stageViews, type UiState } from '../store/state.ts';
import { widthOf } from './fit.ts';
import { LineText } from './Lines.tsx';
import { type Line, type Span, span, type Tone } from './theme.ts';

const riskTones = { low: 'ok', medium: 'warn', high: 'bad' } as const satisfies Record<string, Tone>;

/** A branch by its name; a revision that only our own bookkeeping names, by its sha. */
function refName({ ref, sha }: Ref): string {
  return ref.startsWith('refs/orchestra/')
    ? sha.slice(0, 7)
    : safeText(ref.replace(/^refs\/(heads|remotes)\//, ''), 40);
}

/** What is shipped where, how risky it is and how much waits; the pieces of the top line. */
function pieces(state: UiState): Span[] {
  const found = state.discovery.status === 'loaded' ? state.discovery.discovery : undefined;
  const environment = isActive(state.deployment) ? state.deployment.environment : state.environment;
  const project = state.config.status === 'loaded' ? state.config.project : undefined;
  const risk = isActive(state.deployment)
    ? state.deployment.plan.risk
    : (state.selection.closed?.risk?.level ?? found?.deployment.risk);
  const waiting = found ? discoveryRows(state).length : undefined;
  return [
    span('orchestra', 'accent', true),
    ...(project
      ? [
          span(
            [project, environment]
              .flatMap((name) => (name === undefined ? [] : safeText(name, 30)))
              .join(' ▸ '),
            'plain',
            true,
          ),
        ]
      : []),
    ...(found ? [span(`${refName(found.base)} ← ${refName(found.head)}`)] : []),
    ...(risk && waiting ? [span(`${risk.toUpperCase()} RISK`, riskTones[risk], true)] : []),
    ...(waiting === undefined ? [] : [span(`${waiting} feature${waiting === 1 ? '' : 's'}`)]),
  ];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What stands open, as short as it can be called. */
function openThing({ session }: UiState): string | undefined {
  const { detail, help, tour } = session;
  if (tour !== undefined) return 'Tour';
  if (help) return 'Keys';
  if (!detail) return undefined;
  return safeText(nameOf(detail), 30);
}

function nameOf(detail: Detail): string {
  switch (detail.kind) {
    case 'feature':
      return detail.id;
    case 'record':
      return detail.row.id;
    case 'comparison':
      return 'Two deployments';
    case 'text':
      return detail.title;
    case 'paper':
      return detail.path.split('/').slice(2).join('/') || detail.path;
    case 'output':
      return detail.suite;
    case 'environment':
      return detail.name;
    case 'apart':
      return `${detail.a} and ${detail.b}`;
    case 'event':
      return `Event ${detail.event.seq}`;
    default:
      return detail satisfies never;
  }
}

/** Where one is: the view under its number or letter, and what stands open in it. */
function whereOf(state: UiState): string {
  const { view } = state.session;
  const number = stageViews.findIndex((stage) => stage === view) + 1;
  const key = number > 0 ? String(number) : view.charAt(0).toUpperCase();
  const open = openThing(state);
  return `${key} ${capital(view)}${open === undefined ? '' : ` ▸ ${open}`}`;
}

/** Cells between what is said on the left and where one is on the right, at least. */
const leastRule = 3;

/**
 * The pieces between rules, the last ones left out where they do not fit; at the right where one is, where that has room
 * beside all of them.
 */
export function titleOf(state: UiState, width: number): Line {
  const line: Span[] = [span('┌ ', 'quiet')];
  let used = 2;
  for (const [i, piece] of pieces(state).entries()) {
    const needed = widthOf(piece.text) + (i === 0 ? 0 : 3);
    if (used + needed > width - 3) break;
    if (i > 0) line.push(span(' ─ ', 'quiet'));
    line.push(piece);
    used += needed;
  }
  const where = whereOf(state);
  const rule = width - used - widthOf(where) - 5;
  if (rule < leastRule) line.push(span(` ${'─'.repeat(Math.max(0, width - used - 2))}┐`, 'quiet'));
  else line.push(span(` ${'─'.repeat(rule)} `, 'quiet'), span(where, 'accent'), span(' ─┐', 'quiet'));
  return line;
}

/** The top line of the screen. */
export function TitleLine({ width }: { width: number }) {
  const state = useUi((s) => s);
  return <LineText line={titleOf(state, width)} width={width} />;
}
