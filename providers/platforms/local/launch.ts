import { OrchestraError } from '../../../src/domain/errors.ts';
import { saysVersion, wrongVersionText } from '../../../src/domain/says-version.ts';
import { runningMs, type Clock } from '../../../src/ports/clock.ts';
import type { Instance, PlatformRequest } from '../../../src/ports/platform.ts';
import { sizeOf, tailOf } from '../../runtime/log-file.ts';
import { errorLines } from '../../runtime/prepare.ts';
import { endAllWith, endGroup, isAlive } from '../../runtime/processes.ts';
import { spawnDetached, type Detached } from '../../runtime/spawn-detached.ts';
import { removeState, writeState } from '../../runtime/state-file.ts';
import { versionAnswer } from '../../runtime/version-answer.ts';
import { probe } from './health.ts';
import type { InstanceRecord } from './instance-record.ts';
import type { VersionPaths } from './layout.ts';

const portTaken = /EADDRINUSE|address (?:is )?already in use/i;

interface Launch {
  paths: VersionPaths;
  cwd: string;
  env: Record<string, string>;
  port: number;
  /** Which copy of the version it is, from 1. */
  copy: number;
  clock: Clock;
  /** Throws code `fenced` once another has overtaken: then what runs is no longer ours to end. */
  passFence: () => Promise<void>;
}

/**
 * Starts the version on `port`, writes its record down at once, and waits until it is healthy; what does not get there
 * is ended again. `port-taken` when another took the port first. Throws codes `start-exited`, `never-healthy`,
 * `wrong-version`.
 */
export async function launch(request: PlatformRequest, at: Launch): Promise<Instance | 'port-taken'> {
  const { service, version, signal, onProgress } = request;
  const { paths, port, clock } = at;
  signal?.throwIfAborted();
  await at.passFence();
  const logFrom = await sizeOf(paths.log);
  onProgress?.(`starting: ${service.start}`);
  const started = await spawnDetached(service.start, { cwd: at.cwd, env: at.env, log: paths.log });
  const record: InstanceRecord = {
    schema: 'orchestra/instance@1',
    version,
    ...started.identity,
    port,
    log: paths.log,
    logFrom,
    startedAt: clock.now().toISOString(),
    stopTimeoutMs: service.stopTimeoutMs,
    copy: at.copy,
  };
  try {
    await writeState(paths.record, record);
    onProgress?.(`waiting for ${service.health.path} on port ${port}`);
    await untilHealthy(request, at, started, logFrom);
    await sameVersion(request, at);
    return instanceOf(record);
  } catch (error) {
    await at.passFence();
    const taken =
      started.ended() && portTaken.test((await tailOf(paths.log, errorLines, logFrom)).join('\n'));
    await endGroup(started.identity, service.stopTimeoutMs, started.ended() !== undefined);
    await endAllWith(paths.mark, service.stopTimeoutMs);
    await removeState(paths.record);
    if (taken && !signal?.aborted) return 'port-taken';
    throw error;
  }
}

async function untilHealthy(
  { service, signal }: PlatformRequest,
  { paths, port, clock }: Launch,
  started: Detached,
  logFrom: number,
): Promise<void> {
  const { path, intervalMs, timeoutMs } = service.health;
  const deadline = runningMs(clock) + timeoutMs;
  const wake = AbortSignal.any([started.over, ...(signal ? [signal] : [])]);
  for (;;) {
    signal?.throwIfAborted();
    const end = started.ended();
    if (end)
      throw new OrchestraError(
        'start-exited',
        `"${service.start}" ended ${end.signal ? `by ${end.signal}` : `with exit code ${end.exitCode}`} before it was healthy`,
        {
          hint: `Read ${paths.log}. The start command must stay in the foreground and listen on $${service.portEnv}.`,
          details: {
            log: await tailOf(paths.log, errorLines, logFrom),
            exitCode: end.exitCode,
            signal: end.signal,
          },
        },
      );
    if ((await probe(port, path, wake)) && isAlive(started.identity)) return;
    const left = deadline - runningMs(clock);
    if (left <= 0)
      throw new OrchestraError(
        'never-healthy',
        `GET ${path} on port ${port} gave no 2xx within ${Math.round(timeoutMs / 1000)} s of the start`,
        {
          hint: `Read ${paths.log}. Check health.path and health.timeout, and that the service listens on 127.0.0.1:$${service.portEnv}.`,
          details: { log: await tailOf(paths.log, errorLines, logFrom) },
        },
      );
    await clock.sleep(Math.min(intervalMs, left), wake).catch(() => undefined);
  }
}

/** Healthy is not enough: another process may have the port, or the build may be an old one. */
async function sameVersion(
  { service, version, signal }: PlatformRequest,
  { paths, port }: Launch,
): Promise<void> {
  const path = service.health.versionPath;
  if (path === undefined) return;
  const answer = await versionAnswer({ host: '127.0.0.1', port }, path, signal);
  if (answer !== undefined && saysVersion(answer, version)) return;
  throw new OrchestraError(
    'wrong-version',
    wrongVersionText(`GET ${path} on port ${port}`, answer, version),
    {
      hint: `Check health.version_path, what the build leaves behind and what else runs on this machine; the service finds its commit in $ORCHESTRA_VERSION. Its log: ${paths.log}.`,
      details: { log: await tailOf(paths.log, errorLines) },
    },
  );
}

/** What others need to know of a running copy. */
export function instanceOf(record: InstanceRecord): Instance {
  const { version, pid, startTime, port, log } = record;
  return { version, pid, startTime, port, log };
}
