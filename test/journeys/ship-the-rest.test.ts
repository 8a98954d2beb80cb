import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const service = `import { createServer } from 'node:http';
import { priceOf } from './src/price.mjs';
import { greet } from './src/greet.mjs';
createServer((request, response) => {
  if (request.url === '/healthz') return response.end();
  try {
    response.end(greet() + priceOf(request.url));
  } catch (error) {
    console.error('request failed:', error);
    response.writeHead(500).end('something went wrong');
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const price = (demand: string, unit = '') =>
  `let sold = 0;
export function priceOf() {
  if (++sold % 4 === 0) throw new RangeError('no price');
  return ${demand};${unit}
}
`;

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    outcome: z.string(),
    restOf: z.string().optional(),
    features: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
);
const discoverySchema = z.object({
  features: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      reason: z.string(),
      bucket: z.string(),
      onBase: z.boolean().optional(),
    }),
  ),
});
describe('N6 ship the rest: several features, one of which misbehaves', () => {
  let greeter: Greeter;
  let users: Users | undefined;
  let ui: RealTerminal;
  const cli = (...args: string[]) => greeter.journey.run(...args, '--json');

  beforeAll(async () => {
    greeter = await makeGreeter({ steps: '[30, 100]', duration: '3s' });
    const { journey, port } = greeter;
    const git = gitIn(journey.repository);
    git.run('checkout', '--quiet', 'main');
    git.write({
      'service.mjs': service,
      'src/price.mjs': 'export function priceOf() {\n  return 1;\n}\n',
      'src/greet.mjs': "export const greet = () => 'hello ';\n",
    });
    git.commit('chore: a shop');
    git.run('checkout', '--quiet', '-B', 'dev');
    git.write({ 'src/greet.mjs': "export const greet = () => 'good day ';\n" });
    git.commit('feat(greet): be polite');
    git.write({ 'src/price.mjs': price('2') });
    git.commit('feat(price): prices that follow demand');
    git.write({ 'src/price.mjs': price('2 * 2', ' // cents') });
    git.commit('feat(cents): prices in cents');
    git.write({ 'docs/shop.md': 'open\n' });
    git.commit('docs: when the shop is open');
    const first = await cli('deploy', 'production', '--version', 'main', '--yes', '--no-input');
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    users = sendUsers(port, 60);
    await users.answered(10);
    ui = journey.openUi();
  }, 60_000);
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
  });

  it('is taken back for one of them, and the screen names it with its evidence and the key', async () => {
    await ui.waitFor(/Discovery .* 4 features/u);
    ui.press('2');
    await ui.waitFor('Selection ·');
    ui.press('s');
    await ui.waitFor('What to ship');
    ui.press('everything', 'enter');
    await ui.waitFor('4 of 4');
    await ui.waitFor(/✔ proved/u);
    ui.press('n');
    await ui.waitFor('staging is done: n goes on');
    ui.press('n');
    await ui.waitFor('testing is done: n goes on');
    ui.press('n');
    await ui.waitFor('Start the rollout?');
    ui.press('y');
    const back = await ui.waitFor(/↩ rolled back: .*/u);
    expect(back).toContain('Likely "feat(price): prices that follow demand"');
    await ui.waitFor('w ship the rest');
  });

  it('one key shows what ships, what stays out and why; it stands on no', async () => {
    ui.press('w');
    const question = (await ui.waitFor('Ship the rest to production?')).replaceAll(/[│\s]+/gu, ' ');
    expect(question).toContain('ships 2 features: feat(greet): be polite, docs: when the shop is open');
    expect(question).toMatch(
      /stays out feat\(price\): prices that follow demand: (\d+) of \1 stacks? in its log/u,
    );
    expect(question).toMatch(
      /and feat\(cents\): prices in cents: it needs prices-that-\S+: src\/price\.mjs:3 was/u,
    );
    expect(question).toMatch(
      /risk LOW, success 0\.\d\d \(0\.\d\d–\d\.\d\d, n=2\) strategy canary, 30 → 100 %/u,
    );
    expect(question).toMatch(/▸ \[ No \]/u);
    ui.press('esc');
    await ui.waitFor((screen) => !screen.includes('Ship the rest to production?'));
    ui.press('w');
    await ui.waitFor('Ship the rest to production?');
    ui.press('right', 'enter');
    await ui.waitFor('testing is done: n goes on');
    ui.press('n');
    await ui.waitFor('▸4 ✔ Testing');
    ui.press('n');
    await ui.waitFor('Start the rollout?');
    ui.press('y');
    await ui.waitFor(/✔ succeeded: release\/\S+ serves all traffic/u);
    await users?.answered(20);
    expect(new Set(users?.last(10))).toEqual(new Set(['good day 1']));
  });

  it('the history links the two, and the suspect stands as such with its evidence', async () => {
    ui.press('6');
    await ui.waitFor(/The rest of \d{8}_\d{6} went well without what was left out/u);
    ui.press('q');
    expect(await ui.exited).toBe(0);
    const [rest, failed] = rowsSchema.parse(JSON.parse((await cli('history')).stdout));
    expect(rest).toMatchObject({ outcome: 'succeeded', restOf: failed?.id });
    expect(rest?.features.map(({ title }) => title).sort()).toEqual([
      'docs: when the shop is open',
      'feat(greet): be polite',
    ]);
    const told = discoverySchema.parse((await cli('discover')).lines[0]).features;
    const suspect = told.find(({ title }) => title.includes('demand'));
    expect(suspect).toMatchObject({
      bucket: 'not_recommended',
      reason: expect.stringMatching(/src\/price\.mjs:3.*the other 2 shipped well without it/u),
    });
    const again = await cli('deploy', 'rest', failed?.id ?? '', '--dry-run');
    expect(again).toMatchObject({ code: 2, lines: [{ error: { code: 'rest-shipped' } }] });
  });
});
