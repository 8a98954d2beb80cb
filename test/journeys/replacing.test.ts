import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoProgram } from '../../providers/routers/haproxy/program.ts';
import { readInstanceRecords } from '../../providers/platforms/local/instance-record.ts';
import { isAlive } from '../../providers/runtime/processes.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { endOf, type Ran } from '../harness/journey.ts';
import { withProgram } from '../harness/programs.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const headless = ['--yes', '--no-input', '--json'];
const deploy = (version: string, strategy: string) => [
  'deploy',
  'production',
  '--version',
  version,
  '--strategy',
  strategy,
  ...headless,
];

/** A greeter with three copies and users, before and after its tests. */
function withThreeCopies(router: string, body: (at: () => { greeter: Greeter; users: Users }) => void): void {
  let greeter: Greeter | undefined;
  let users: Users | undefined;
  beforeAll(async () => {
    greeter = await makeGreeter({ router, instances: '3', health_timeout: '4s' });
    for (const name of ['v2', 'v3']) greeter.version(name);
    greeter.version('failing', { failing: 50 });
    greeter.version('deaf', { healthy: false });
    const first = await greeter.journey.run(...deploy('v1', 'rolling'));
    if (first.code !== 0) throw new Error(first.stdout + first.stderr);
    users = sendUsers(greeter.port);
    await users.answered(20);
  });
  afterAll(async () => {
    await users?.stop();
    await greeter?.journey.close();
  });
  body(() => {
    if (!greeter || !users) throw new TypeError('not set up');
    return { greeter, users };
  });
}

/** Each running copy's version and process. */
async function copies({ journey }: Greeter): Promise<{ name: string; pid: number }[]> {
  const records = await readInstanceRecords(`${journey.production()}/instances`);
  return records.filter(isAlive).map(({ version, pid }) => ({ name: version.name, pid }));
}

const names = async (greeter: Greeter) => (await copies(greeter)).map(({ name }) => name);

async function serving(users: Users): Promise<string[]> {
  await users.answered(60);
  return [...new Set(users.last(30))];
}

const scaled = ({ lines }: Ran) =>
  lines.flatMap((line) =>
    line.type === 'scaled' ? [`${String(line['candidate'])}+${String(line['stable'])}`] : [],
  );

function rolling(router: string): void {
  describe(`T1 rolling over three copies behind ${router}`, () => {
    withThreeCopies(router, (at) => {
      it('replaces them one by one with no failed request, each healthy copy counted', async () => {
        const { greeter, users } = at();
        const ran = await greeter.journey.run(...deploy('v2', 'rolling'));
        const { outcome, reason } = endOf(ran.lines);
        expect([outcome, reason]).toEqual(['succeeded', expect.stringContaining('serves all traffic')]);
        expect(scaled(ran), ran.stdout).toEqual(['1+2', '2+2', '2+1', '3+1', '3+0']);
        expect(users.failures).toEqual([]);
        expect(await names(greeter)).toEqual(['v2', 'v2', 'v2']);
        expect(await serving(users)).toEqual(['v2']);
        const last = ran.lines.findLast(({ type }) => type === 'measured');
        expect(last).toMatchObject({ sample: { health: { healthy: 3, total: 3 } } });
      });

      it('R2 takes a failing candidate back, all three old copies serving again', async () => {
        const { greeter, users } = at();
        const ran = await greeter.journey.run(...deploy('failing', 'rolling'));
        expect([endOf(ran.lines), ran.code]).toMatchObject([{ outcome: 'rolled_back' }, 3]);
        expect(endOf(ran.lines).reason).toMatch(/of the candidate's \d+ requests failed/);
        expect(await names(greeter)).toEqual(['v2', 'v2', 'v2']);
        expect(await serving(users)).toEqual(['v2']);
        expect(
          users.failures.filter((failure) => !failure.endsWith('500 failing')),
          'only the candidate itself failed anybody',
        ).toEqual([]);
      });

      it('users do not notice that a copy dies, and the next deployment goes on from there', async () => {
        const { greeter, users } = at();
        const before = users.failures.length;
        const [, dying] = await copies(greeter);
        process.kill(dying?.pid ?? 0, 'SIGKILL');
        await users.answered(200);
        expect(users.failures.length - before, 'but for what it was just doing').toBeLessThan(5);
        const after = users.failures.length;
        const ran = await greeter.journey.run(...deploy('v3', 'rolling'));
        const { outcome, reason } = endOf(ran.lines);
        expect([outcome, reason]).toEqual(['succeeded', expect.stringContaining('serves all traffic')]);
        expect(users.failures.length).toBe(after);
        expect(await names(greeter), ran.stdout).toEqual(['v3', 'v3', 'v3']);
      });
    });
  });
}

rolling('embedded');
withProgram('haproxy', await whyNoProgram(), () => rolling('haproxy'));

describe('T1 recreate of three copies', () => {
  withThreeCopies('embedded', (at) => {
    it('stops the old version first: users are told to come back, nothing else fails them', async () => {
      const { greeter, users } = at();
      const ran = await greeter.journey.run(...deploy('v2', 'recreate'));
      const { outcome, reason } = endOf(ran.lines);
      expect([outcome, reason]).toEqual(['succeeded', expect.stringContaining('serves all traffic')]);
      expect(scaled(ran)).toEqual(['0+0']);
      expect(await names(greeter)).toEqual(['v2', 'v2', 'v2']);
      expect(await serving(users)).toEqual(['v2']);
      expect(users.failures.length).toBeGreaterThan(0);
      expect(users.failures.filter((failure) => !failure.includes('503 No version is serving'))).toEqual([]);
    });

    it('R2 starts the old version again where the new one never gets healthy', async () => {
      const { greeter, users } = at();
      const ran = await greeter.journey.run(...deploy('deaf', 'recreate'));
      expect([endOf(ran.lines), ran.code]).toMatchObject([{ outcome: 'rolled_back' }, 3]);
      expect(endOf(ran.lines).reason).toContain('gave no 2xx within 4 s');
      expect(await names(greeter)).toEqual(['v2', 'v2', 'v2']);
      expect(await serving(users)).toEqual(['v2']);
    });

    it('R2 takes a failing candidate back, and starts the old version again', async () => {
      const { greeter, users } = at();
      const ran = await greeter.journey.run(...deploy('failing', 'recreate'));
      expect([endOf(ran.lines), ran.code]).toMatchObject([{ outcome: 'rolled_back' }, 3]);
      expect(await names(greeter)).toEqual(['v2', 'v2', 'v2']);
      expect(await serving(users)).toEqual(['v2']);
    });
  });
});
