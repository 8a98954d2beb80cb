import { allGates } from '../../src/domain/all-gates.ts';
import { grouped, standingWords } from '../../src/domain/gate-standing.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { sectionWith } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { gateDetailLines, markOf } from './gate-lines.ts';

/** Every gate of a deployment with all there is to say of it: before production, in each phase, after the rollout. */
export function gatesLines(deployment: Deployment, width: number): Line[] {
  const { before, during, after } = allGates(deployment);
  const phases = deployment.phases.flatMap(({ name }, index): [string, GateResult[]][] => [
    [`in ${safeText(name, 40)}`, during.filter(({ phase }) => phase === index)],
  ]);
  const groups: [string, GateResult[]][] = [
    ['before production', before],
    ...phases,
    ['after the rollout', after],
  ];
  const told = groups.filter(([, results]) => results.length > 0);
  if (told.length === 0) return [[span('No gate was looked at.', 'quiet')]];
  return told.flatMap(([title, results], i): Line[] => [
    ...(i > 0 ? [blank] : []),
    sectionWith(title, standingWords(results), width),
    ...grouped(results).flatMap((gate): Line[] => [
      [markOf(gate), span(` ${safeText(gate.title, 60)}`, 'plain', true)],
      ...gateDetailLines(gate, width - 4).map((line): Line => [span('    '), ...line]),
    ]),
  ]);
}
