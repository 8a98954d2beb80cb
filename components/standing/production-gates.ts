import { grouped, standingOf, standingWords } from '../../src/domain/gate-standing.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import { phaseGates } from '../../src/domain/phase-gates.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { fit } from '../fit.ts';
import { type Line, type Span, span, type Tone } from '../theme.ts';
import { gateDetailLines, gateLine, markOf, standings } from './gate-lines.ts';

/** How much is told: a line each, or one for all that is well. */
export type Told = 'all' | 'short';

/** So much is said of one that did not hold; the record has all of it. */
const brokenLines = 3;

const order = ['configuration', 'dependencies', 'readiness', 'health'] as const;

/** The gates of the phases and those after the rollout; nothing where none was looked at. */
export function productionGates(deployment: Deployment, told: Told, width: number): Line[] {
  const during = phaseGates(deployment);
  const after = deployment.gates?.after ?? [];
  return [
    ...(told === 'all' ? phaseLines(during, width) : phaseLine(during, width)),
    ...afterLines(after, told, width),
  ];
}

/** A line for each gate: a mark for each phase, and what it found in the newest, or in the one that failed. */
function phaseLines(during: readonly GateResult[], width: number): Line[] {
  return order.flatMap((id): Line[] => {
    const of = during.filter((gate) => gate.id === id);
    const shown = of.findLast(({ status }) => status === 'failed') ?? of.at(-1);
    // A service that needs nothing of others has no line for that.
    if (!shown || of.every(({ status }) => status === 'skipped')) return [];
    const marks = of.slice(-12).map(markOf);
    const { tone } = standings[standingOf(shown)];
    const rest = Math.max(0, width - 16 - marks.length);
    return [
      [
        span(fit(id, 14), 'quiet'),
        ...marks,
        span('  '),
        span(fit(safeText(shown.detail, 500), rest), shown.status === 'failed' ? tone : 'quiet'),
      ],
    ];
  });
}

/** All of the newest phase in one line, what failed first. */
function phaseLine(during: readonly GateResult[], width: number): Line[] {
  const phase = during.at(-1)?.phase;
  const here = during.filter((gate) => gate.phase === phase && gate.status !== 'skipped');
  if (here.length === 0) return [];
  const spans = grouped(here).flatMap((gate): Span[] => [markOf(gate), span(` ${gate.id}  `, 'quiet')]);
  return [width >= 70 ? [span(fit('checks', 8), 'quiet'), ...spans] : spans];
}

/** What is worst of them is what the sum says. */
function toneOf([first]: readonly GateResult[]): Tone {
  return first ? standings[standingOf(first)].tone : 'ok';
}

function afterLines(after: readonly GateResult[], told: Told, width: number): Line[] {
  if (after.length === 0) return [];
  const all = grouped(after);
  const broken = all.filter(({ status }) => status === 'failed');
  const sum: Line = [
    span(width >= 70 ? 'gates after the rollout: ' : 'gates: ', 'quiet'),
    span(standingWords(after), toneOf(broken)),
  ];
  const listed = told === 'all' ? all : broken;
  return [
    sum,
    ...listed.flatMap((gate): Line[] =>
      gate.status === 'failed'
        ? [
            [span(' '), markOf(gate), span(` ${safeText(gate.title, 60)}`)],
            ...gateDetailLines(gate, width - 4)
              .slice(0, brokenLines)
              .map((line): Line => [span('    '), ...line]),
          ]
        : [gateLine(gate, { current: false, width })],
    ),
  ];
}
