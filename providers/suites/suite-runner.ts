import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { failedCases } from '../../src/domain/failed-case.ts';
import { failuresIn } from '../../src/domain/failure-line.ts';
import { treeOf } from '../../src/domain/suites-under-way.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git } from '../../src/ports/git.ts';
import type { Runner } from '../../src/ports/runner.ts';
import type { SuiteRunner } from '../../src/ports/suites.ts';
import { freePort } from '../runtime/free-port.ts';
import { openInstallCache } from '../runtime/install-cache.ts';
import { tailOf } from '../runtime/log-file.ts';
import { install, runLogged } from '../runtime/prepare.ts';
import { endAllWith } from '../runtime/processes.ts';
import { withRankedLock } from '../runtime/ranked-lock.ts';
import { runMark } from '../runtime/runner.ts';
import { openWorkTrees } from '../runtime/work-tree.ts';
import { watchReports } from './reports/read-reports.ts';
import { markWritten, readWritten } from './read-written.ts';
import { changedIn, repositoryState } from './repository-watch.ts';
import { suiteEnvironment } from './suite-environment.ts';

const tailLines = 40;
/** How many failing tests are named; the log has them all. */
const shownFailures = 10;
/** How long what an earlier, dead run left behind gets to end. */
const leftoverTermMs = 2000;

/** Work trees of suites begin with this. */
const purposeOf = (suite: { tree?: string | undefined }) =>
  suite.tree === undefined ? treeOf(suite) : `test-${suite.tree}`;

/**
 * Runs suites in the work tree that their plan names, one at a time in each, with `CI=1`, a free port in the service's port variable,
 * and a data folder, a home and a folder for temporary files of their own: never an environment's, never the user's.
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
  const lockOf = (purpose: string, sha: string) => join(stateDir, 'locks', `${purpose}-${sha.slice(0, 12)}`);
  const dataOf = (purpose: string, sha: string) => `${trees.pathOf(purpose, sha)}.data`;
  /** Short: the path of a socket in it may have 107 characters. */
  const temporaryOf = (purpose: string, sha: string) =>
    join(stateDir, 't', createHash('sha256').update(`${purpose}-${sha}`).digest('hex').slice(0, 8));

  return {
    run: ({ deployment, environment, sha, base, suite, service, log, signal }) => {
      const purpose = purposeOf(suite);
      return withRankedLock({ dir: lockOf(purpose, sha), clock, signal }, async () => {
        const mark = { [runMark]: `${stateDir}#${deployment}/${suite.name}` };
        const data = dataOf(purpose, sha);
        const own = {
          [service.portEnv]: String(await freePort()),
          ORCHESTRA_VERSION: sha,
          ORCHESTRA_ENVIRONMENT: environment,
          ORCHESTRA_DATA_DIR: data,
          ...mark,
        };
        const home = join(data, 'home');
        const temporary = temporaryOf(purpose, sha);
        const env = suiteEnvironment({ home, temporary, variables: service.variables, own }, process.env);
        await endAllWith(mark, leftoverTermMs);
        await mkdir(dirname(log), { recursive: true });
        await writeFile(log, '', { mode: 0o600 });
        const tree = await trees.add(purpose, sha);
        for (const folder of [data, home, temporary]) await mkdir(folder, { recursive: true, mode: 0o700 });
        const step = { runner, tree, log, signal };
        await install({ ...step, git, cache, command: service.install, mark });
        const reports = await watchReports({ root: tree.path, suite });
        const before = { repository: await repositoryState(git), files: await markWritten(tree.path, suite) };
        const { result, from, leftOut } = await runLogged({
          ...step,
          command: suite.run,
          env,
          timeoutMs: suite.timeoutMs,
        });
        const said = await reports.read({ ...result, log, from, signal });
        const passed = said.status === 'passed';
        const lines = passed ? [] : await tailOf(log, Number.MAX_SAFE_INTEGER, from);
        const failures = failuresIn(lines, shownFailures);
        const cases = said.cases ?? failedCases(lines, shownFailures, tree.path);
        const touched = changedIn(before.repository, await repositoryState(git));
        return {
          ...said,
          suite: suite.name,
          kind: suite.kind,
          exitCode: result.exitCode,
          durationMs: Math.round(result.durationMs),
          log,
          tail: await tailOf(log, tailLines, from),
          ...(failures.length > 0 ? { failures } : {}),
          ...(cases.length > 0 ? { cases } : {}),
          ...(await readWritten({ git, root: tree.path, suite, before: before.files, base, sha })),
          ...(leftOut > 0 ? { logLeftOut: leftOut } : {}),
          ...(touched.length > 0 ? { touched } : {}),
        };
      });
    },

    async dispose(sha, suites) {
      for (const purpose of new Set(suites.map(purposeOf)))
        await withRankedLock({ dir: lockOf(purpose, sha), clock }, async () => {
          await trees.remove(purpose, sha);
          await rm(dataOf(purpose, sha), { recursive: true, force: true });
          await rm(temporaryOf(purpose, sha), { recursive: true, force: true });
        });
    },
  };
}
