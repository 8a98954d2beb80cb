import type { Ref } from '../src/domain/feature.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { isActive } from '../store/reasons.ts';
import { discoveryRows } from '../store/rows.ts';
import { useUi } from '../store/hooks.ts';
import type { UiState } from '../store/state.ts';
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

/** The pieces between rules, the last ones left out where they do not fit. */
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
  line.push(span(` ${'─'.repeat(Math.max(0, width - used - 2))}┐`, 'quiet'));
  return line;
}

/** The top line of the screen. */
export function TitleLine({ width }: { width: number }) {
  const state = useUi((s) => s);
  return <LineText line={titleOf(state, width)} width={width} />;
}
