import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import { sendUsers, type Users } from '../harness/users.ts';

// Somebody who never saw the program, with the smallest screen, the footer and nothing else.
let greeter: Greeter;
let users: Users;
let ui: RealTerminal;
let shipped = '';

beforeAll(async () => {
  greeter = await makeGreeter({ steps: '[50, 100]' });
  greeter.version('v2');
  const git = gitIn(greeter.journey.repository);
  git.write({ 'README.md': '# Greets\n' });
  git.commit('docs: say what it does');
  const asked = ['deploy', 'production', '--version', 'v1', '--yes', '--no-input', '--json'];
  const first = await greeter.journey.run(...asked);
  if (first.code !== 0) throw new Error(first.stdout + first.stderr);
  users = sendUsers(greeter.port);
  ui = greeter.journey.openUi({ cols: 80, rows: 24, newcomer: true });
}, 120_000);
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
}, 60_000);

/** Whether the frame stands around every row. */
const whole = () => {
  const lines = ui.lines();
  return (
    /^┌ orchestra ─.*─┐$/u.test(lines[0] ?? '') &&
    /^└.*┘$/u.test(lines[22] ?? '') &&
    lines.slice(1, 22).every((line) => /^[│├].*[│┤]$/u.test(line))
  );
};

describe('a newcomer at 80 × 24', () => {
  it('U1 is shown around in three screens, then what waits', async () => {
    await ui.waitFor('Welcome to orchestra');
    ui.press('enter');
    await ui.waitFor('Choosing, and the proof');
    ui.press('enter');
    await ui.waitFor('Rolling out, back, and the record');
    ui.press('enter');
    const found = await ui.waitFor('2 features');
    expect(found).not.toContain('1 of 3');
    expect(whole(), found).toBe(true);
    ui.press('j');
    await ui.waitFor('2 of 2');
  });

  it('S2 selects, with the reasons at hand and the proof behind every key', async () => {
    ui.press('n');
    await ui.waitFor(/1 of 2[^]*✔ proved/u);
    ui.press('enter');
    const detail = await ui.waitFor('[overview]');
    expect(detail).toContain('esc');
    expect(whole(), detail).toBe(true);
    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('[overview]'));
    // Left out, the next key has nothing to build; the screen says so.
    ui.press('space');
    await ui.waitFor('Nothing is selected');
    ui.press('space');
    await ui.waitFor(/1 of 2[^]*✔ proved/u);
    ui.press('j', 'space');
    await ui.waitFor(/2 of 2[^]*✔ proved/u);
  });

  it('S3 builds the candidate, reads its papers and ticks what only a person can', async () => {
    ui.press('n');
    await ui.waitFor('n goes on');
    ui.press('enter');
    const paper = await ui.waitFor('paper 1 of 8');
    expect(whole(), paper).toBe(true);
    ui.press(']', ']', ']');
    await ui.waitFor(/\d of \d+ ticked · paper 4 of 8/u);
    // The checklist opens on the first item that is for a person.
    ui.press('space');
    await ui.waitFor(/\[x\] The rollback procedure/u);
    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('paper 4 of 8'));
  });

  it('S4 S5 tests it, is asked, and rolls out while users are answered', async () => {
    ui.press('n');
    await ui.waitFor(/testing is done/u);
    ui.press('n');
    const question = await ui.waitFor('Start the rollout?');
    expect(question).toMatch(/▸ \[ No \]/u);
    expect(whole(), question).toBe(true);
    ui.press('right', 'enter');
    await ui.waitFor(/wanted 50 %/u);
    const over = await ui.waitFor(/✔ succeeded/u);
    expect(whole(), over).toBe(true);
    await users.answered(20);
    expect(new Set(users.last(10))).toEqual(new Set(['v2']));
  }, 60_000);

  it('R1 W2 rolls back, finds both records, and compares them', async () => {
    await ui.waitFor(/It has ended[^]*r roll back/u);
    ui.press('r');
    const question = await ui.waitFor('Roll back?');
    expect(question).toMatch(/▸ \[ No \]/u);
    ui.press('y');
    await ui.waitFor(/✔ succeeded: v1 serves/u);
    await users.answered(20);
    expect(new Set(users.last(10))).toEqual(new Set(['v1']));
    expect(users.failures).toEqual([]);
    ui.press('H');
    const table = await ui.waitFor('1 of 3');
    expect(whole(), table).toBe(true);
    ui.press('j', 'enter');
    const record = await ui.waitFor('[overview]');
    expect(record).toMatch(/because +\S/u);
    shipped = /(\d{8}_\d{6})/u.exec(record)?.[1] ?? '';
    ui.press('esc');
    await ui.waitFor('2 of 3');
    ui.press('v');
    await ui.waitFor(`${shipped} is marked`);
    ui.press('k', 'v');
    const compared = await ui.waitFor('Two deployments');
    expect(compared).toMatch(new RegExp(`${shipped} +≠ +\\d{8}_\\d{6}`, 'u'));
    expect(compared).toMatch(/strategy +canary +≠ +instant/u);
    expect(whole(), compared).toBe(true);
    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('Two deployments'));
    ui.press('q');
    expect(await ui.exited).toBe(0);
  }, 60_000);
});
