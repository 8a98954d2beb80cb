import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { runningMs, type Clock } from '../../../src/ports/clock.ts';
import type { Git } from '../../../src/ports/git.ts';
import type { Instance, Platform, PlatformRequest } from '../../../src/ports/platform.ts';
import type { Runner } from '../../../src/ports/runner.ts';
import { OrchestraError, messageOf } from '../../../src/domain/errors.ts';
import { withRankedLock } from '../../runtime/ranked-lock.ts';
import { freePort } from '../../runtime/free-port.ts';
import { openInstallCache } from '../../runtime/install-cache.ts';
import { endOf, prepareLog } from '../../runtime/log-file.ts';
import { build, install } from '../../runtime/prepare.ts';
import { endAllWith, endGroup, isAlive } from '../../runtime/processes.ts';
import { memoryOf } from '../../runtime/process-memory.ts';
import { usageOf } from '../../runtime/process-usage.ts';
import { removeState } from '../../runtime/state-file.ts';
import { versionAnswer } from '../../runtime/version-answer.ts';
import { openWorkTrees } from '../../runtime/work-tree.ts';
import { passFence } from './fence.ts';
import { probe } from './health.ts';
import { type InstanceRecord, readInstanceRecord, readInstanceRecords } from './instance-record.ts';
import { copiesOf, endCopy, launchCopies } from './copies.ts';
import { instanceOf } from './launch.ts';
import { copyPaths, environmentFolders, versionPaths, type VersionPaths } from './layout.ts';
import { forgetMigration, migrate, migrateDown } from './migrate.ts';
import { serviceEnvironment } from './service-environment.ts';

/** A copy that ran well before is not replaced for one slow answer. */
const probesBeforeReplacing = 3;
/** For processes whose record is lost, and with it the service's own stop time. */
const stopTimeoutDefaultMs = 10_000;

/**
 * Runs versions as processes of this machine, each from its own git work tree, on its own port of 127.0.0.1. They
 * outlive whoever started them. State lives under `stateDir`, never in the repository.
 */
export function createLocalPlatform(parts: {
  git: Git;
  runner: Runner;
  stateDir: string;
  clock: Clock;
}): Platform {
  const { git, runner, stateDir, clock } = parts;
  const trees = openWorkTrees(parts);
  const cache = openInstallCache(parts);

  async function adopt(request: PlatformRequest, paths: VersionPaths): Promise<Instance | undefined> {
    const { service, signal, onProgress } = request;
    const record = await readInstanceRecord(paths.record);
    if (!record || !isAlive(record)) return undefined;
    const { timeoutMs } = service.health;
    const age = clock.now().getTime() - Date.parse(record.startedAt);
    const deadline = runningMs(clock) + timeoutMs - Math.min(Math.max(age, 0), timeoutMs);
    for (let probes = 1; ; probes++) {
      const healthy = await probe(record.port, service.health.path, signal);
      signal?.throwIfAborted();
      if (!isAlive(record)) return undefined;
      if (healthy) {
        onProgress?.(`already running on port ${record.port}`);
        return instanceOf(record);
      }
      if (probes >= probesBeforeReplacing && runningMs(clock) >= deadline) break;
      await clock.sleep(service.health.intervalMs, signal);
    }
    onProgress?.(`replacing process ${record.pid}, which runs but is not healthy`);
    await endGroup(record, record.stopTimeoutMs);
    return undefined;
  }

  /** Work tree, install and build, each once a version. Throws code `missing-variable` before anything is done. */
  async function prepare(request: PlatformRequest, paths: VersionPaths): Promise<string> {
    const { version, service, signal, onProgress } = request;
    // A missing variable is said before minutes go into an install.
    const env = serviceEnvironment(request, copyPaths(paths, 1), await freePort());
    await mkdir(paths.data, { recursive: true, mode: 0o700 });
    if (!(await copiesOf(paths)).some(isAlive)) {
      await endAllWith(paths.mark, service.stopTimeoutMs);
      await prepareLog(paths.log);
    }
    onProgress?.(`preparing the work tree of ${version.sha.slice(0, 12)}`);
    const tree = await trees.add(paths.purpose, version.sha);
    const step = { runner, tree, log: paths.log, signal, onProgress };
    await install({ ...step, git, cache, command: service.install, mark: paths.mark });
    await build({ ...step, command: service.build, env, key: buildKey(request) });
    return tree.path;
  }

  async function begin(
    request: PlatformRequest,
    paths: VersionPaths,
    copies: readonly number[],
    wantsMigration: boolean,
  ): Promise<void> {
    const { environment, fence, onProgress } = request;
    const cwd = await prepare(request, paths);
    const stillFirst = () => passFence(paths.root, fence, clock);
    await stillFirst();
    if (wantsMigration) {
      const env = serviceEnvironment(request, copyPaths(paths, 1), await freePort());
      await migrate(request, { paths, cwd, env, clock });
    }
    await launchCopies(request, { paths, cwd, clock, passFence: stillFirst }, copies);
    await clearDead(environment).catch((error: unknown) =>
      onProgress?.(`what dead versions held stays until the next start: ${messageOf(error)}`),
    );
  }

  /** Ends what runs of a version, and frees all it held but its log and the environment's data. */
  async function dismantle(paths: VersionPaths, sha: string): Promise<void> {
    const copies = await copiesOf(paths);
    const termMs = Math.max(...copies.map((copy) => copy.stopTimeoutMs), 0) || stopTimeoutDefaultMs;
    await Promise.all(copies.map((copy) => endGroup(copy, termMs)));
    await endAllWith(paths.mark, termMs);
    await endAllWith(paths.migrationMark, termMs);
    await trees.remove(paths.purpose, sha);
    for (const { copy } of copies) await removeState(copyPaths(paths, copy).record);
  }

  /** Frees what versions held that ended by themselves or with the machine: nobody stops what does not run. */
  async function clearDead(environment: string): Promise<void> {
    const records = await readInstanceRecords(environmentFolders(stateDir, environment).instances);
    const living = new Set(records.filter(isAlive).map(({ version }) => version.sha));
    for (const sha of new Set(records.map(({ version }) => version.sha))) {
      if (living.has(sha)) continue;
      const paths = versionPaths(stateDir, environment, sha);
      const busy = new AbortController();
      const lock = { dir: paths.lock, clock, signal: busy.signal, onWait: () => busy.abort() };
      try {
        await withRankedLock(lock, async () => {
          if (!(await copiesOf(paths)).some(isAlive)) await dismantle(paths, sha);
        });
      } catch (error) {
        // Another process starts or stops this version just now: then it is not ours to free.
        if (!busy.signal.aborted) throw error;
      }
    }
  }

  /** Does `work` while no other process starts or stops this version. */
  async function alone<T>(request: PlatformRequest, work: (paths: VersionPaths) => Promise<T>): Promise<T> {
    const { environment, version, fence, signal, onProgress } = request;
    const paths = versionPaths(stateDir, environment, version.sha);
    await passFence(paths.root, fence, clock);
    return withRankedLock(
      {
        dir: paths.lock,
        clock,
        rank: fence,
        onWait: () => onProgress?.('waiting: another process starts or stops this version'),
        ...(signal ? { signal } : {}),
      },
      () => work(paths),
    );
  }

  /** The copies that run and are healthy, those of `copies` that are not ended. */
  async function adoptAll(
    request: PlatformRequest,
    paths: VersionPaths,
    copies: readonly InstanceRecord[],
  ): Promise<InstanceRecord[]> {
    const adopted = await Promise.all(copies.map(({ copy }) => adopt(request, copyPaths(paths, copy))));
    return copies.filter((_, i) => adopted[i] !== undefined);
  }

  return {
    prepare: (request) => alone(request, async (paths) => void (await prepare(request, paths))),

    start: (request, options) =>
      alone(request, async (paths) => {
        try {
          const [first] = await adoptAll(request, paths, (await copiesOf(paths)).filter(isAlive).slice(0, 1));
          if (!first) await begin(request, paths, [1], options.migrate);
        } finally {
          await forgetMigration(paths);
        }
        const [record] = (await copiesOf(paths)).filter(isAlive);
        if (record) return instanceOf(record);
        throw gone(request.version.name);
      }),

    scale: (request, copies) =>
      alone(request, async (paths) => {
        const alive = (await copiesOf(paths)).filter(isAlive);
        const kept = await adoptAll(request, paths, alive.slice(0, copies));
        const taken = new Set(kept.map(({ copy }) => copy));
        await Promise.all(alive.slice(copies).map((copy) => endCopy(paths, copy)));
        const missing: number[] = [];
        for (let copy = 1; kept.length + missing.length < copies; copy++)
          if (!taken.has(copy)) missing.push(copy);
        if (missing.length > 0) await begin(request, paths, missing, false);
        else if (copies === 0) await endAllWith(paths.mark, request.service.stopTimeoutMs);
        const now = await copiesOf(paths);
        for (const { copy, ...identity } of now)
          if (!isAlive(identity)) await removeState(copyPaths(paths, copy).record);
        const running = now.filter(isAlive);
        if (running.length < copies) throw gone(request.version.name);
        return running.map(instanceOf);
      }),
    migrateDown: (request) =>
      alone(request, async (paths) => {
        const env = serviceEnvironment(request, copyPaths(paths, 1), await freePort());
        await prepareLog(paths.log);
        const tree = await trees.add(paths.purpose, request.version.sha);
        const { service, signal, onProgress } = request;
        const step = { runner, tree, log: paths.log, signal, onProgress };
        await install({ ...step, git, cache, command: service.install, mark: paths.mark });
        await migrateDown(request, { paths, cwd: tree.path, env, clock });
      }),

    async healthy(instance, service) {
      return isAlive(instance) && (await probe(instance.port, service.health.path)) && isAlive(instance);
    },

    async running(environment) {
      const records = await readInstanceRecords(environmentFolders(stateDir, environment).instances);
      return records.filter(isAlive).map(instanceOf);
    },

    async memory(instance) {
      return memoryOf(instance);
    },

    async usage(instance) {
      return usageOf(instance);
    },

    async versionAt(address, service, signal) {
      const { versionPath } = service.health;
      return versionPath === undefined ? undefined : versionAnswer(address, versionPath, signal);
    },

    async logs(environment, sha, maxBytes) {
      const paths = versionPaths(stateDir, environment, sha);
      const root = trees.pathOf(paths.purpose, sha);
      const real = await realpath(root).catch(() => root);
      const roots = [...new Set([root, real])];
      const recorded = await copiesOf(paths);
      const copies = recorded.length > 0 ? recorded : [{ copy: 1, logFrom: undefined }];
      return Promise.all(
        copies.map(async ({ copy, logFrom }) => ({
          text: await endOf(copyPaths(paths, copy).log, maxBytes, logFrom),
          roots,
        })),
      );
    },

    async stop(environment, sha, fence) {
      const paths = versionPaths(stateDir, environment, sha);
      await passFence(paths.root, fence, clock);
      await withRankedLock({ dir: paths.lock, clock, rank: fence }, () => dismantle(paths, sha));
    },
  };
}

function gone(name: string): OrchestraError {
  return new OrchestraError('start-exited', `a copy of ${name} ended right after it was healthy`, {
    hint: 'see its log for why it ended',
  });
}

/** What a build depends on beside the version's files; the variables as written, so that no secret is in it. */
function buildKey({ service, variables }: PlatformRequest): string {
  const parts = JSON.stringify([service.build, service.variables, variables]);
  return createHash('sha256').update(parts).digest('hex');
}
