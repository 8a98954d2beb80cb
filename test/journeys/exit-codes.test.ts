import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { endOf } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const headless = ['--yes', '--no-input', '--json'];
const canary = (version: string) => [
  'deploy',
  'production',
  '--version',
  version,
  '--strategy',
  'canary',
  ...headless,
];

describe('without a screen, on one environment after the other', () => {
  let greeter: Greeter;
  let users: Users | undefined;

  beforeAll(async () => {
    greeter = await makeGreeter({ health_timeout: '3s', tolerance: '600ms' });
    greeter.version('broken', { exits: true });
    greeter.version('v2');
    greeter.version('failing', { failing: 50 });
    greeter.version('untested', { tests: 'fail' });
    greeter.version('slow', { slowMs: 900 });
    greeter.version('v3');
  });
  afterAll(async () => {
    await users?.stop();
    await greeter.journey.close();
  });

  it('C1 exits 78 where there is no repository, and for an environment nobody configured', async () => {
    const nowhere = mkdtempSync(path.join(tmpdir(), 'orchestra-nowhere-'));
    try {
      const { code, lines } = await greeter.journey.run('-C', nowhere, 'discover', '--json');
      expect(code).toBe(78);
      expect(lines).toMatchObject([{ error: { code: 'not-a-repository' } }]);
    } finally {
      rmSync(nowhere, { recursive: true });
    }
    const { code, lines } = await greeter.journey.run('deploy', 'prodution', ...headless);
    expect(code).toBe(78);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines[0])).toContain('production');
  });

  it('C1 W1 says in lines what the screen opens with, where there is no terminal', async () => {
    const { code, stdout } = await greeter.journey.run();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^production +/mu);
    expect(stdout).toMatch(/no deployment runs[\s\S]*against [\s\S]*: \d+ features? waits?/u);
    expect(stdout).not.toContain('\u001b');
  });

  it('C1 exits 2 for a command nobody knows, and for a ref that git would take for an option', async () => {
    const unknown = await greeter.journey.run('deplyo', '--json');
    expect(unknown.code).toBe(2);
    expect(unknown.lines).toMatchObject([{ error: { code: 'usage' } }]);
    const option = await greeter.journey.run(
      'deploy',
      'production',
      '--version=--upload-pack=x',
      ...headless,
    );
    expect(option.code).toBe(2);
    expect(option.lines).toHaveLength(1);
  });

  it('C1 exits 1 when the first deployment fails, and says what the service said', async () => {
    const ran = await greeter.journey.run(...canary('broken'));
    expect(ran.code).toBe(1);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'failed', version: null });
    const failed = ran.lines.find(({ type }) => type === 'effect.failed');
    expect(JSON.stringify(failed)).toContain('cannot read the certificate');
  });

  it('C1 P1 exits 0 with the first version serving', async () => {
    const ran = await greeter.journey.run(...canary('v1'));
    expect(ran.stderr).not.toContain('error');
    expect(ran.code).toBe(0);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v1' } });
    users = sendUsers(greeter.port);
    await users.answered(50);
    expect(new Set(users.last(50))).toEqual(new Set(['v1']));
  });

  it('T2 T3 S5 exits 0 after 5 → 25 → 50 → 100 %, no request failed', async () => {
    const ran = await greeter.journey.run(...canary('v2'));
    expect(ran.code).toBe(0);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    const weights = ran.lines.filter(({ type }) => type === 'phase.started').map(({ weight }) => weight);
    expect(weights).toEqual([5, 25, 50, 100]);
    await users?.answered(50);
    expect(new Set(users?.last(20))).toEqual(new Set(['v2']));
    expect(users?.failures).toEqual([]);
  });

  it('G4 R2 exits 3 when the candidate hurts, the version before serving everybody', async () => {
    const ran = await greeter.journey.run(...canary('failing'));
    expect(ran.code).toBe(3);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'rolled_back', version: { name: 'v2' } });
    expect(ran.lines.find(({ type }) => type === 'rollback.started')).toMatchObject({ trigger: 'rule' });
    await users?.answered(50);
    expect(new Set(users?.last(20))).toEqual(new Set(['v2']));
  });

  it('S4 exits 4 when a suite fails, and 4 when nobody could be asked', async () => {
    const blocked = await greeter.journey.run(...canary('untested'));
    expect(blocked.code).toBe(4);
    expect(endOf(blocked.lines)).toMatchObject({ outcome: 'blocked', version: { name: 'v2' } });
    expect(blocked.lines.some(({ type }) => type === 'candidate.started')).toBe(false);

    const unasked = await greeter.journey.run('deploy', '--version', 'v3', '--no-input', '--json');
    expect(unasked.code).toBe(4);
    expect(unasked.lines).toMatchObject([{ error: { code: 'needs-yes' } }]);
  });

  it('G4 T3 exits 6 when a rollout waits for a person; T4 another gets 5, naming who has it; then abort exits 3', async () => {
    const asked = greeter.journey.start(['deploy', '--version', 'slow', '--yes', '--json']);
    const paused = await asked.done;
    expect(paused.code).toBe(6);
    expect(paused.lines.at(-1)).toMatchObject({ type: 'deployment.paused' });
    expect(JSON.stringify(paused.lines.at(-1))).toMatch(/p95|slower|latency/);

    const kim = await greeter.journey.as('Kim').run(...canary('v3'));
    expect(kim.code).toBe(5);
    expect(kim.lines).toMatchObject([
      { error: { code: 'locked', details: { owner: 'Ada', deployment: paused.lines[0]?.deployment } } },
    ]);
    expect(JSON.stringify(kim.lines[0])).toContain('held by Ada');

    const aborted = await greeter.journey.run('deploy', 'abort', '--env', 'production', '--json');
    expect(aborted.code).toBe(3);
    expect(aborted.lines.at(-1)).toMatchObject({ type: 'deployment.finished', outcome: 'rolled_back' });
    await users?.answered(20);
    expect(new Set(users?.last(10))).toEqual(new Set(['v2']));
  });

  it('G4 T3 takes a paused rollout back by itself when nobody can be asked', async () => {
    const ran = await greeter.journey.run(...canary('slow'));
    expect(ran.code).toBe(3);
    endOf(ran.lines);
    expect(ran.lines.find(({ type }) => type === 'rollback.started')).toMatchObject({ trigger: 'timeout' });
  });

  it('T4 of two people who start at the same moment one deploys, and the other gets 5 naming the first', async () => {
    const kim = greeter.journey.as('Kim');
    const both = await Promise.all([greeter.journey.run(...canary('v3')), kim.run(...canary('v3'))]);
    expect(both.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([0, 5]);
    const winner = both[0]?.code === 0 ? 'Ada' : 'Kim';
    const refused = both.find(({ code }) => code === 5);
    expect(refused?.lines).toMatchObject([{ error: { code: 'locked', details: { owner: winner } } }]);
  });

  it('R1 returns to the version before as a new deployment that exits 0', async () => {
    const ran = await greeter.journey.run('deploy', 'rollback', '--env', 'production', ...headless);
    expect(ran.code).toBe(0);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    await users?.answered(50);
    expect(new Set(users?.last(20))).toEqual(new Set(['v2']));
  });

  it('W2 M1 has every one of them in its history, newest first', async () => {
    const { code, stdout } = await greeter.journey.run('history', '--json');
    expect(code).toBe(0);
    const rows: unknown = JSON.parse(stdout);
    expect(rows).toMatchObject(
      [
        'succeeded',
        'succeeded',
        'rolled_back',
        'rolled_back',
        'blocked',
        'rolled_back',
        'succeeded',
        'succeeded',
        'failed',
      ].map((outcome) => ({ outcome })),
    );
  });
});
