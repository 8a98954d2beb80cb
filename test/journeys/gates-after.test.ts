import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gateResultSchema } from '../../src/domain/gate.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { endOf } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const deploy = (...what: string[]) => ['deploy', 'production', ...what, '--yes', '--no-input', '--json'];

/** A command stands for the database; it takes its time while there is such a file. */
const gates = `    gates:
      latency: { p95: 400ms }
      database: { run: test ! -e slow-database || sleep 4 }
`;

const checkedSchema = z.object({ when: z.string(), results: z.array(gateResultSchema) });

const looksAfter = z.object({ kind: z.literal('check-gates'), when: z.literal('after') });

/** How the gates after the rollout stood, by their ids. */
function after(lines: readonly object[]): Map<string, z.infer<typeof gateResultSchema>> {
  const told = lines
    .map((line) => checkedSchema.safeParse(line))
    .flatMap(({ data }) => (data?.when === 'after' ? [data] : []));
  return new Map((told.at(-1)?.results ?? []).map((result) => [result.id, result]));
}

describe('gates after the rollout', () => {
  let greeter: Greeter;
  let users: Users;
  beforeAll(async () => {
    greeter = await makeGreeter({
      health: ', version_path: /version',
      steps: '[20, 100]',
      duration: '3s',
      more: gates,
    });
    greeter.version('v2');
    greeter.version('slow', { slowMs: 700 });
    greeter.version('v3');
    const first = await greeter.journey.run(...deploy('--version', 'v1'));
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    users = sendUsers(greeter.port, 60);
    await users.answered(10);
  });
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
  });

  it('G3 are looked at with all traffic on the candidate, and let one that holds them be promoted', async () => {
    const { code, lines } = await greeter.journey.run(...deploy('--version', 'v2'));
    expect(endOf(lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    expect(code).toBe(0);
    const found = after(lines);
    expect([...found].map(([id, { status }]) => `${id} ${status}`)).toEqual([
      'smoke skipped',
      'error_rate passed',
      'latency passed',
      'version passed',
      'log_errors passed',
      'database passed',
      expect.stringMatching(/^resources (passed|failed)$/u),
      'business_metrics skipped',
    ]);
    expect(found.get('error_rate')?.detail).toMatch(/^0 of \d+ requests failed/u);
    expect(found.get('version')?.detail).toContain('GET /version says so');
    expect(found.get('resources')?.detail).toMatch(/memory \d+ MB/u);
  });

  it('N4 are looked at again where the conductor is killed meanwhile, and the candidate is promoted', async () => {
    const slow = path.join(greeter.journey.repository, 'slow-database');
    writeFileSync(slow, '');
    try {
      const command = greeter.journey.start(deploy('--version', 'v3'));
      const begun = await command.line(
        ({ type, effect }) => type === 'effect.started' && looksAfter.safeParse(effect).success,
      );
      const conductor = greeter.journey.conductor(begun.deployment ?? '');
      if (!conductor) throw new Error('nobody conducts it');
      process.kill(conductor.pid, 'SIGKILL');
      const { code, lines } = await command.done;
      expect(endOf(lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v3' } });
      expect(code).toBe(0);
      expect(after(lines).get('database')).toMatchObject({ status: 'passed' });
      const looks = lines.filter(
        ({ type, effect }) => type === 'effect.started' && looksAfter.safeParse(effect).success,
      );
      expect(looks).toHaveLength(2);
    } finally {
      rmSync(slow);
    }
  });

  it('R2 G3 one of which fails takes the candidate back, and the reason names it', async () => {
    const { code, lines } = await greeter.journey.run(...deploy('--version', 'slow'));
    expect(code).toBe(3);
    expect(endOf(lines)).toMatchObject({
      outcome: 'rolled_back',
      version: { name: 'v3' },
      reason: expect.stringMatching(/^a gate refused: answers are quick: p95 of \d+ answers/u),
    });
    expect(after(lines).get('latency')).toMatchObject({ status: 'failed', fix: expect.any(String) });
    expect(greeter.journey.routes()).toMatchObject({ weight: 0, candidate: null });
    await users.answered(20);
    expect(new Set(users.last(10))).toEqual(new Set(['v3']));
  });
});
