import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gates } from '../../src/gates/registry.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { endOf } from '../harness/journey.ts';

const headless = ['--yes', '--no-input', '--json'];
const deploy = (version: string, ...more: string[]) => [
  'deploy',
  'production',
  '--version',
  version,
  ...more,
  ...headless,
];

describe('the gates before production, on a repository of their own', () => {
  let greeter: Greeter;

  beforeAll(async () => {
    greeter = await makeGreeter({
      more: `    gates:
      sign_offs: [qa]
      quality: { run: "exit 3" }
      tests: { override: true }
`,
    });
    greeter.version('v2', { tests: 'fail' });
  });
  afterAll(() => greeter.journey.close());

  it('G5 validate names every one of them, says how to mend what fails, and exits 4', async () => {
    const { code, stdout } = await greeter.journey.run(
      'deploy',
      'validate',
      'production',
      '--version',
      'v1',
      '--json',
    );
    expect(code).toBe(4);
    const rows: unknown = JSON.parse(stdout);
    const before = gates.filter(({ when }) => when === 'before');
    expect(rows).toMatchObject(before.map(({ id }) => ({ id })));
    expect(rows).toContainEqual(
      expect.objectContaining({
        id: 'sign_offs',
        status: 'failed',
        fix: expect.stringContaining('sign-off qa'),
      }),
    );
  });

  it('G1 refuses at once what a gate stops already; nothing begins', async () => {
    const { code, lines } = await greeter.journey.run(...deploy('v1'));
    expect(code).toBe(4);
    expect(lines).toMatchObject([
      { error: { code: 'gate-refused', details: { gates: [{ id: 'sign_offs', status: 'failed' }] } } },
    ]);
    expect((await greeter.journey.run('history', '--json')).stdout.trim()).toBe('[]');
  });

  it('G1 a gate that fails on the candidate ends it as blocked, nothing in production touched', async () => {
    const signed = await greeter.journey.run(
      'deploy',
      'sign-off',
      'qa',
      '--env',
      'production',
      '--version',
      'v1',
    );
    expect(signed.code).toBe(0);
    const ran = await greeter.journey.run(...deploy('v1'));
    expect(ran.code).toBe(4);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'blocked', version: null });
    expect(ran.lines.some(({ type }) => type === 'candidate.started' || type === 'stable.ready')).toBe(false);
  });

  it('G1 with overrides it goes on, and the audit trail has who and why', async () => {
    const overrides = [
      '--override',
      'quality=known',
      '--override',
      'sign_offs=qa is ill',
      '--override',
      'tests=a demo',
    ];
    const ran = await greeter.journey.run(...deploy('v2', ...overrides));
    expect(ran.code).toBe(0);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    const checked = ran.lines.find(({ type }) => type === 'gates.checked');
    expect(checked?.['results']).toContainEqual(
      expect.objectContaining({ id: 'tests', status: 'failed', override: { by: 'Ada', why: 'a demo' } }),
    );
    const { stdout } = await greeter.journey.run('audit', '--json');
    expect(stdout).toContain(`"action":"gate.overridden"`);
    expect(stdout).toMatch(/"gate":"sign_offs"/);
  });

  it('N4 killed while its gates are looked at, another conductor looks again and ends it', async () => {
    const all = ['--override', 'quality=known', '--detach'];
    const begun = await greeter.journey.run(...deploy('v1', ...all));
    const id = String(begun.lines[0]?.['id']);
    await eventually(
      () =>
        greeter.journey
          .journal(id)
          .some((e) => e.type === 'effect.started' && JSON.stringify(e).includes('gates-before')),
      'its gates are looked at',
      60_000,
    );
    const conductor = greeter.journey.conductor(id);
    if (conductor) process.kill(conductor.pid, 'SIGKILL');
    await eventually(() => greeter.journey.conductor(id) === undefined, 'the conductor is gone');
    await greeter.journey.run('status', '--json');
    const finished = () => greeter.journey.journal(id).find(({ type }) => type === 'deployment.finished');
    await eventually(
      async () => {
        if (finished()) return true;
        await greeter.journey.run('status', '--json');
        return finished() !== undefined;
      },
      `${id} ends`,
      90_000,
    );
    expect(['succeeded', 'rolled_back']).toContain(finished()?.outcome);
    expect(greeter.journey.journal(id).some(({ type }) => type === 'gates.checked')).toBe(true);
  });
});
