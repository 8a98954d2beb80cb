import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { discoverySchema } from '../../src/domain/feature.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { beginStory } from '../harness/story.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import type { Users } from '../harness/users.ts';
import { addChanges, changesWaiting } from '../harness/waiting-changes.ts';

// More waits than anybody can weigh by hand: large untested changes, breaking ones, prose, and many a small one.
let greeter: Greeter;
let users: Users;
let ui: RealTerminal;
let chosen = 0;

beforeAll(async () => {
  greeter = await makeGreeter({ steps: '[50, 100]' });
  addChanges(greeter.journey.repository);
  ({ users, ui } = await beginStory(greeter, 'v1'));
}, 120_000);
afterAll(async () => {
  await users?.stop();
  await greeter?.journey.close();
}, 60_000);

const discovered = async () => {
  const { stdout } = await greeter.journey.run('discover', '--json');
  return discoverySchema.parse(JSON.parse(stdout));
};

describe('a person with more waiting changes than can be weighed by hand', () => {
  it('D8 is recommended the safest ten to fifteen of more than fifty', async () => {
    expect(changesWaiting).toBeGreaterThan(50);
    await ui.waitFor(`${changesWaiting} features`);
    ui.press('n');
    const screen = await ui.waitFor(new RegExp(`\\d+ of ${changesWaiting} · max 15[^]*✔ proved`, 'u'));
    chosen = Number(new RegExp(`(\\d+) of ${changesWaiting} · max 15`, 'u').exec(screen)?.[1]);
    expect(chosen).toBeGreaterThanOrEqual(10);
    expect(chosen).toBeLessThanOrEqual(15);
    expect(screen).toMatch(/MUST INCLUDE \(1\) · 1 selected/u);
    expect(screen, 'the risk of all of it, with what is not known').toMatch(
      /together (?:LOW|MEDIUM) RISK success 0\.\d\d \(0\.\d\d–\d\.\d\d, n=1\)/u,
    );
    const { features } = await discovered();
    const of = (bucket: string) => features.filter((one) => one.bucket === bucket);
    expect(of('must').map(({ title }) => title)).toEqual([
      'fix(greeter): do not greet with what a header says',
    ]);
    const taken = of('recommended').map(({ risk }) => risk.probability);
    expect(taken).toHaveLength(chosen - 1);
    const left = features.filter(({ bucket, reason }) => bucket === 'optional' && /limit/u.test(reason));
    expect(left.length).toBeGreaterThan(0);
    expect(Math.min(...taken)).toBeGreaterThanOrEqual(Math.max(...left.map(({ risk }) => risk.probability)));
    expect(of('recommended').map(({ title }) => title)).not.toContainEqual(
      expect.stringMatching(/all of part|old way|nobody tested|page/u),
    );
  });

  it('D7 says why: of what is in, of what is safe and left, and of what it would rather not', async () => {
    const reasonOf = async (filter: string, title: string, reason: RegExp) => {
      ui.press('/', filter, 'enter', 'G');
      const screen = await ui.waitFor(new RegExp(`▸ \\[ \\] ${title}[^]*why ─`, 'u'));
      expect(screen.slice(screen.indexOf('why ─'))).toMatch(reason);
      ui.press('esc', 'g');
      await ui.waitFor(/MUST INCLUDE \(1\)/u);
    };
    await reasonOf(
      'small thing 29',
      'feat\\(piece29\\)',
      /over the limit of 15 features for one deployment/u,
    );
    await reasonOf('old way 1', 'feat\\(old1\\)!', /It breaks callers/u);
    await reasonOf('all of part 7', 'refactor\\(wide7\\)', /660 changed lines/u);
    // Everything at once is thought much less of than what is recommended.
    ui.press('s');
    const picker = await ui.waitFor(/▸ all recommended \(now\)[^]*everything/u);
    const [some, all] = [/all recommended .* success (\d\.\d\d)/u, /everything .* success (\d\.\d\d)/u].map(
      (words) => Number(words.exec(picker)?.[1]),
    );
    expect(some).toBeGreaterThan((all ?? 1) + 0.1);
    expect(picker).toMatch(new RegExp(`everything +${changesWaiting} features .* HIGH RISK`, 'u'));
    ui.press('esc');
    await ui.waitFor(/✔ proved/u);
  });

  it('S2 S3 S5 ships exactly what was proved, while its users are answered', async () => {
    ui.press('n');
    await ui.waitFor('staging is done: n goes on');
    ui.press('n');
    await ui.waitFor(/testing is done/u);
    ui.press('n');
    const question = await ui.waitFor('Start the rollout?');
    expect(question).toMatch(/risk +(?:LOW|MEDIUM), success 0\.\d\d \(0\.\d\d–\d\.\d\d, n=1\)/u);
    ui.press('y');
    await ui.waitFor(/✔ succeeded/u);
    expect(users.failures).toEqual([]);
    const { stdout } = await greeter.journey.run('history', '--json');
    const [row] = z.array(z.looseObject({ features: z.array(z.unknown()) })).parse(JSON.parse(stdout));
    expect(row?.features).toHaveLength(chosen);
  }, 60_000);

  it('S6 recommends the next of them from what is left', async () => {
    const { features } = await discovered();
    const left = features.filter(({ onBase }) => onBase !== true);
    expect(left).toHaveLength(changesWaiting - chosen);
    expect(left.filter(({ bucket }) => bucket === 'recommended').length).toBeGreaterThan(9);
    ui.press('1', 'u');
    await ui.waitFor(`${changesWaiting - chosen} features`);
    ui.press('q');
    expect(await ui.exited).toBe(0);
  });
});
