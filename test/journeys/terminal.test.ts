import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureLoad, readLoad } from '../../demo/load/load-process.ts';
import { placesIn, programsIn } from '../../demo/places.ts';
import { awaitLoad, ensureSample, ensureServing, servingVersion, urlOf } from '../../demo/prepare.ts';
import { openProduct } from '../../demo/product.ts';
import { gitIn } from '../harness/git-in.ts';
import { eventually } from '../harness/http.ts';
import { Journey, root } from '../harness/journey.ts';
import type { RealTerminal } from '../harness/terminal.ts';

// The sample shop under its 200 requests/s, and one person who stays in the terminal from the first test to the last.
const journey = new Journey('shop');
const places = placesIn(journey.folder);
const programs = programsIn(root);
let ui: RealTerminal;

beforeAll(async () => {
  await ensureSample(places, programs.sample);
  const file = path.join(places.shop, 'orchestra.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('duration: 8s', 'duration: 3s'));
  await ensureServing(openProduct(programs.product, places), places, () => undefined);
  const users = { program: programs.load, folder: places.folder, url: urlOf(places), boundToMe: true };
  journey.remember(ensureLoad(users).pid);
  await awaitLoad(places);
  ui = journey.openUi();
}, 120_000);
afterAll(() => journey.close(), 60_000);

const shaOf = (ref: string) => gitIn(places.shop).run('rev-parse', `${ref}^{commit}`);

/** Waits until the shop's users are answered by that revision when they ask for the version. */
const serves = (sha: string) =>
  eventually(
    async () => (await servingVersion(urlOf(places)))?.includes(sha) === true,
    `${sha} serves`,
    20_000,
  );

/** Takes the only feature in Selection whose line holds `text`, with nothing else selected. */
async function takeOnly(text: string, id: string): Promise<void> {
  ui.press('2');
  await ui.waitFor('Selection ·');
  ui.press('s');
  await ui.waitFor('What to ship');
  ui.press('from nothing', 'enter');
  await ui.waitFor('Nothing is selected');
  ui.press('/', text, 'enter');
  await ui.waitFor(`filter: ${text}`);
  ui.press('space');
  await ui.waitFor(`riskiest ${id}`);
  ui.press('esc');
  await ui.waitFor(/✔ proved/u);
}

/** From a selection to the question whether to roll out. */
async function toTheDialog(): Promise<string> {
  ui.press('n');
  await ui.waitFor('staging is done: n goes on');
  ui.press('n');
  await ui.waitFor('testing is done: n goes on');
  ui.press('n');
  return ui.waitFor('Start the rollout?');
}

describe('a person at the terminal', () => {
  it('U1 U5 S1 walks through the stages with the keyboard', async () => {
    const first = await ui.waitFor(/Discovery .* 35 features · 53 commits/u);
    expect(first).toContain('LOW RISK');
    expect(ui.buffer()).toBe('alternate');
    await ui.waitFor('▸ docs ');
    ui.press('j', 'j');
    await ui.waitFor('3 of 35');
    ui.press('k');
    await ui.waitFor('2 of 35');
    for (const [key, words] of [
      ['3', 'No candidate yet'],
      ['4', 'Nothing is being tested'],
      ['5', 'No rollout is under way'],
      ['6', 'appears here when it ends'],
      ['1', '35 features ·'],
      ['n', 'Selection · all recommended'],
    ] as const) {
      ui.press(key);
      await ui.waitFor(words);
    }
    ui.press('?');
    await ui.waitFor('quit; what runs goes on');
    ui.press('?');
    await ui.waitFor('RECOMMENDED (13)');
  });

  it('S2 D6 toggles a feature: what it cannot ship without follows, and the screen says why', async () => {
    await ui.waitFor(/15 of 35 · .*[\s\S]*✔ proved/u);
    ui.press('/', 'Share', 'enter');
    await ui.waitFor(/▸ \[ \] Share a saved cart/u);
    ui.press('space');
    const with31 = await ui.waitFor(/17 of 35/u);
    expect(with31).toMatch(/▸ \[x\] Share a saved cart/u);
    expect(with31).toMatch(/Selecting pr-31 brings pr-12: \S+:\d+ was written there/u);
    ui.press('esc');
    await ui.waitFor(/\[\+\] Keep a cart for later/u);
    ui.press('/', 'pr-12', 'enter');
    await ui.waitFor(/▸ \[\+\] Keep a cart/u);
    ui.press('space');
    await ui.waitFor(/Leaving out pr-12 drops pr-31, which needs it/u);
    await ui.waitFor('15 of 35');
    ui.press('esc');
    await ui.waitFor('Selection · custom');
    ui.press('s');
    await ui.waitFor('What to ship');
    ui.press('recommended', 'enter');
    await ui.waitFor('Selection · all recommended');
    await ui.waitFor(/✔ proved/u);
  });

  it('S3 S4 builds a candidate and tests it; the question whether to roll out stands on no', async () => {
    // Its tests fail, which would block the whole deployment.
    ui.press('/', 'pr-27', 'enter');
    await ui.waitFor(/▸ \[x\] Popular products first/u);
    ui.press('space');
    await ui.waitFor(/14 of 35/u);
    ui.press('esc');
    await ui.waitFor(/✔ proved/u);
    const question = await toTheDialog();
    expect(question).toContain('canary, 5 → 25 → 50 → 100 %');
    expect(question).toMatch(/▸ \[ No \]/u);
    ui.press('enter');
    await ui.waitFor((screen) => !screen.includes('Start the rollout?'));
    await ui.waitFor('testing is done: n goes on');
    expect(ui.screen()).toMatch(/✔ +unit +.*passed/u);
    expect(ui.screen()).toMatch(/✔ +smoke +.*passed/u);
    await serves(shaOf('main'));
    ui.press('n');
    await ui.waitFor(/▸ \[ No \]/u);
    ui.press('right');
    await ui.waitFor(/▸ \[ Start rollout \]/u);
    ui.press('enter');
    await ui.waitFor('Production');
  });

  it('S5 W1 T3 watches the gauges of 5 → 25 → 50 → 100 %', async () => {
    for (const weight of [5, 25, 50, 100])
      await ui.waitFor(new RegExp(`traffic +\\S+ ${weight} % wanted ${weight} %[^]*▸ *${weight} %`, 'u'));
    const compared = await ui.waitFor(/candidate +\d+ +0\.00 %/u);
    expect(compared).toMatch(/health 1\/1/u);
    await ui.waitFor(/✔ succeeded: release\/\S+ serves all traffic/u);
    expect(shaOf('refs/orchestra/deployed/production')).not.toBe(shaOf('main'));
    await serves(shaOf('refs/orchestra/deployed/production'));
    const load = readLoad(places.folder);
    expect(load?.sent).toBeGreaterThan(2000);
    // Not one user of the whole rollout was refused.
    expect([load?.failed, load?.lastFailure]).toEqual([0, null]);
  });

  it('R1 W2 presses r: a dialog that stands on no, then the old version serves again, and the history has both', async () => {
    await ui.waitFor('r roll back');
    ui.press('r');
    const question = await ui.waitFor('Roll back?');
    expect(question).toMatch(/environment +production/u);
    expect(question).toMatch(/release\/\S+ \(\S+\) → main/u);
    expect(question).toMatch(/▸ \[ No \]/u);
    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('Roll back?'));
    await serves(shaOf('refs/orchestra/deployed/production'));
    ui.press('r');
    await ui.waitFor('Roll back?');
    ui.press('left', 'enter');
    await ui.waitFor(/✔ succeeded: main serves all traffic/u);
    await serves(shaOf('main'));
    ui.press('H');
    const table = await ui.waitFor('1 of 3');
    expect(table).toMatch(/▸ \S+ +✔ succeeded +production .*back to main/u);
    expect(table).toMatch(/\d{8}_\d{6} +✔ succeeded +production .*14: /u);
    ui.press('j', 'enter');
    const record = await ui.waitFor(/\[overview\] .* features 14 /u);
    expect(record).toMatch(/because +release\/\S+ serves all traffic/u);
    ui.press('esc');
    await ui.waitFor('2 of 3');
    expect(readLoad(places.folder)?.failed).toBe(0);
  });
});

describe('the feature that passes its tests and misbehaves', () => {
  it('G4 R2 is taken back by itself within the first phases', async () => {
    ui.press('6');
    await ui.waitFor('Learning');
    ui.press('n');
    await ui.waitFor(/Discovery .* 35 features/u);
    await takeOnly('soon', 'pr-24');
    expect(ui.screen()).toContain('1 of 35');
    await toTheDialog();
    ui.press('y');
    await ui.waitFor(/ROLLING BACK|rolling back/u);
    await ui.waitFor(/↩ rolled back: [\d.]+ % of the candidate's (?:\d+ )?requests failed/u);
    expect(ui.screen()).toMatch(/roll back: [\d.]+ % of the candidate/u);
    expect(ui.screen()).not.toMatch(/phase canary (50|100) %/u);
    await serves(shaOf('main'));
  });

  it('S6 M1 is thought less of the next time, and the screen says why', async () => {
    ui.press('6');
    // From nearly certain to a toss-up at best, once what waits was looked at again.
    await ui.waitFor(
      /features, chance of success before → after[\s\S]*0\.9\d → 0\.[0-5]\d +Show how soon[\s\S]*→ not recommended/u,
    );
    ui.press('n');
    await ui.waitFor(/Discovery .* 35 features/u);
    ui.press('2', 'G');
    const screen = await ui.waitFor(
      /NOT RECOMMENDED \(\d+\)[\s\S]*▸ \[.\] Show how soon a product can be sent/u,
    );
    expect(screen).toMatch(/not recommended: It was rolled back on \d{4}-\d\d-\d\d/u);
    ui.press('q');
    expect(await ui.exited).toBe(0);
    expect(ui.buffer()).toBe('normal');
  });
});
