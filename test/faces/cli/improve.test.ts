import { describe, expect, it } from 'vitest';
import type { Improvement } from '../../../src/domain/improvement.ts';
import { FakeOrchestrator } from '../../harness/fake-orchestrator.ts';
import { runCommand } from '../../harness/shell.ts';

const flaky: Improvement = {
  id: 'flaky-e2e',
  kind: 'flaky',
  environment: null,
  title: 'The suite e2e passes and fails on the same candidate',
  evidence: ['It did so on 3 of 12 (10–49 %) of the candidates. \u001b[2J'],
  n: 12,
  savesMs: 180_000,
  suggestion: 'Let it run once more by itself.',
  edits: [{ path: ['suites', 0, 'retries'], value: 1 }],
  weakens: ['The gate tests: it can pass.'],
  change: { hash: 'h', diff: [{ kind: 'new', text: '    retries: 1' }] },
};
const { change: _, ...without } = flaky;
const advice: Improvement = { ...without, id: 'advice', edits: [] };
const locked: Improvement = { ...flaky, id: 'locked', whyNot: 'orchestra.yaml may only be read' };

async function improve(...args: string[]) {
  const fake = new FakeOrchestrator({ improvements: [flaky, advice, locked] });
  return { fake, ...(await runCommand(['improve', ...args], { open: async () => fake })) };
}

describe('improve', () => {
  it('C1 M4 gives each with its evidence, n, what it saves, what it weakens and its change', async () => {
    const { code, out } = await improve('--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'orchestra/improvements@1',
      environment: null,
      improvements: [
        { id: 'flaky-e2e', n: 12, change: { hash: 'h', diff: [{ kind: 'new' }] } },
        { id: 'advice' },
        {},
      ],
    });
    const text = (await improve()).out;
    for (const part of [
      'saves about 3 min a deployment',
      '! weakens: The gate tests',
      '(apply flaky-e2e)',
      '+     retries: 1',
      'may only be read',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('\u001b');
  });

  it('M4 applies one only when somebody says so: 4 without, and exactly what was shown with --yes', async () => {
    const refused = await improve('apply', 'flaky-e2e', '--no-input');
    expect([refused.code, refused.fake.applied]).toEqual([4, []]);
    const yes = await improve('apply', 'flaky-e2e', '--yes', '--json');
    expect([yes.code, yes.fake.applied]).toEqual([0, ['flaky-e2e']]);
    expect(JSON.parse(yes.out)).toMatchObject({
      schema: 'orchestra/improvement-applied@1',
      improvement: 'flaky-e2e',
    });
  });

  it('refuses what no setting does, and what cannot be written now', async () => {
    expect((await improve('apply', 'advice', '--yes')).code).toBe(2);
    expect((await improve('apply', 'locked', '--yes')).code).toBe(74);
  });
});
