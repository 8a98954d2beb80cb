import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gitIn } from '../harness/git-in.ts';
import { makeGreeter, type Behaviour, type Greeter } from '../harness/greeter.ts';
import { endOf, type Line } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const deploy = (...what: string[]) => ['deploy', 'production', ...what, '--yes', '--no-input', '--json'];

/** Each breaks in its own way, and what a person reads then. */
const broken: [what: string, name: string, behaviour: Behaviour, reason: RegExp][] = [
  [
    'is never healthy',
    'sick',
    { healthy: false },
    /^GET \/healthz on port \d+ gave no 2xx within 3 s of the start$/,
  ],
  [
    'ends at once',
    'gone',
    { exits: true },
    /^"exec node service\.mjs" ended with exit code 9 before it was healthy$/,
  ],
  [
    'fails requests',
    'failing',
    { failing: 40 },
    /^\d+ % of the candidate's \d+ requests failed, (?:over the 5 % that roll back at once|against 0 % of stable's)/,
  ],
  [
    'is slow',
    'slow',
    { slowMs: 900 },
    /^nobody answered the pause in time: the candidate('s p95 is \d+ ms against stable's \d+ ms, \+\d+ %| is slower than stable)/,
  ],
  [
    'leaks memory',
    'leaking',
    { leakMb: 8 },
    /^the candidate uses \d+ MB of memory, more than the 250 MB it may; stable uses \d+ MB$/,
  ],
  [
    'says that it is another version',
    'stale',
    { says: 'v1' },
    /^GET \/version on port \d+ says "v1", not [0-9a-f]{12} \(stale\)$/,
  ],
  [
    'becomes another version behind the router',
    'swapped',
    { says: 'v1', honest: 1 },
    /^GET \/version through the router says "v1", not [0-9a-f]{12} \(swapped\)$/,
  ],
  [
    'takes all of a processor',
    'spinning',
    { spinsAfter: 10 },
    /^\d+ % of the health probes failed over 2 s, more than 30 %$/,
  ],
  ['flaps', 'flapping', { flapMs: 300 }, /^\d+ % of the health probes failed over 2 s, more than 30 %$/],
];

describe('a broken candidate ends with the old version serving, and a reason that a person understands', () => {
  let greeter: Greeter;
  let users: Users;
  beforeAll(async () => {
    greeter = await makeGreeter({
      health: ', version_path: /version',
      health_timeout: '3s',
      steps: '[20, 100]',
      duration: '3s',
      tolerance: '300ms',
      thresholds: ', memory_limit: 250MB',
    });
    for (const [, name, behaviour] of broken) greeter.version(name, behaviour);
    const first = await greeter.journey.run(...deploy('--version', 'v1'));
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    users = sendUsers(greeter.port, 60);
    await users.answered(10);
  });
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
  });

  it.each(broken)('G2 G3 R2 one that %s', async (_, name, __, reason) => {
    const { code, lines } = await greeter.journey.run(...deploy('--version', name));
    const said = lines.map((line) => JSON.stringify(line)).join('\n');
    expect(endOf(lines), said).toMatchObject({
      outcome: 'rolled_back',
      version: { name: 'v1' },
      reason: expect.stringMatching(reason),
    });
    expect(code).toBe(3);
    expect(greeter.journey.routes()).toMatchObject({ weight: 0, candidate: null });
    await users.answered(20);
    expect(new Set(users.last(10))).toEqual(new Set(['v1']));
  });
});

const discoverySchema = z.object({
  features: z.array(z.object({ title: z.string(), reason: z.string(), bucket: z.string() })),
});

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

describe('N6 a rollback of several features', () => {
  let greeter: Greeter;
  let users: Users | undefined;
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
  });

  it('names the one that is behind it, in every place, and blames no passenger', async () => {
    greeter = await makeGreeter({ steps: '[30, 100]', duration: '5s' });
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
    git.write({
      'src/price.mjs':
        "let sold = 0;\nexport function priceOf() {\n  if (++sold % 4 === 0) throw new RangeError('no price for token=abcd1234');\n  return 2;\n}\n",
    });
    git.commit('feat(price): prices that follow demand');
    git.write({ 'docs/shop.md': 'open\n' });
    git.commit('docs: when the shop is open');

    const first = await journey.run(...deploy('--version', 'main'));
    expect(first.code, first.stdout + first.stderr).toBe(0);
    users = sendUsers(port, 60);
    await users.answered(10);
    const { lines } = await journey.run(...deploy('--select', 'all'));
    const end: Line = endOf(lines);
    expect(end, JSON.stringify(lines.at(-1))).toMatchObject({ outcome: 'rolled_back' });

    const back = lines.findIndex(({ type }) => type === 'rollback.started');
    const found = lines.findIndex(({ type }) => type === 'culprit.found');
    expect(found).toBeGreaterThan(back);
    expect(lines[found]).toMatchObject({
      culprit: {
        kind: 'named',
        reason: expect.stringMatching(
          /^Likely ".*prices that follow demand": (\d+) of \1 stacks? in its log pass(?:es)? lines that it alone wrote, at src\/price\.mjs:3 \(RangeError: no price for token=\*\*\*\)$/,
        ),
        suspects: [{ strength: 'strong' }],
        routes: [{ route: 'GET /', stableFailed: 0 }],
      },
    });
    const [record] = (await journey.run('history', String(end.deployment), '--json')).lines;
    expect(record).toMatchObject({ culprit: { kind: 'named' } });
    const [discovery] = (await journey.run('discover', '--json')).lines;
    const told = discoverySchema.parse(discovery).features;
    const about = (title: string) => told.find((one) => one.title.includes(title));
    expect(about('prices')).toMatchObject({
      bucket: 'not_recommended',
      reason: expect.stringContaining('src/price.mjs:3'),
    });
    expect(about('polite')?.bucket).not.toBe('not_recommended');
    expect(JSON.stringify([lines, record, discovery])).not.toContain('abcd1234');
  });
});
