import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git } from '../../src/ports/git.ts';
import type { Runner } from '../../src/ports/runner.ts';
import type { SuiteRunner } from '../../src/ports/suites.ts';
import { fillVariables, minimalEnvironment } from '../runtime/environment.ts';
import { withRankedLock } from '../runtime/ranked-lock.ts';
import { freePort } from '../runtime/free-port.ts';
import { openInstallCache } from '../runtime/install-cache.ts';
import { failedCases } from '../../src/domain/failed-case.ts';
import { failuresIn } from '../../src/domain/failure-line.ts';
import { tailOf } from '../runtime/log-file.ts';
import { install, runLogged } from '../runtime/prepare.ts';
import { endAllWith } from '../runtime/processes.ts';
import { runMark } from '../runtime/runner.ts';
import { openWorkTrees } from '../runtime/work-tree.ts';

const purpose = 'test';
const tailLines = 40;
/** How many failing tests are named; the log has them all. */
const shownFailures = 10;
/** How long what an earlier, dead run left behind gets to end. */
const leftoverTermMs = 2000;

/**
 * Runs suites in the work tree `test-<sha12>`, one at a time for each version, with `CI=1`, a free port in the
 * service's port variable and a data folder of their own: never an environment's.
 */
export function createSuiteRunner(parts: {
  git: Git;
  runner: Runner;
  stateDir: string;
  clock: Clock;
}): SuiteRunner {
  const { git, runner, stateDir, clock } = parts;
  const trees = openWorkTrees(parts);
  const cache = openInstallCache(parts);
  const lockOf = (sha: string) => join(stateDir, 'locks', `${purpose}-${sha.slice(0, 12)}`);
  const dataOf = (sha: string) => `${trees.pathOf(purpose, sha)}.data`;

  return {
    run: ({ deployment, environment, sha, suite, service, log, signal }) =>
      withRankedLock({ dir: lockOf(sha), clock, signal }, async () => {
        const mark = { [runMark]: `${stateDir}#${deployment}/${suite.name}` };
        const data = dataOf(sha);
        const own = {
          [service.portEnv]: String(await freePort()),
          ORCHESTRA_VERSION: sha,
          ORCHESTRA_ENVIRONMENT: environment,
          ORCHESTRA_DATA_DIR: data,
          ...mark,
        };
        const env = {
          ...minimalEnvironment(process.env),
          CI: '1',
          ...fillVariables(service.variables, own, process.env),
          ...own,
        };
        await endAllWith(mark, leftoverTermMs);
        await mkdir(dirname(log), { recursive: true });
        await writeFile(log, '', { mode: 0o600 });
        const tree = await trees.add(purpose, sha);
        await mkdir(data, { recursive: true, mode: 0o700 });
        const step = { runner, tree, log, signal };
        await install({ ...step, git, cache, command: service.install, mark });
        const { result, from } = await runLogged({
          ...step,
          command: suite.run,
          env,
          timeoutMs: suite.timeoutMs,
        });
        const passed = !result.timedOut && result.exitCode === 0;
        const said = passed ? [] : await tailOf(log, Number.MAX_SAFE_INTEGER, from);
        const failures = failuresIn(said, shownFailures);
        const cases = failedCases(said, shownFailures, tree.path);
        return {
          suite: suite.name,
          kind: suite.kind,
          status: result.timedOut ? 'timed_out' : passed ? 'passed' : 'failed',
          exitCode: result.exitCode,
          durationMs: Math.round(result.durationMs),
          log,
          tail: await tailOf(log, tailLines, from),
          ...(failures.length > 0 ? { failures } : {}),
          ...(cases.length > 0 ? { cases } : {}),
        };
      }),

    dispose: (sha) =>
      withRankedLock({ dir: lockOf(sha), clock }, async () => {
        await trees.remove(purpose, sha);
        await rm(dataOf(sha), { recursive: true, force: true });
      }),
  };
}
