import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { endOf } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

let greeter: Greeter;
let users: Users;

beforeAll(async () => {
  // Phases that last until somebody ends them: what happens in between is up to the test.
  greeter = await makeGreeter({ duration: '10m' });
  greeter.version('v2');
  const first = await greeter.journey.run(
    'deploy',
    'production',
    '--version',
    'v1',
    '--yes',
    '--no-input',
    '--json',
  );
  if (first.code !== 0) throw new Error(first.stdout + first.stderr);
  users = sendUsers(greeter.port);
}, 120_000);
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
}, 60_000);

describe('a terminal that is closed in the middle of a canary', () => {
  it('N4 W1 N5 stops nothing: it goes on, `status --monitor` sees it, and the UI attaches again', async () => {
    const { journey } = greeter;
    const first = journey.openUi();
    await first.waitFor(/1 feature/u);
    first.press('n');
    await first.waitFor(/✔ proved/u);
    first.press('n');
    await first.waitFor('staging is done: n goes on');
    first.press('n');
    await first.waitFor('testing is done: n goes on');
    first.press('n');
    await first.waitFor('Start the rollout?');
    first.press('y');
    await first.waitFor(/▸ *5 % [\s\S]*sample 5 of 5/u);

    // The window goes: its programs get SIGHUP, and nothing is left to write to.
    first.signal('SIGHUP');
    await first.exited;
    await first.close();

    const state = await journey.run('status', '--json');
    const [active] = (state.lines[0]?.['active'] ?? []) as { id: string }[];
    const id = active?.id ?? '';
    expect(journey.conductor(id)).toBeDefined();
    const monitor = journey.start(['status', '--monitor', '--json']);
    const seen = await monitor.line((event) => event.type === 'measured');
    expect(seen.deployment).toBe(id);
    const promoted = await journey.run('deploy', 'promote', '--env', 'production', '--json');
    expect(promoted.code).toBe(0);
    await monitor.line((event) => event.type === 'weight.set' && event['actual'] === 25);

    const again = journey.openUi();
    await again.waitFor(new RegExp(`Production +${id}`, 'u'));
    await again.waitFor(/traffic +\S+ 25 % wanted 25 %/u);
    await again.waitFor(/✔ passed/u);

    // A terminal that is killed outright stops nothing either.
    again.signal('SIGKILL');
    await again.exited;
    const third = journey.openUi();
    await third.waitFor(/traffic +\S+ 25 % wanted 25 %/u);

    third.press('r');
    const question = await third.waitFor('Roll back?');
    expect(question).toMatch(/share of traffic goes from 25 % to 0 % at once/u);
    expect(question).toMatch(/▸ \[ No \]/u);
    third.press('y');
    await third.waitFor(/↩ rolled back: Ada asked for it/u);
    const ran = await monitor.done;
    expect(ran.code).toBe(0);
    expect(ran.lines.at(-1)).toMatchObject({ type: 'deployment.finished', outcome: 'rolled_back' });
    expect(endOf(journey.journal(id))).toMatchObject({ version: { name: 'v1' } });

    await users.answered(100);
    expect(new Set(users.last(50))).toEqual(new Set(['v1']));
    expect(users.failures).toEqual([]);
    await eventually(() => journey.conductor(id) === undefined, 'the conductor leaves');
    third.press('q');
    expect(await third.exited).toBe(0);
  }, 180_000);
});
