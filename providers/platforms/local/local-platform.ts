import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import type { Clock } from '../../../src/ports/clock.ts';
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
import { removeState } from '../../runtime/state-file.ts';
import { versionAnswer } from '../../runtime/version-answer.ts';
import { openWorkTrees } from '../../runtime/work-tree.ts';
import { passFence } from './fence.ts';
import { probe } from './health.ts';
import { readInstanceRecord, readInstanceRecords } from './instance-record.ts';
import { instanceOf, launch } from './launch.ts';
import { environmentFolders, versionPaths, type VersionPaths } from './layout.ts';
import { migrate } from './migrate.ts';
import { serviceEnvironment } from './service-environment.ts';

/** How often a start is tried again because another program took the port in between. */
const portTries = 5;
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
    const deadline = new Date(record.startedAt).getTime() + service.health.timeoutMs;
    for (let probes = 1; ; probes++) {
      const healthy = await probe(record.port, service.health.path, signal);
      signal?.throwIfAborted();
      if (!isAlive(record)) return undefined;
      if (healthy) {
        onProgress?.(`already running on port ${record.port}`);
        return instanceOf(record);
      }
      if (probes >= probesBeforeReplacing && clock.now().getTime() >= deadline) break;
      await clock.sleep(service.health.intervalMs, signal);
    }
    onProgress?.(`replacing process ${record.pid}, which runs but is not healthy`);
    await endGroup(record, record.stopTimeoutMs);
    return undefined;
  }

  async function begin(
    request: PlatformRequest,
    paths: VersionPaths,
    wantsMigration: boolean,
  ): Promise<Instance> {
    const { environment, version, service, fence, signal, onProgress } = request;
    // A missing variable is said before minutes go into an install.
    let port = await freePort();
    let env = serviceEnvironment(request, paths, port);
    await endAllWith(paths.mark, service.stopTimeoutMs);
    await mkdir(paths.data, { recursive: true, mode: 0o700 });
    await prepareLog(paths.log);
    onProgress?.(`preparing the work tree of ${version.sha.slice(0, 12)}`);
    const tree = await trees.add(paths.purpose, version.sha);
    const step = { runner, tree, log: paths.log, signal, onProgress };
    await install({ ...step, git, cache, command: service.install, mark: paths.mark });
    const key = buildKey(request);
    await build({ ...step, command: service.build, env, key });
    const stillFirst = () => passFence(paths.root, fence, clock);
    await stillFirst();
    if (wantsMigration) await migrate(request, { paths, cwd: tree.path, env, clock });
    for (let tries = 1; tries <= portTries; tries++) {
      const at = { paths, cwd: tree.path, env, port, clock, passFence: stillFirst };
      const instance = await launch(request, at);
      if (instance !== 'port-taken') {
        await clearDead(environment).catch((error: unknown) =>
          onProgress?.(`what dead versions held stays until the next start: ${messageOf(error)}`),
        );
        return instance;
      }
      port = await freePort();
      env = serviceEnvironment(request, paths, port);
    }
    throw new OrchestraError(
      'start-exited',
      `"${service.start}" found its port taken ${portTries} times in ${environment}`,
      {
        hint: `Read ${paths.log}. Does the service listen on $${service.portEnv}, and only on that?`,
        details: { log: [] },
      },
    );
  }

  /** Ends what runs of a version, and frees all it held but its log and the environment's data. */
  async function dismantle(paths: VersionPaths, sha: string): Promise<void> {
    const record = await readInstanceRecord(paths.record);
    const termMs = record?.stopTimeoutMs ?? stopTimeoutDefaultMs;
    if (record) await endGroup(record, termMs);
    await endAllWith(paths.mark, termMs);
    await endAllWith(paths.migrationMark, termMs);
    await trees.remove(paths.purpose, sha);
    await removeState(paths.record);
  }

  /** Frees what versions held that ended by themselves or with the machine: nobody stops what does not run. */
  async function clearDead(environment: string): Promise<void> {
    const records = await readInstanceRecords(environmentFolders(stateDir, environment).instances);
    for (const { version, ...identity } of records) {
      if (isAlive(identity)) continue;
      const paths = versionPaths(stateDir, environment, version.sha);
      const busy = new AbortController();
      const lock = { dir: paths.lock, clock, signal: busy.signal, onWait: () => busy.abort() };
      try {
        await withRankedLock(lock, async () => {
          const now = await readInstanceRecord(paths.record);
          if (now && !isAlive(now)) await dismantle(paths, version.sha);
        });
      } catch (error) {
        // Another process starts or stops this version just now: then it is not ours to free.
        if (!busy.signal.aborted) throw error;
      }
    }
  }

  return {
    async start(request, options) {
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
        async () => (await adopt(request, paths)) ?? (await begin(request, paths, options.migrate)),
      );
    },

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

    async versionAt(address, service, signal) {
      const { versionPath } = service.health;
      return versionPath === undefined ? undefined : versionAnswer(address, versionPath, signal);
    },

    async logs(environment, sha, maxBytes) {
      const paths = versionPaths(stateDir, environment, sha);
      const record = await readInstanceRecord(paths.record);
      const text = await endOf(paths.log, maxBytes, record?.logFrom);
      const root = trees.pathOf(paths.purpose, sha);
      const real = await realpath(root).catch(() => root);
      return [{ text, roots: [...new Set([root, real])] }];
    },

    async stop(environment, sha, fence) {
      const paths = versionPaths(stateDir, environment, sha);
      await passFence(paths.root, fence, clock);
      await withRankedLock({ dir: paths.lock, clock, rank: fence }, () => dismantle(paths, sha));
    },
  };
}

/** What a build depends on beside the version's files; the variables as written, so that no secret is in it. */
function buildKey({ service, variables }: PlatformRequest): string {
  const parts = JSON.stringify([service.build, service.variables, variables]);
  return createHash('sha256').update(parts).digest('hex');
}
