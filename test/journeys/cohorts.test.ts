import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { gitIn } from '../harness/git-in.ts';
import { eventually } from '../harness/http.ts';
import { endOf } from '../harness/journey.ts';
import { Visitor } from '../harness/visitor.ts';

const headless = ['--yes', '--no-input', '--json'];
const deploy = (version: string, ...more: string[]) => [
  'deploy',
  'production',
  '--version',
  version,
  '--strategy',
  'ab',
  ...headless,
  ...more,
];

/** People who come back again and again, each with a browser of their own. */
function comeAndGo(port: number, n: number) {
  const seen = Array.from({ length: n }, (): string[] => []);
  const failures: string[] = [];
  let open = true;
  const over = Promise.all(
    seen.map(async (bodies) => {
      const visitor = new Visitor(port);
      while (open) {
        const answer = await visitor.visit().catch((error: unknown) => ({ status: 0, text: String(error) }));
        if (answer.status === 200) bodies.push(answer.text);
        else failures.push(`${answer.status} ${answer.text}`);
        await wait(40);
      }
    }),
  );
  return {
    failures,
    /** What each saw, the same answer in a row once. */
    courses: () => seen.map((bodies) => bodies.filter((body, i) => body !== bodies[i - 1]).join(' ')),
    now: () => new Set(seen.map((bodies) => bodies.at(-1))),
    requests: () => seen.reduce((sum, bodies) => sum + bodies.length, 0),
    forget: () => {
      for (const bodies of seen) bodies.splice(0, bodies.length - 1);
    },
    stop: async () => {
      open = false;
      await over;
    },
  };
}

describe('T1 A/B by cookie with real processes and visitors', () => {
  let greeter: Greeter;
  let visitors: ReturnType<typeof comeAndGo> | undefined;

  beforeAll(async () => {
    greeter = await makeGreeter({
      pause_timeout: '60s',
      more: '    ab: { cookie: side, share: 40, duration: 2s, bake: 1s }\n',
    });
    greeter.version('v2');
    greeter.version('failing', { failing: 50 });
  });
  afterAll(async () => {
    await visitors?.stop();
    await greeter.journey.close();
  });

  it('visitors keep their side until a person promotes it, then everybody is on the new one; none fails', async () => {
    const { journey } = greeter;
    expect((await journey.run(...deploy('v1'))).code).toBe(0);
    visitors = comeAndGo(greeter.port, 24);
    const ran = await journey.run(...deploy('v2', '--detach'));
    const id = String(ran.lines[0]?.['id']);
    await eventually(
      () => journey.journal(id).some((e) => e.type === 'deployment.paused'),
      'it asks',
      60_000,
    );
    expect(visitors.now(), 'both sides have visitors').toEqual(new Set(['v1', 'v2']));
    const asked = journey.journal(id).find((e) => e.type === 'deployment.paused');
    expect(asked?.reason).toMatch(/a person decides\. stable: \d+ requests.*candidate: \d+ requests/);
    expect((await journey.run('deploy', 'promote', '--env', 'production', ...headless)).code).toBe(0);
    await eventually(
      () => journey.journal(id).some((e) => e.type === 'deployment.finished'),
      'its end',
      60_000,
    );
    expect(endOf(journey.journal(id))).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
    await eventually(() => visitors?.now().size === 1, 'everybody is on one version');
    // Whoever is drawn to the candidate changes once, at its beginning; everybody else once, at the promotion.
    expect(new Set(visitors.courses())).toEqual(new Set(['v1 v2']));
    expect(visitors.failures).toEqual([]);
    expect(visitors.requests()).toBeGreaterThan(500);
  });

  it('everybody is back on stable when the candidate fails, whatever their cookie says', async () => {
    visitors?.forget();
    const ran = await greeter.journey.run(...deploy('failing'));
    expect(ran.code).toBe(3);
    expect(endOf(ran.lines)).toMatchObject({ outcome: 'rolled_back', version: { name: 'v2' } });
    await eventually(() => [...(visitors?.now() ?? [])].join() === 'v2', 'everybody is back');
    await visitors?.stop();
    const courses = new Set(visitors?.courses());
    courses.delete('v2');
    for (const course of courses) expect(course).toBe('v2 failing v2');
  });

  it('exits 78 before anything is done where the router cannot keep a cohort', async () => {
    const git = gitIn(greeter.journey.repository);
    const settings = git.run('show', 'HEAD:orchestra.yaml');
    git.write({ 'orchestra.yaml': `${settings}\n`.replace('router: embedded', 'router: haproxy') });
    const before = greeter.journey.routes();
    const refused = await greeter.journey.run(...deploy('v1'));
    expect(refused.code).toBe(78);
    expect(refused.stdout).toMatch(/router-cannot|router-missing/);
    expect(greeter.journey.routes()).toEqual(before);
    expect((await greeter.journey.run(...deploy('v1', '--dry-run'))).stdout).toContain(
      'It cannot start here',
    );
  });
});

/** A service that hides a feature behind a flag of a flagd file, which it reads anew for each request. */
const flagged = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const { name, broken = false } = JSON.parse(readFileSync('behaviour.json', 'utf8'));
const percent = () => {
  const flag = JSON.parse(readFileSync(process.env.FLAGS, 'utf8')).flags['new-greeting'];
  if (!flag || flag.state !== 'ENABLED') return 0;
  return flag.targeting?.fractional ? flag.targeting.fractional[0][1] : flag.defaultVariant === 'on' ? 100 : 0;
};
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.writeHead(200).end();
  const user = Number(new URL(request.url, 'http://x').searchParams.get('user'));
  const shown = name !== 'w1' && user < percent();
  response.writeHead(shown && broken ? 500 : 200).end(shown ? name + ' new' : name);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

describe('T1 a feature-flag rollout with a real file and a service that reads it', () => {
  let greeter: Greeter;
  let open = true;
  let users: Promise<void> | undefined;
  const failures: string[] = [];
  const latest = new Map<number, string>();

  beforeAll(async () => {
    greeter = await makeGreeter({
      pause_timeout: '20s',
      more: `    variables: { FLAGS: '\${FLAGS_FILE}' }
    feature-flag: { flag: new-greeting, provider: file, path: ../flags.json, bake: 1s, duration: 1s, steps: [20, 100] }
`,
    });
    const git = gitIn(greeter.journey.repository);
    greeter.journey.env['FLAGS_FILE'] = path.join(greeter.journey.folder, 'flags.json');
    git.write({ 'service.mjs': flagged, '../flags.json': '{"flags":{}}\n' });
    for (const [name, broken] of [
      ['w1', false],
      ['w2', false],
      ['broken', true],
    ] as const) {
      git.write({ 'behaviour.json': JSON.stringify({ name, broken }) });
      git.commit(`feat: greet as ${name}`);
      git.run('tag', name);
    }
  });
  afterAll(async () => {
    open = false;
    await users;
    await greeter.journey.close();
  });

  const rollOut = (version: string) =>
    greeter.journey.run(
      'deploy',
      'production',
      '--version',
      version,
      '--strategy',
      'feature-flag',
      ...headless,
    );

  it('shows the feature to a growing share of users, each of whom keeps it; none fails', async () => {
    expect((await rollOut('w1')).code).toBe(0);
    const flips: string[] = [];
    users = (async () => {
      for (let user = 0; open; user = (user + 1) % 100) {
        const answer = await new Visitor(greeter.port).visit(`/?user=${user}`);
        if (answer.status !== 200) failures.push(`${answer.status} ${answer.text}`);
        else {
          if (latest.get(user)?.endsWith('new') && answer.text === 'w2') flips.push(`${user} lost it`);
          latest.set(user, answer.text);
        }
        await wait(2);
      }
    })();
    const ran = await rollOut('w2');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.lines.filter((e) => e.type === 'flag.set').map((e) => e['actual'])).toEqual([0, 20, 100]);
    await eventually(() => [...latest.values()].every((text) => text === 'w2 new'), 'everybody sees it');
    const planned = await greeter.journey.run(
      'deploy',
      'production',
      '--version',
      'broken',
      '--strategy',
      'feature-flag',
      '--dry-run',
    );
    expect(planned.stdout).toContain('new-greeting is at 100 % now and goes to 0 % first');
    expect([failures, flips]).toEqual([[], []]);
  });

  it('takes a feature back that fails: the flag is at 0 % first, then the version before serves', async () => {
    const ran = await rollOut('broken');
    expect(ran.code).toBe(3);
    const end = endOf(ran.lines);
    expect(end).toMatchObject({ outcome: 'rolled_back', version: { name: 'w2' } });
    expect(end.reason).toContain('w2 serves again, new-greeting at 0 %');
    const types = ran.lines.map((e) => e.type);
    expect(types.lastIndexOf('flag.set')).toBeLessThan(types.indexOf('restored'));
    await eventually(() => [...latest.values()].every((text) => text === 'w2'), 'everybody is back');
  });
});
