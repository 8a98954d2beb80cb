import { type Standing, standingOf } from '../../src/domain/gate-standing.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { fit, widthOf, wrap } from '../fit.ts';
import { type Line, type Span, span, type Tone } from '../theme.ts';

/** How each standing is drawn: another mark for each, for screens without colour. */
export const standings: Readonly<Record<Standing, { mark: string; word: string; tone: Tone }>> = {
  failed: { mark: '✖', word: 'failed', tone: 'bad' },
  told: { mark: '!', word: 'told only', tone: 'warn' },
  overridden: { mark: '~', word: 'overridden', tone: 'warn' },
  skipped: { mark: '–', word: 'skipped', tone: 'quiet' },
  passed: { mark: '✔', word: 'passed', tone: 'ok' },
};

/** A gate's mark in its tone. */
export function markOf(gate: GateResult): Span {
  const { mark, tone } = standings[standingOf(gate)];
  return span(mark, tone, true);
}

/** A gate in one line: how it stands, what must hold, the value that decided. */
export function gateLine(gate: GateResult, { current, width }: { current: boolean; width: number }): Line {
  const { word, tone } = standings[standingOf(gate)];
  const wide = width >= 80;
  const start = [span(current ? '▸' : ' ', 'accent', true), markOf(gate)];
  const title = safeText(gate.title, 60);
  const detail = safeText(gate.detail, 500);
  if (!wide) return [...start, span(` ${title}: `), span(detail, gate.status === 'failed' ? tone : 'quiet')];
  return [
    ...start,
    span(` ${fit(title, 30)} `),
    span(fit(word, 11), tone),
    span(fit(detail, Math.max(0, Math.min(widthOf(detail), width - 45))), 'quiet'),
  ];
}

/** All there is to say of a gate: the value, who lets it pass and why, what to do. */
export function gateDetailLines(gate: GateResult, width: number): Line[] {
  const { word, tone } = standings[standingOf(gate)];
  const { severity, status, override, fix } = gate;
  const told = status === 'failed' && severity === 'warning' && !override ? ', it stops nothing' : '';
  return [
    ...wrap(`${word}${told}: ${safeText(gate.detail, 500)}`, width).map((text): Line => [
      span(text, status === 'failed' ? tone : 'plain'),
    ]),
    ...(override
      ? wrap(`let pass by ${safeText(override.by, 60)}: ${safeText(override.why, 300)}`, width).map(
          (text): Line => [span(text, 'warn')],
        )
      : []),
    ...(fix === undefined
      ? []
      : wrap(safeText(fix, 500), width - 2).map((text, i): Line => [
          span(i === 0 ? '→ ' : '  ', 'accent'),
          span(text),
        ])),
  ];
}
