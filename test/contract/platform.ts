import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Version } from '../../src/domain/event.ts';
import type { ServicePlan } from '../../src/domain/plan.ts';
import type { Platform, PlatformRequest } from '../../src/ports/platform.ts';
import { eventually } from '../harness/http.ts';

export type Kind = 'first' | 'second' | 'exits' | 'deaf';

/** What a platform's own test brings: versions it can run, and a way to see what is left. */
export interface PlatformSubject {
  platform: Platform;
  /** A second platform on the same state: what a restarted conductor holds. */
  reopen(): Platform;
  /** `exits` ends at once with code 3 and a line that holds `no database`; `deaf` never answers. */
  version(kind: Kind): Version;
  service(changes?: Partial<ServicePlan>): ServicePlan;
  /** A command line that succeeds, and one that fails. */
  commands: { succeeds: string; fails: string };
  /** The body of a GET on an instance. */
  get(port: number, path: string): Promise<string | undefined>;
  /** Processes and work trees that are there now. */
  leftovers(): string[];
  dispose(): void;
}

/** What every platform owes the engine. `open` gives a fresh one for each test. */
export function platformContract(name: string, open: () => Promise<PlatformSubject>): void {
  describe(`${name} as a platform`, () => {
    let subject: PlatformSubject;
    const environment = 'production';
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(async () => {
      for (const kind of ['first', 'second', 'exits', 'deaf'] as const)
        await subject.platform.stop(environment, subject.version(kind).sha, 1_000_000);
      expect(await subject.platform.running(environment)).toEqual([]);
      expect(subject.leftovers()).toEqual([]);
      subject.dispose();
    });

    const request = (kind: Kind, changes: Partial<PlatformRequest> = {}): PlatformRequest => ({
      environment,
      version: subject.version(kind),
      service: subject.service(),
      variables: {},
      fence: 1,
      ...changes,
    });
    const start = (kind: Kind, changes?: Partial<PlatformRequest>) =>
      subject.platform.start(request(kind, changes), { migrate: false });

    it('starts a version, which is healthy and answers on its port', async () => {
      const instance = await start('first');
      expect(instance.version).toEqual(subject.version('first'));
      expect(await subject.platform.healthy(instance, subject.service())).toBe(true);
      expect(await subject.get(instance.port, '/name')).toBe('first');
      expect(await subject.platform.running(environment)).toEqual([instance]);
    });

    it('runs two versions side by side, and stops one without the other', async () => {
      const first = await start('first');
      const second = await start('second');
      expect(second.port).not.toBe(first.port);
      await subject.platform.stop(environment, first.version.sha, 1);
      expect(await subject.get(first.port, '/name')).toBeUndefined();
      expect(await subject.get(second.port, '/name')).toBe('second');
      expect(await subject.platform.running(environment)).toEqual([second]);
    });

    it('gives the copy that runs already when asked again, from another process too', async () => {
      const instance = await start('first');
      expect(await start('first')).toEqual(instance);
      expect(await subject.reopen().start(request('first'), { migrate: true })).toEqual(instance);
      expect(await subject.reopen().running(environment)).toEqual([instance]);
    });

    it('gives one copy when asked twice at the same time', async () => {
      const [one, two] = await Promise.all([
        start('first'),
        subject.reopen().start(request('first'), { migrate: false }),
      ]);
      expect(two).toEqual(one);
      expect(await subject.platform.running(environment)).toEqual([one]);
    });

    it('says that the start command exited, how, and what it wrote last', async () => {
      await expect(start('exits')).rejects.toMatchObject({
        code: 'start-exited',
        details: { exitCode: 3, log: expect.arrayContaining([expect.stringContaining('no database')]) },
      });
      expect(await subject.platform.running(environment)).toEqual([]);
    });

    it('gives up on a version that is never healthy and leaves none of it running', async () => {
      const service = subject.service({ health: { path: '/healthz', intervalMs: 50, timeoutMs: 400 } });
      await expect(start('deaf', { service })).rejects.toMatchObject({ code: 'never-healthy' });
      expect(await subject.platform.running(environment)).toEqual([]);
    });

    it('does not start a version whose migration fails', async () => {
      const service = subject.service({ migrate: subject.commands.fails });
      const failing = subject.platform.start(request('first', { service }), { migrate: true });
      await expect(failing).rejects.toMatchObject({ code: 'migrate-failed' });
      expect(await subject.platform.running(environment)).toEqual([]);
    });

    it('runs the migration only when asked', async () => {
      const service = subject.service({ migrate: subject.commands.fails });
      expect((await start('first', { service })).version).toEqual(subject.version('first'));
    });

    it('says that the install or the build failed', async () => {
      const { fails } = subject.commands;
      await expect(start('first', { service: subject.service({ install: fails }) })).rejects.toMatchObject({
        code: 'install-failed',
      });
      await expect(start('first', { service: subject.service({ build: fails }) })).rejects.toMatchObject({
        code: 'build-failed',
      });
    });

    it('names a variable that is missing', async () => {
      const variables = { DATABASE_URL: 'db://${ORCHESTRA_TEST_NOT_SET}' };
      await expect(start('first', { variables })).rejects.toMatchObject({
        code: 'missing-variable',
        message: expect.stringContaining('ORCHESTRA_TEST_NOT_SET'),
      });
    });

    it('refuses to start or stop for whom another has overtaken', async () => {
      const instance = await start('first', { fence: 7 });
      await expect(start('second', { fence: 6 })).rejects.toMatchObject({ code: 'fenced' });
      await expect(subject.platform.stop(environment, instance.version.sha, 6)).rejects.toMatchObject({
        code: 'fenced',
      });
      expect(await subject.platform.running(environment)).toEqual([instance]);
    });

    it('ends what it began when it is aborted', async () => {
      const abort = new AbortController();
      const failing = start('deaf', {
        signal: abort.signal,
        onProgress: (line) => {
          if (line.startsWith('waiting for /healthz')) abort.abort(new Error('enough'));
        },
      });
      await expect(failing).rejects.toThrow('enough');
      expect(await subject.platform.running(environment)).toEqual([]);
    });

    const scale = (copies: number, kind: Kind = 'first', changes?: Partial<PlatformRequest>) =>
      subject.platform.scale(request(kind, changes), copies);

    it('T1 runs several copies of a version, each on its own port, and adopts them when asked again', async () => {
      const first = await start('first');
      const three = await scale(3);
      expect(three[0]).toEqual(first);
      expect(new Set(three.map(({ port }) => port)).size).toBe(3);
      for (const copy of three) {
        expect(await subject.get(copy.port, '/name')).toBe('first');
        expect(await subject.platform.healthy(copy, subject.service())).toBe(true);
      }
      expect(await subject.platform.running(environment)).toEqual(three);
      expect(await subject.reopen().scale(request('first'), 3)).toEqual(three);
      expect(await start('first'), 'one of them will do').toEqual(first);
    });

    it('T1 ends the last copies first when there are to be fewer, and keeps the version prepared without any', async () => {
      const three = await scale(3);
      await scale(2, 'second');
      expect(await scale(1)).toEqual(three.slice(0, 1));
      expect(await subject.get(three[2]?.port ?? 0, '/name')).toBeUndefined();
      expect(await scale(0)).toEqual([]);
      expect((await subject.platform.running(environment)).map(({ version }) => version.name)).toEqual([
        'second',
        'second',
      ]);
      expect(await scale(2)).toHaveLength(2);
      await subject.platform.stop(environment, subject.version('first').sha, 1);
      expect(await subject.platform.running(environment)).toHaveLength(2);
    });

    it('T1 replaces a copy that died, and leaves the others alone', async () => {
      const [one, two, three] = await scale(3);
      process.kill(two?.pid ?? 0, 'SIGKILL');
      await eventually(
        async () => (await subject.platform.running(environment)).length === 2,
        'the dead copy is seen',
      );
      const again = await scale(3);
      expect(again.map(({ pid }) => pid)).toEqual([one?.pid, expect.any(Number), three?.pid]);
      expect(again[1]?.pid).not.toBe(two?.pid);
    });

    it('leaves no further copy behind when one of them does not get healthy', async () => {
      await expect(scale(3, 'exits')).rejects.toMatchObject({ code: 'start-exited' });
      const first = await start('second');
      const service = subject.service({ start: 'exit 3' });
      await expect(scale(4, 'second', { service })).rejects.toMatchObject({ code: 'start-exited' });
      expect(await subject.platform.running(environment)).toEqual([first]);
    });

    it('prepares a version without starting it', async () => {
      await subject.platform.prepare(request('first'));
      expect(await subject.platform.running(environment)).toEqual([]);
      const service = subject.service({ build: subject.commands.fails });
      await expect(subject.platform.prepare(request('second', { service }))).rejects.toMatchObject({
        code: 'build-failed',
      });
    });

    it('stops what does not run, and stops twice, without complaint', async () => {
      await subject.platform.stop(environment, subject.version('second').sha, 1);
      const instance = await start('first');
      await subject.platform.stop(environment, instance.version.sha, 1);
      await subject.platform.stop(environment, instance.version.sha, 1);
      expect(await subject.platform.healthy(instance, subject.service())).toBe(false);
    });
  });
}
