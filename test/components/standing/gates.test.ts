import { describe, expect, it } from 'vitest';
import { clip } from '../../../components/Lines.tsx';
import { widthOf } from '../../../components/fit.ts';
import { gateDetailLines, gateLine } from '../../../components/standing/gate-lines.ts';
import { productionGates } from '../../../components/standing/production-gates.ts';
import { gatesLines } from '../../../components/standing/record-gates.ts';
import type { Line } from '../../../components/theme.ts';
import { showRunning } from '../../../src/faces/cli/show-running.ts';
import type { GateResult } from '../../../src/domain/gate.ts';
import { hostileTexts } from '../../harness/hostile.ts';
import { journals } from '../../harness/stories.ts';
import { testingRows } from '../../../store/testing-rows.ts';

const text = (lines: readonly Line[]) => lines.map((line) => line.map((span) => span.text).join(''));
const gated = () => {
  const d = journals.gated().fold();
  if (!d) throw new Error('nothing runs');
  return d;
};

describe('gates on the screen', () => {
  it('stand below the suites, what needs somebody first', () => {
    const rows = testingRows(gated());
    expect(rows.map((row) => (row.kind === 'gate' ? row.gate.id : row.suite.name))).toEqual([
      'unit',
      'smoke',
      'staging',
      'security',
      'coverage',
      'window',
      'tests',
      'rollback-plan',
    ]);
  });

  it('have another mark for each standing, for screens without colour', () => {
    const marks = testingRows(gated()).flatMap((row) =>
      row.kind === 'gate' ? [gateLine(row.gate, { current: false, width: 100 })[1]?.text] : [],
    );
    expect(new Set(marks)).toEqual(new Set(['✖', '!', '~', '–', '✔']));
  });

  it('G2 G3 tell each phase and what came after the rollout, with what to do', () => {
    const lines = text(productionGates(gated(), 'all', 100)).join('\n');
    expect(lines).toMatch(/dependencies +✔✔ +database: db\.example:5432 takes connections/u);
    expect(lines).toContain('gates after the rollout: 2 passed, 1 failed, 1 skipped');
    expect(lines).toContain('→ see which routes fail');
    const short = text(productionGates(gated(), 'short', 36));
    expect(short[0]).toContain('✔ dependencies');
    expect(short.join('\n')).not.toContain('answers are quick');
  });

  it('are all in a record', () => {
    const lines = text(gatesLines(gated(), 80)).join('\n');
    for (const part of ['before production', 'in canary 5 %', 'in canary 100 %', 'after the rollout'])
      expect(lines).toContain(part);
    expect(lines).toContain('let pass by Ada: the generated client counts as untested');
    expect(lines).toContain('it stops nothing');
  });

  it('are told by status too', () => {
    const lines = showRunning(gated(), { attention: undefined, agents: [], here: [] }, [], new Date(0)).join('\n');
    expect(lines).toMatch(/gates +before: 2 passed, 1 failed, 1 told only, 1 overridden, 1 skipped/u);
    expect(lines).toContain('enough of it is tested: 71.2 % of lines');
    expect(lines).toContain('(let pass by Ada: the generated client counts as untested)');
    expect(lines).toMatch(/in canary 100 %: 4 passed/u);
    expect(lines).toMatch(/after: 2 passed, 1 failed, 1 skipped/u);
  });

  it.each([24, 36, 60, 100, 200])('fit into %i cells, whatever hostile text they hold', (width) => {
    for (const hostile of hostileTexts) {
      const gate: GateResult = {
        id: hostile,
        title: hostile,
        when: 'after',
        severity: 'blocking',
        status: 'failed',
        detail: hostile,
        fix: hostile,
        override: { by: hostile, why: hostile },
      };
      for (const line of [gateLine(gate, { current: true, width }), ...gateDetailLines(gate, width)]) {
        const shown = clip(line, width);
        const all = shown.map((span) => span.text).join('');
        expect(widthOf(all)).toBe(width);
        // eslint-disable-next-line no-control-regex -- it is what must not be there
        expect(all).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u);
      }
    }
  });
});
