import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { beginStory } from '../harness/story.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import type { Users } from '../harness/users.ts';

// A change of the stored data's schema among others, in an environment that leaves the strategy to the risk.
let greeter: Greeter;
let users: Users;
let ui: RealTerminal;

const test = 'export const seen = true;\n';

beforeAll(async () => {
  greeter = await makeGreeter({
    steps: '[50, 100]',
    strategy: '',
    migrate: 'test -f service.mjs',
    more: '    blue-green: { bake: 1s }\n',
  });
  const git = gitIn(greeter.journey.repository);
  const change = (message: string, files: Record<string, string>) => {
    git.write(files);
    git.commit(message);
  };
  change('feat(names): greet by name (#11)', {
    'migrations/002_names.sql': 'ALTER TABLE greetings ADD COLUMN name TEXT;\n',
    'src/names.mjs': 'export const names = [];\n',
    'test/names.test.mjs': test,
  });
  change('feat(db): the old texts are not needed any more (#12)', {
    'migrations/003_old.sql': 'ALTER TABLE greetings DROP COLUMN old_text;\n',
  });
  change('fix(small): a small thing (#13)', { 'src/small.mjs': test, 'test/small.test.mjs': test });
  ({ users, ui } = await beginStory(greeter, 'v1'));
}, 120_000);
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
}, 60_000);

describe('a person with a schema change among what waits', () => {
  it('D9 is told HIGH RISK because of it, whatever the numbers say, and canary is suggested', async () => {
    await ui.waitFor('3 features');
    ui.press('n');
    const screen = await ui.waitFor(/all recommended · canary[^]*✔ proved/u);
    expect(screen).toMatch(/─ HIGH RISK ─/u);
    expect(screen).toMatch(/together HIGH RISK success 0\.\d\d/u);
    expect(screen).toContain('greet by name changes the schema: high risk whatever the numbers say');
    expect(screen).toMatch(/▸ \[x\] feat\(names\): greet by name .* ST /u);
    expect(screen).toContain('additive schema change (sql): migrations/002_names.sql');
  });

  it('D9 is not advised to ship what destroys data, and is told what it destroys', async () => {
    ui.press('G');
    const screen = await ui.waitFor(/▸ \[ \] feat\(db\): the old texts[^]*not recommended: It drops column/u);
    expect(screen).toMatch(/It drops column greetings\.old_text[^]*ship it on its own/u);
    ui.press('g');
  });

  it('D7 sees the risk and the strategy fall without it, and rise again with it', async () => {
    await ui.waitFor(/▸ \[x\] feat\(names\)/u);
    ui.press('space');
    const without = await ui.waitFor(/custom · blue-green[^]*✔ proved/u);
    expect(without).toMatch(/together LOW RISK/u);
    expect(without).toMatch(/last change +success 0\.\d\d → 0\.\d\d +HIGH → LOW RISK/u);
    ui.press('space');
    await ui.waitFor(/2 of 3[^]*together HIGH RISK[^]*✔ proved/u);
    ui.press('S');
    await ui.waitFor(/as usual: canary \(now\) +the deployment is HIGH RISK/u);
    ui.press('esc');
  });

  it('D9 finds a detailed rollback plan in the guide, the data in it', async () => {
    ui.press('n');
    const staged = await ui.waitFor('staging is done: n goes on');
    expect(staged).toContain('canary: the deployment is HIGH RISK');
    ui.press('j', 'enter');
    await ui.waitFor(/DEPLOYMENT_GUIDE\.md[^]*HIGH RISK\. Ship it when people are there to watch/u);
    ui.press('/', 'rollback restores', 'enter');
    const plan = await ui.waitFor(/A rollback restores the program, never the data/u);
    expect(plan).toMatch(/additive: migrations\/002_names\.sql; it adds column/u);
    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('1 of 1 found'));
    ui.press('esc');
    const id = /in deployment_memory\/current\/(\S+)/u.exec(staged)?.[1] ?? '';
    const guide = readFileSync(
      path.join(greeter.journey.memory, 'current', id, 'DEPLOYMENT_GUIDE.md'),
      'utf8',
    );
    const rollback = guide.slice(
      guide.indexOf('\n## Rollback\n'),
      guide.indexOf('\n## If something happens'),
    );
    for (const part of ['By itself', 'By hand', 'What then happens', 'Afterwards', 'The data'])
      expect(rollback).toContain(`\n### ${part}\n`);
    expect(rollback).toContain('take a backup of the store and try to restore it');
    expect(rollback).toContain('run the old version against a migrated copy');
  });

  it('D9 T1 is asked with the risk named, and rolls out a little at a time', async () => {
    await ui.waitFor('DEPLOYMENT_GUIDE.md  everything in one paper');
    ui.press('n');
    await ui.waitFor(/testing is done/u);
    ui.press('n');
    const question = await ui.waitFor('Start the rollout?');
    expect(question).toMatch(/strategy +canary, 50 → 100 %/u);
    expect(question).toMatch(/risk +HIGH, success 0\.\d\d/u);
    expect(question).toMatch(/▸ \[ No \]/u);
    ui.press('y');
    await ui.waitFor(/wanted 50 %/u);
    await ui.waitFor(/✔ succeeded/u);
    expect(users.failures).toEqual([]);
    ui.press('q');
    expect(await ui.exited).toBe(0);
  }, 60_000);
});
