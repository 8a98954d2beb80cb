import { OrchestraError } from '../../../src/domain/errors.ts';
import { startedTogether } from '../../../src/domain/plan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Instance, PlatformRequest } from '../../../src/ports/platform.ts';
import { freePort } from '../../runtime/free-port.ts';
import { prepareLog } from '../../runtime/log-file.ts';
import { endAllWith, endGroup } from '../../runtime/processes.ts';
import { removeState } from '../../runtime/state-file.ts';
import { type InstanceRecord, readInstanceRecords } from './instance-record.ts';
import { launch } from './launch.ts';
import { copyPaths, type VersionPaths } from './layout.ts';
import { serviceEnvironment } from './service-environment.ts';

/** How often a start is tried again because another program took the port in between. */
const portTries = 5;

interface Place {
  paths: VersionPaths;
  cwd: string;
  clock: Clock;
  /** Throws code `fenced` once another has overtaken. */
  passFence: () => Promise<void>;
}

/** What was written down of the copies of one version, running or not, in their order. */
export async function copiesOf(paths: VersionPaths): Promise<InstanceRecord[]> {
  const sha = paths.record.slice(paths.instances.length + 1, -'.json'.length);
  return (await readInstanceRecords(paths.instances)).filter(({ version }) => version.sha === sha);
}

/** Ends one copy of a version and all it started. */
export async function endCopy(paths: VersionPaths, record: InstanceRecord): Promise<void> {
  const { record: file, mark } = copyPaths(paths, record.copy);
  await endGroup(record, record.stopTimeoutMs);
  await endAllWith(mark, record.stopTimeoutMs);
  await removeState(file);
}

/**
 * Starts these copies of a prepared version, some at a time, and waits until all are healthy. When one is not, all of them
 * are ended and the first failure is thrown: see `launch`.
 */
export async function launchCopies(
  request: PlatformRequest,
  place: Place,
  copies: readonly number[],
): Promise<void> {
  const failed = new AbortController();
  let failure: unknown;
  const signal = AbortSignal.any([failed.signal, ...(request.signal ? [request.signal] : [])]);
  const waiting = [...copies];
  const lane = async () => {
    for (let copy = waiting.shift(); copy !== undefined; copy = waiting.shift()) {
      try {
        signal.throwIfAborted();
        await launchCopy({ ...request, signal }, place, copy);
      } catch (error) {
        failure ??= error;
        failed.abort(new Error('another copy did not start'));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(startedTogether, copies.length) }, lane));
  if (failure === undefined) return;
  await place.passFence();
  const begun = (await copiesOf(place.paths)).filter(({ copy }) => copies.includes(copy));
  await Promise.all(begun.map((record) => endCopy(place.paths, record)));
  throw failure;
}

async function launchCopy(request: PlatformRequest, place: Place, copy: number): Promise<Instance> {
  const { service, environment } = request;
  const paths = copyPaths(place.paths, copy);
  await endAllWith(paths.mark, service.stopTimeoutMs);
  if (copy > 1) await prepareLog(paths.log);
  for (let tries = 1; tries <= portTries; tries++) {
    const port = await freePort();
    const env = serviceEnvironment(request, paths, port);
    const instance = await launch(request, { ...place, paths, env, port, copy });
    if (instance !== 'port-taken') return instance;
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
