import { afterEach, describe, expect, it } from 'vitest';
import { improvementLines } from '../../components/analysis/improvements.ts';
import { dialogLines } from '../../components/ConfirmDialog.tsx';
import { widthOf } from '../../components/fit.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Improvement } from '../../src/domain/improvement.ts';
import { improvementDialog } from '../../store/improvements-look.ts';
import type { FakeOptions } from '../harness/fake-orchestrator.ts';
import { dayOf, pastRow } from '../harness/history.ts';
import { openScreen, type Screen } from '../harness/screen.tsx';

let end: (() => void) | undefined;
afterEach(() => end?.());

const rows = Array.from({ length: 12 }, (_, i) => pastRow(dayOf(300 + i))).toReversed();

const flaky: Improvement = {
  id: 'flaky-e2e',
  kind: 'flaky',
  environment: null,
  title: 'The suite e2e passes and fails on the same candidate',
  evidence: ['It did so on 3 of 12 (10–49 %) of the candidates.'],
  n: 12,
  rate: { count: 3, n: 12, interval: [0.1, 0.49], of: 'candidates' },
  savesMs: 180_000,
  suggestion: 'Let it run once more by itself.',
  edits: [{ path: ['suites', 0, 'retries'], value: 1 }],
  weakens: ['The gate tests: a change that breaks it only sometimes can pass.'],
  change: {
    hash: 'h',
    diff: [
      { kind: 'same', text: '    run: npm test' },
      { kind: 'new', text: '    retries: 1' },
    ],
  },
};
const advice: Improvement = {
  id: 'approval-wait-production',
  kind: 'approval',
  environment: 'production',
  title: 'Approvals in production wait for 2 h',
  evidence: [],
  n: 9,
  suggestion: 'Ask who approves when a rollout suits them.',
  edits: [],
  weakens: [],
};

function open(options: FakeOptions = {}, size = { columns: 80, rows: 24 }): Screen {
  const screen = openScreen({ rows, ...options }, size, { opened: 0, now: () => 0 });
  end = screen.close;
  return screen;
}

describe('what could be done better, on the screen', () => {
  it('M4 stands below the analysis, and one key shows the change; no is what enter means, y writes it', async () => {
    const s = open({ improvements: [flaky, advice] }, { columns: 120, rows: 60 });
    await s.sees('5 features');
    s.press('A');
    await s.sees('what could be done better');
    await s.sees(
      '1. The suite e2e passes and fails on the same candidate: saves about 3 min a deployment (n=12)',
    );
    await s.sees('weakens: The gate tests');
    await s.sees('2. Approvals in production wait for 2 h (n=9)');
    s.press('i');
    await s.sees('Change orchestra.yaml?');
    await s.sees('+     retries: 1');
    await s.sees('It weakens: The gate tests');
    s.press('\r');
    await s.sees('what could be done better');
    expect(s.fake.applied).toEqual([]);
    s.press('i');
    await s.sees('Change orchestra.yaml?');
    s.press('y');
    await s.sees('orchestra.yaml was changed; look it over and commit it.');
    expect(s.fake.applied).toEqual(['flaky-e2e']);
  });

  it('asks which of several, and says of one that cannot be applied why', async () => {
    const locked: Improvement = {
      ...flaky,
      id: 'x',
      title: 'Another one',
      whyNot: 'orchestra.yaml may only be read',
    };
    const s = open({ improvements: [flaky, locked] });
    await s.sees('5 features');
    s.press('A');
    await s.sees('i improve');
    s.press('i');
    await s.sees('Change orchestra.yaml for');
    s.press('[B');
    await s.sees('not now: orchestra');
    s.press('[A\r');
    await s.sees('Change orchestra.yaml?');
  });

  it('shows a failure to change the file, and looks again', async () => {
    const s = open({ improvements: [flaky] });
    await s.sees('5 features');
    s.press('A');
    await s.sees('i improve');
    s.fake.applyImprovement = async () => {
      throw new OrchestraError('settings-changed', 'orchestra.yaml is another one now', {
        hint: 'Look again.',
      });
    };
    s.press('i');
    await s.sees('Change orchestra.yaml?');
    s.press('y');
    await s.sees('orchestra.yaml is another one now');
  });

  it('says where nothing was found, and why the key does nothing', async () => {
    const s = open({}, { columns: 120, rows: 60 });
    await s.sees('5 features');
    s.press('A');
    await s.sees('nothing that could be done better, or not enough history');
    s.press('i');
    await s.sees('Not now: nothing was found that a setting would do.');
  });

  it.each([58, 98, 178])('keeps every line within %i cells, whatever the names hold', (width) => {
    const odd: Improvement = {
      ...flaky,
      title: '日本語日本語日本語'.repeat(20),
      evidence: ['\u001b[2J\u202e evil '.repeat(40)],
      suggestion: 'x'.repeat(400),
      change: { hash: 'h', diff: [{ kind: 'new', text: `\u001b[2J${'y'.repeat(900)}` }] },
    };
    const found = {
      schema: 'orchestra/improvements@1' as const,
      environment: null,
      looked: 3,
      improvements: [odd],
    };
    const state = {
      status: 'read' as const,
      environment: undefined,
      analysis: undefined as never,
      rows: [],
      improvements: { status: 'read' as const, found },
    };
    const lines = [
      ...improvementLines(state, 'overview', width),
      ...dialogLines(improvementDialog(odd, undefined), width, 20),
    ];
    for (const line of lines) {
      const text = line.map((one) => one.text).join('');
      expect(widthOf(text), text).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/\u001b|\u202e/);
    }
    expect(improvementLines(state, 'trends', width)).toEqual([]);
  });
});
