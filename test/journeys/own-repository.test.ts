import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import { gitIn } from '../harness/git-in.ts';
import { endOf, Journey } from '../harness/journey.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const server = (greeting: string) => `import { createServer } from 'node:http';

createServer((request, response) => {
  if (request.url === '/health') return response.writeHead(200).end('ok');
  response.end('${greeting}');
}).listen(process.env.PORT ?? 3000);
`;

const settingsSchema = z.looseObject({
  project: z.string(),
  services: z.record(
    z.string(),
    z.looseObject({ start: z.string(), health: z.looseObject({ path: z.string() }) }),
  ),
  environments: z.looseObject({ production: z.looseObject({ port: z.number() }) }),
  suites: z.array(z.looseObject({ run: z.string() })),
});

const journey = new Journey('hello');
let users: Users | undefined;

beforeAll(() => {
  const git = gitIn(path.dirname(journey.repository));
  git.run('init', '--quiet', '--initial-branch=main', 'hello');
  const own = gitIn(journey.repository);
  own.write({
    'package.json': JSON.stringify({
      name: 'hello',
      private: true,
      type: 'module',
      scripts: { start: 'node server.js', test: 'node --test' },
    }),
    'server.js': server('hello'),
    'hello.test.js': "import { test } from 'node:test';\ntest('says hello', () => {});\n",
  });
  own.commit('feat: say hello');
});
afterAll(async () => {
  await users?.stop();
  await journey.close();
}, 60_000);

describe('a person’s own repository', () => {
  it('C1 init looks at the project and writes an orchestra.yaml that says what it found', async () => {
    const ran = await journey.run('init', '--yes', '--json');
    expect(ran.code).toBe(0);
    expect(ran.lines[0]).toMatchObject({ created: expect.arrayContaining(['orchestra.yaml']) });
    const text = readFileSync(path.join(journey.repository, 'orchestra.yaml'), 'utf8');
    const settings = settingsSchema.parse(parse(text));
    expect(settings.project).toBe('hello');
    expect(Object.values(settings.services)).toMatchObject([{ health: { path: '/health' } }]);
    expect(settings.suites.length).toBeGreaterThan(0);
    expect(text).toMatch(/^ *#/mu);

    const again = await journey.run('init', '--yes', '--json');
    expect([again.code, again.lines[0]?.['created']]).toEqual([0, []]);
  });

  it('P1 its first version is deployed, nothing having served before', async () => {
    const file = 'orchestra.yaml';
    const port = await freeServerPort();
    const text = readFileSync(path.join(journey.repository, file), 'utf8');
    const { production } = settingsSchema.parse(parse(text)).environments;
    gitIn(journey.repository).write({ [file]: text.replace(`port: ${production.port}`, `port: ${port}`) });
    gitIn(journey.repository).commit('chore: deploy with orchestra');
    const ran = await journey.run('deploy', '--version', 'main', '--yes', '--no-input', '--json');
    expect(ran).toMatchObject({ code: 0 });
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded' });
    users = sendUsers(port);
    await users.answered(50);
    expect(new Set(users.last(50))).toEqual(new Set(['hello']));
  });

  it('S1 S2 S3 S4 S5 S6 its second goes out by canary as recommended, under load, no request failed', async () => {
    const own = gitIn(journey.repository);
    own.run('checkout', '--quiet', '-b', 'dev');
    own.write({ 'server.js': server('good day') });
    own.commit('feat: be polite');
    // A minute for each step is right for users and long for a test: an ordinary setting.
    const text = readFileSync(path.join(journey.repository, 'orchestra.yaml'), 'utf8');
    own.write({
      'orchestra.yaml': text
        .replace('duration: 5m', 'duration: 2s')
        .replace('minimum_sample: 50', 'minimum_sample: 20'),
    });
    const asked = ['deploy', 'production', '--select', 'recommended', '--strategy', 'canary'];
    const ran = await journey.run(...asked, '--yes', '--no-input', '--json');
    expect([ran.code, ran.lines.at(-1)]).toMatchObject([0, { outcome: 'succeeded' }]);
    endOf(ran.lines);
    const weights = ran.lines.filter(({ type }) => type === 'weight.set').map((event) => event['actual']);
    expect(weights).toEqual([5, 25, 50, 100]);
    await users?.answered(50);
    expect(new Set(users?.last(50))).toEqual(new Set(['good day']));
    expect(users?.sent).toBeGreaterThan(500);
    expect(users?.failures).toEqual([]);
  });
});
