import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGreetings, type Greetings } from '../harness/greetings.ts';
import { beginStory } from '../harness/story.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import type { Users } from '../harness/users.ts';

// Four small features that look alike; one of them fails with users, and had no test.
let greeter: Greetings;
let users: Users;
let ui: RealTerminal;
let failed = '';

beforeAll(async () => {
  greeter = await makeGreetings({ steps: '[50, 100]' });
  greeter.feature('feat(weather): greet by the weather (#21)', 'weather', { tested: false, broken: true });
  greeter.feature('feat(evening): good evening (#22)', 'evening', { tested: true });
  greeter.feature('fix(morning): good morning (#23)', 'morning', { tested: true });
  greeter.feature('feat(weather): and the season (#24)', 'season', { tested: false });
  ({ users, ui } = await beginStory(greeter, 'base'));
}, 120_000);
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
}, 60_000);

/** From the selection that stands there to the end of its rollout. */
async function ship(): Promise<string> {
  ui.press('n');
  await ui.waitFor('staging is done: n goes on');
  ui.press('n');
  await ui.waitFor(/testing is done/u);
  ui.press('n');
  await ui.waitFor('Start the rollout?');
  ui.press('y');
  return ui.waitFor('It has ended');
}

/** What stands under a heading of the selection, up to the next one. */
const under = (screen: string, heading: string) =>
  new RegExp(`${heading} \\(\\d+\\)[^\\n]*\\n([^]*?)(?:\\n[^\\n]*(?:[A-Z]{4,} \\(\\d+\\)|why ─))`, 'u').exec(
    screen,
  )?.[1] ?? '';

describe('a team that learns from a failure', () => {
  it('S2 is recommended all four at first, and told how little that rests on', async () => {
    await ui.waitFor('4 features');
    ui.press('n');
    const screen = await ui.waitFor(/4 of 4[^]*✔ proved/u);
    expect(under(screen, 'RECOMMENDED')).toMatch(/#21[^]*#22[^]*#23[^]*#24/u);
    expect(screen).toContain('not enough history: 1 deployment here so far');
  });

  it('T6 N6 is taken back by itself, and the one feature behind it is named with its evidence', async () => {
    const over = await ship();
    expect(over).toMatch(/↩ rolled back: \d+ % of the candidate's (?:\d+ )?requests failed/u);
    expect(over).toMatch(
      /Likely "feat\(weather\): greet by the weather": (\d+) of \1 stacks in its log pass lines/u,
    );
    failed = /(\d{8}_\d{6})/u.exec(over)?.[1] ?? '';
    // Those that were under way when it went back are answered first.
    await users.answered(80);
    expect(new Set(users.last(5))).toEqual(new Set(['hello']));
  }, 60_000);

  it('S6 M5 says what it learned: whose failure it is, and what is asked of tests from now on', async () => {
    ui.press('6');
    const lessons = await ui.waitFor(/lessons \(\d+\)[^]*before → after/u);
    const flat = lessons.replaceAll(/\s*│\n│[^│]*│\s*/gu, ' ');
    expect(flat).toContain('This failure is counted as "feat(weather): greet by the weather"\'s alone');
    expect(flat).toContain(
      'It failed for lack of tests: the next deployments to production need tests with every change of weather, until 3 deployments in a row go well with it (0 so far)',
    );
    expect(flat).toMatch(/recommended → not recommended · bears \d+ % of the failure/u);
  });

  it('S6 M3 recommends otherwise the next time, and says why', async () => {
    ui.press('2');
    const screen = await ui.waitFor(/NOT RECOMMENDED \(1\)[^]*why ─/u);
    expect(under(screen, 'NOT RECOMMENDED')).toMatch(/\[ \] feat\(weather\): greet by the weather +#21/u);
    // Those that were only aboard are still recommended.
    expect(under(screen, 'RECOMMENDED')).toMatch(/\[x\] feat\(evening\)[^]*\[x\] fix\(morning\)/u);
    ui.press('G');
    const why = await ui.waitFor(/▸ \[ \] feat\(weather\): greet by the weather[^]*why ─/u);
    expect(why).toMatch(
      /not recommended: It was rolled back on \d{4}-\d\d-\d\d \(\d+ of \d+ stacks in its log/u,
    );
    expect(why).toMatch(/share of the blame \d+ %/u);
  });

  it('M5 asks for tests with what lies near the failure, in the plan of the next deployment', async () => {
    const plan = await greeter.journey.run('deploy', 'production', '--select', 'pr-24', '--dry-run');
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stdout).toContain('More is asked of its tests: tests with every change of weather');
    expect(plan.stdout).toContain(`Deployment ${failed} was rolled back`);
    const other = await greeter.journey.run('deploy', 'production', '--select', 'pr-22', '--dry-run');
    expect(other.stdout).not.toContain('More is asked of its tests');
  });

  it('S6 M5 ships without it, with the test that was asked for, and counts that', async () => {
    greeter.test('test(weather): the season (#24)', 'season');
    ui.press('1', 'u');
    await ui.waitFor(/and the season +#24 T/u);
    // With a test it is advised by itself: nobody has to choose it.
    ui.press('2');
    const screen = await ui.waitFor(/3 of 4[^]*✔ proved[^]*\[x\] feat\(weather\): and the season/u);
    expect(screen).toMatch(/\[ \] feat\(weather\): greet by the weather/u);
    const failures = users.failures.length;
    const over = await ship();
    expect(over).toMatch(/✔ succeeded/u);
    expect(users.failures).toHaveLength(failures);
    ui.press('6');
    const lessons = await ui.waitFor(/✔ succeeded[^]*lessons \(\d+\)/u);
    expect(lessons.replaceAll(/\s*│\n│[^│]*│\s*/gu, ' ')).toContain(
      `It went well with tests with every change of weather, asked for since ${failed} failed: 1 of 3 in a row`,
    );
    ui.press('q');
    expect(await ui.exited).toBe(0);
  }, 90_000);
});
