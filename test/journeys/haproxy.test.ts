import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { whyNoProgram } from '../../providers/routers/haproxy/program.ts';
import { isAlive } from '../../providers/runtime/processes.ts';
import { makeGreeter, type Greeter } from '../harness/greeter.ts';
import { eventually } from '../harness/http.ts';
import { endOf } from '../harness/journey.ts';
import { withProgram } from '../harness/programs.ts';
import { sendUsers, type Users } from '../harness/users.ts';

const recordSchema = z.object({ pid: z.number(), startTime: z.string() });
const headless = ['--yes', '--no-input', '--json'];
const deploy = (version: string, ...more: string[]) => [
  'deploy',
  'production',
  '--version',
  version,
  ...headless,
  ...more,
];

withProgram('haproxy', await whyNoProgram(), () => {
  describe('P9 an environment with `router: haproxy`', () => {
    let greeter: Greeter;
    let users: Users | undefined;

    beforeAll(async () => {
      greeter = await makeGreeter({ router: 'haproxy' });
      greeter.version('v2');
      greeter.version('failing', { failing: 50 });
      greeter.version('v3');
      greeter.version('v4');
    });
    afterAll(async () => {
      await users?.stop();
      await greeter.journey.close();
    });

    const haproxy = () => {
      const file = path.join(greeter.journey.production(), 'haproxy.json');
      return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    };
    const serving = async () => {
      await users?.answered(60);
      return [...new Set(users?.last(30))];
    };

    it('exits 78 and says how to get HAProxy where the machine has none that will do', async () => {
      const folder = path.join(greeter.journey.folder, 'old');
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'haproxy'), '#!/bin/sh\necho "HA-Proxy version 1.8.19-1 2019/02/11"\n');
      chmodSync(path.join(folder, 'haproxy'), 0o755);
      const old = { PATH: `${folder}:${greeter.journey.env['PATH']}` };
      const refused = await greeter.journey.start(deploy('v1'), old).done;
      expect(refused.code).toBe(78);
      expect(refused.lines).toMatchObject([{ error: { code: 'router-missing' } }]);
      expect(refused.stdout).toContain('2.6 is the oldest that will do');
      expect(refused.stdout).toContain('apt-get install haproxy');
      const planned = await greeter.journey.start(deploy('v1', '--dry-run'), old).done;
      expect(planned.code).toBe(0);
      expect(planned.lines[0]).toMatchObject({ router: 'haproxy' });
      expect(planned.stdout).toContain('It cannot start here: HAProxy 1.8 is installed');
    });

    it('deploys the first version, then 5 → 25 → 50 → 100 %, and no request fails', async () => {
      const first = await greeter.journey.run(...deploy('v1'));
      expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining('error')]);
      users = sendUsers(greeter.port);
      expect(await serving()).toEqual(['v1']);
      const second = await greeter.journey.run(...deploy('v2'));
      expect(second.code, JSON.stringify(second.lines.at(-1))).toBe(0);
      expect(endOf(second.lines)).toMatchObject({ outcome: 'succeeded', version: { name: 'v2' } });
      expect(second.lines[0]).toMatchObject({ plan: { router: 'haproxy' } });
      expect(second.lines.filter(({ type }) => type === 'weight.set').map((e) => e['actual'])).toEqual([
        5, 25, 50, 100,
      ]);
      expect(await serving()).toEqual(['v2']);
      expect(users.failures).toEqual([]);
    });

    it('R2 rolls a candidate back whose errors HAProxy counted', async () => {
      const ran = await greeter.journey.run(...deploy('failing'));
      expect(ran.code).toBe(3);
      expect(endOf(ran.lines)).toMatchObject({ outcome: 'rolled_back', version: { name: 'v2' } });
      expect(ran.lines.find(({ type }) => type === 'rollback.started')).toMatchObject({ trigger: 'rule' });
      expect(await serving()).toEqual(['v2']);
    });

    it('N4 goes on with the same HAProxy after its conductor was killed', async () => {
      const { journey } = greeter;
      const failedBefore = users?.failures.length;
      const before = haproxy();
      const ran = await journey.run(...deploy('v3', '--detach'));
      const id = String(ran.lines[0]?.['id']);
      await eventually(
        () => journey.journal(id).some((e) => e.type === 'weight.set' && e['actual'] === 25),
        'a quarter of the traffic',
        60_000,
      );
      const conductor = journey.conductor(id);
      if (conductor) process.kill(conductor.pid, 'SIGKILL');
      await eventually(() => journey.conductor(id) === undefined, 'the conductor is gone');
      expect((await journey.run('status', '--json')).stderr).toMatch(/resumed|rolls back/);
      await eventually(
        () => journey.journal(id).some((e) => e.type === 'deployment.finished'),
        'it ends',
        60_000,
      );
      expect(await serving()).toEqual([Object(endOf(journey.journal(id))['version']).name]);
      expect(haproxy()).toEqual(before);
      expect(users?.failures.length).toBe(failedBefore);
    });

    it('is started again with its last routes when it was killed in the middle of a rollout', async () => {
      const { journey } = greeter;
      const ran = await journey.run(...deploy('v4', '--detach'));
      const id = String(ran.lines[0]?.['id']);
      await eventually(
        () => journey.journal(id).some((e) => e.type === 'weight.set' && e['actual'] === 25),
        'a quarter of the traffic',
        60_000,
      );
      const before = haproxy();
      process.kill(before.pid, 'SIGKILL');
      await eventually(() => !isAlive(before), 'HAProxy is gone');
      await eventually(
        () => journey.journal(id).some((e) => e.type === 'deployment.finished'),
        'it ends',
        60_000,
      );
      expect(endOf(journey.journal(id))).toMatchObject({ outcome: 'succeeded', version: { name: 'v4' } });
      expect(await serving()).toEqual(['v4']);
    });

    it('R1 returns to the version before at once', async () => {
      const ran = await greeter.journey.run('deploy', 'rollback', '--env', 'production', ...headless);
      expect(ran.code).toBe(0);
      expect(endOf(ran.lines)).toMatchObject({ outcome: 'succeeded' });
      expect(await serving()).toEqual([Object(endOf(ran.lines)['version']).name]);
    });
  });
});
