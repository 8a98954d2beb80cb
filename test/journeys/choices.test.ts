import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discoverySchema } from '../../src/domain/feature.ts';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import { sendUsers, type Users } from '../harness/users.ts';

// Five small renovations wait, all recommended; whoever deploys leaves them out, three times.
let greeter: Greeter;
let users: Users | undefined;
let ui: RealTerminal;

const commit = (message: string, name: string) => {
  const git = gitIn(greeter.journey.repository);
  git.write({
    [`src/${name}/part.mjs`]: `export const ${name} = 1;\n`,
    [`test/${name}.test.mjs`]: `export const case1 = '${name}';\n`,
  });
  git.commit(message);
};
const run = async (...args: string[]) => {
  const ran = await greeter.journey.run(...args, '--json');
  if (ran.code !== 0) throw new Error(ran.stdout + ran.stderr);
  return ran;
};
const deploy = (select: string) => run('deploy', 'production', '--select', select, '--yes', '--no-input');
const waiting = async () => discoverySchema.parse(JSON.parse((await run('discover')).stdout)).features;
const renovations = async () =>
  (await waiting()).filter(({ type, onBase }) => type === 'refactor' && onBase !== true);

beforeAll(async () => {
  greeter = await makeGreeter({ steps: '[50, 100]' });
  await run('deploy', 'production', '--version', 'v1', '--yes', '--no-input');
  users = sendUsers(greeter.port);
  for (let i = 0; i < 5; i += 1) commit(`refactor(room${i}): renovate (#${20 + i})`, `room${i}`);
}, 120_000);
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
}, 60_000);

describe('a team that leaves renovations out', () => {
  it('M6 is advised so after the third time, with the numbers it rests on, and no probability changed', async () => {
    const before = await renovations();
    expect(before.map(({ bucket }) => bucket)).toEqual(Array(5).fill('recommended'));
    for (let i = 0; i < 3; i += 1) {
      expect((await renovations()).every(({ shifted }) => shifted === undefined)).toBe(true);
      commit(`feat(hall${i}): a thing people want (#${40 + i})`, `hall${i}`);
      const [wanted] = (await waiting()).filter(({ type, onBase }) => type === 'feature' && onBase !== true);
      await deploy(wanted?.id ?? '');
    }
    const after = await renovations();
    expect(after.map(({ bucket }) => bucket)).toEqual(Array(5).fill('optional'));
    for (const { reason } of after)
      expect(reason).toMatch(/^Moved to optional: you left out 5 of 5 refactor changes \(65–100 %\)\. /u);
    const { stdout } = await greeter.journey.run('choices');
    expect(stdout).toContain('You left out 5 of 5 refactor changes (65–100 %): moved to optional');
    expect(stdout).toContain('Selection agreement: of 18 features advised or chosen 3 were both');
  }, 180_000);

  it('M6 sees it on the screen, and has it forgotten there', async () => {
    ui = greeter.journey.openUi();
    await ui.waitFor('Discovery');
    ui.press('1');
    await ui.waitFor(/refactor\(room4\)/u);
    const command = async (text: string) => {
      ui.press(':');
      await ui.waitFor('Find a command');
      ui.press(...text);
      await ui.waitFor(text);
      ui.press('enter');
    };
    await command('what they move');
    await ui.waitFor('You left out 5 of 5 refactor changes (65–100 %): moved to optional');
    ui.press('esc');
    await command('forget your choices');
    await ui.waitFor('Forget your choices?');
    ui.press('y');
    await ui.waitFor('Forgotten: 8 changes');
    expect((await renovations()).map(({ bucket }) => bucket)).toEqual(Array(5).fill('recommended'));
    const audit = readFileSync(path.join(greeter.journey.memory, 'audit.ndjson'), 'utf8');
    const done = audit.split('\n').find((line) => line.includes('choices-clear.done')) ?? '{}';
    const { details }: { details?: { backup?: string } } = JSON.parse(done);
    expect(existsSync(details?.backup ?? '')).toBe(true);
    expect(audit).toContain('you left out 5 of 5 refactor changes');
  }, 60_000);
});
