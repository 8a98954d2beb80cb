import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../src/domain/memory.ts';
import { FakeOrchestrator } from '../../harness/fake-orchestrator.ts';
import { dayOf, pastRow } from '../../harness/history.ts';
import { runCommand } from '../../harness/shell.ts';

const analyze = (rows: HistoryRow[], ...args: string[]) =>
  runCommand(['analyze', ...args], { open: async () => new FakeOrchestrator({ rows }) });

const rows = Array.from({ length: 12 }, (_, i) =>
  pastRow(dayOf(300 + i), {
    outcome: i % 4 === 3 ? 'rolled_back' : 'succeeded',
    ...(i === 0 ? { environment: 'staging' } : {}),
    features: [{ id: 'evil', title: '\u001b[2J' }],
    strategy: i === 1 ? 'canary\u001b]0;title\u0007' : 'canary',
  }),
);

describe('analyze', () => {
  it('C1 W3 gives patterns, features, trends, dora and recommendations, each with n and interval', async () => {
    const { code, out } = await analyze(rows, '--json');
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(2);
    const data: unknown = JSON.parse(out);
    expect(data).toMatchObject({
      patterns: [{ group: 'deployments', key: 'all', succeeded: 0, n: 0, interval: [0, 1] }],
      features: [],
      trends: {
        success: { all: { count: 9, n: 12 } },
        byEnvironment: [
          { key: 'production', count: 8, n: 11 },
          { key: 'staging', count: 1, n: 1 },
        ],
      },
      dora: { environment: 'production', changeFailureRate: { count: 3, n: 11 } },
      calibration: { n: 12 },
      recommendations: [],
    });
  });

  it('M7 tells the same in plain lines: every rate with its interval and n, too few as such, nothing unsafe', async () => {
    const { code, out } = await analyze(rows);
    expect(code).toBe(0);
    expect(out).toContain('success    9 of 12 (51–90 %)');
    expect(out).toContain('DORA, production, 2026-11-02 to 2026-11-21');
    expect(out).toMatch(/deployment frequency +2\.9 a week \(1\.5–5\.3, n=8\)/);
    expect(out).toMatch(/change failure rate +3 of 11 \(11–52 %\)/);
    expect(out).toMatch(/staging +n=1: too few/);
    expect(out).toMatch(
      /none: (no kind of deployment differs from the others beyond chance \(\d+ comparisons?\)|not enough history)/,
    );
    expect(out).not.toMatch(/\u001b|\u0007/);
  });

  it('M7 does not call it a finding where too little is known to compare anything', async () => {
    const { out } = await analyze(rows.slice(0, 1));
    expect(out).toContain('1 deployment, of which 1 says how changes fare');
    expect(out).toContain('none: not enough history: no two kinds of deployments could be told apart yet');
    expect(out).not.toContain('beyond chance');
    expect(out).toMatch(/Not enough history for comparisons\. \d+ kinds have/);
  });

  it('W3 says how the kinds are compared, what fares best, and prints all of it as a file', async () => {
    const failing = Array.from({ length: 60 }, (_, i) =>
      pastRow(dayOf(200 + i), {
        outcome: i % 3 === 0 ? 'rolled_back' : 'succeeded',
        facts: { areas: [i % 3 === 0 ? 'src/pay' : 'src/cart'] },
      }),
    );
    const { out } = await analyze(failing);
    expect(out).toMatch(/^▼ src\/pay +0 of 20 \(0–12 %\) {2}worse than the others$/mu);
    expect(out).toMatch(/^ {2}1\. Deployments that change src\/pay: 0 of 20 .* all comparisons counted\)/mu);
    expect(out).toMatch(/\d+ comparisons, p adjusted for all of them \(Holm\)/);
    expect(out).toContain('Weekday: none is shown to be best; so far ');
    expect(out).toMatch(/0 % +predicted +100 %/);
    expect((await analyze(failing, '--export', 'csv')).out).toContain('"By folder","src/pay","0","20"');
    expect((await analyze(failing, '--export', 'html')).out).toMatch(/^<!doctype html>/);
    expect((await analyze(failing, '--export', 'pdf')).code).toBe(2);
  });

  it('W3 looks at one environment with --env, and says what to do where nothing was deployed', async () => {
    expect((await analyze(rows, '--env', 'staging')).out).toContain('staging: 1 deployment');
    expect((await analyze([])).out).toContain('no deployment has ended yet; `orchestrate deploy`');
    expect((await analyze(rows, '--env', 'elsewhere')).code).toBe(78);
    expect((await analyze(rows, '--thresholds', 'x.yaml')).code).toBe(2);
  });
});
