import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createActions } from '../providers/actions/actions.ts';
import { createArtifacts } from '../providers/artifacts/artifacts.ts';
import { createLocalPlatform } from '../providers/platforms/local/local-platform.ts';
import { createChosenRouter } from '../providers/routers/chosen-router.ts';
import { routerKinds } from '../providers/routers/registry.ts';
import { systemClock } from '../providers/runtime/clock.ts';
import { tailOf } from '../providers/runtime/log-file.ts';
import { openGit } from '../providers/runtime/git.ts';
import { endExactly, systemProcesses } from '../providers/runtime/processes.ts';
import { createFile, excludeFromGit, projectFiles } from '../providers/runtime/project-files.ts';
import { createLockfileTools } from '../providers/runtime/lockfile-tools.ts';
import { whoWorks } from '../providers/runtime/who-works.ts';
import { createRunner } from '../providers/runtime/runner.ts';
import { createMachine } from '../providers/runtime/machine.ts';
import { openSegmentCache } from '../providers/runtime/segment-cache.ts';
import { createScanners } from '../providers/suites/scanners.ts';
import { createSuiteRunner } from '../providers/suites/suite-runner.ts';
import { createFlags } from '../providers/flags/flags.ts';
import { createMeasures } from '../providers/metrics/measures.ts';
import { OrchestraError, exitCode } from './domain/errors.ts';
import type { Event } from './domain/event.ts';
import { evolve } from './domain/evolve.ts';
import type { Deployment } from './domain/deployment.ts';
import { conduct } from './engine/conductor.ts';
import { createDoctor, doctorWithoutGit, type Doctor } from './engine/doctor/create-doctor.ts';
import { verifyAfterwards } from './engine/verifying.ts';
import { isLearnedElsewhere, learnInTurn } from './engine/warm-start.ts';
import { createOrchestrator } from './engine/orchestra.ts';
import type { Orchestrator } from './engine/orchestrator.ts';
import type { ConductorPorts } from './engine/ports.ts';
import type { AuditTrail } from './ports/audit.ts';
import type { Cache } from './ports/cache.ts';
import type { ConductorLauncher } from './ports/launcher.ts';
import type { InitRequest } from './faces/cli/init.ts';
import { openAuditTrail } from './memory/audit-trail.ts';
import { openInspection } from './memory/inspection.ts';
import { openBackups } from './memory/backups.ts';
import type { Patterns } from './domain/memory.ts';
import { learnFrom } from './learning/learn.ts';
import { opinionAfter } from './planning/assessment/opinion.ts';
import { emptyPreferences } from './memory/config-document.ts';
import { createEnvironmentLock } from './memory/environment-lock.ts';
import { createJournals } from './memory/journals.ts';
import { printJson } from './memory/json-file.ts';
import { createPresence } from './memory/presence.ts';
import { openMemory } from './memory/open-memory.ts';
import { emptyPatterns } from './memory/patterns-store.ts';
import { parseSettings, readSettingsText, settingsFileName } from './memory/settings-file.ts';
import { openSettingsFile } from './memory/settings-replace.ts';
import { checkSchedules } from './memory/settings-schedules.ts';
import { readThresholds } from './memory/thresholds-file.ts';
import { createCandidateBuilder } from './planning/candidate.ts';

/** Everything of one repository, wired. */
interface Composition {
  ports: ConductorPorts;
  audit: AuditTrail;
  stateDir: string;
  takeWarnings: () => string[];
}

/** The engine for the repository at or above `dir`. Throws code `not-a-repository` (78). */
export async function compose(dir: string): Promise<Orchestrator> {
  const { ports, audit, stateDir, takeWarnings } = await wire(dir, () => undefined);
  const { root } = ports.git;
  return createOrchestrator({
    ...ports,
    audit,
    backups: openBackups({ dir: ports.memory.dir, clock: ports.clock }),
    cache: cacheIn(stateDir),
    launcher: createLauncher(root, stateDir),
    endProcess: endExactly,
    settingsFile: openSettingsFile(root),
    readSettings: () => settingsOf(root),
    async settingsAt(sha) {
      const found = await ports.git.run(['cat-file', 'blob', `${sha}:${settingsFileName}`], {
        accept: [0, 128],
      });
      if (found.exitCode !== 0) return undefined;
      try {
        return parseSettings(found.stdout.toString('utf8'), `${settingsFileName} of ${sha.slice(0, 12)}`);
      } catch (error) {
        // What ran once may have been written for another version of the format: then there is nothing to compare.
        if (error instanceof OrchestraError) return undefined;
        throw error;
      }
    },
    readThresholds,
    who: () => whoWorks(process.env),
    takeWarnings,
  });
}

/** The doctor of the repository at or above `dir`; also where git cannot be run. Throws code `not-a-repository` (78). */
export async function composeDoctor(dir: string): Promise<Doctor> {
  const machine = createMachine(process.env);
  let wired: Composition;
  try {
    wired = await wire(dir, () => undefined);
  } catch (error) {
    if (error instanceof OrchestraError && error.code === 'no-git') return doctorWithoutGit(machine);
    throw error;
  }
  const { ports, audit, stateDir } = wired;
  const { clock, git } = ports;
  const { dir: memoryDir } = ports.memory;
  return createDoctor({
    ...ports,
    // Looking sets nothing aside; mending does.
    memory: openMemory({ dir: memoryDir, clock, fold, onlyLooks: true }),
    machine,
    processes: systemProcesses,
    readSettings: () => settingsOf(git.root),
    inspection: openInspection({ dir: memoryDir, fold, memory: ports.memory }),
    audit,
    backups: openBackups({ dir: memoryDir, clock }),
    stateDir,
    who: () => whoWorks(process.env),
  });
}

/** What `init` needs of the repository at or above `dir`; works before there is any configuration. */
export async function composeProject(dir: string): Promise<Omit<InitRequest, 'start' | 'ask'>> {
  const git = await openGit(dir);
  if ((await git.checkout()).bare) {
    throw new OrchestraError(
      'bare-repository',
      `${git.root} is a bare repository: it has no files to look at`,
      {
        exit: exitCode.config,
        hint: 'Run it in a work tree; "git worktree add DIR BRANCH" makes one.',
      },
    );
  }
  const branches = await Promise.all(
    ['main', 'master', 'dev', 'develop'].map(async (name) =>
      (await git.tryResolve(`refs/heads/${name}`)) ? name : undefined,
    ),
  );
  const [main, master, dev, develop] = branches;
  const production = main ?? master;
  const development = dev ?? develop;
  return {
    files: projectFiles(git),
    folder: path.basename(git.root),
    branches: {
      ...(production === undefined ? {} : { production }),
      ...(development === undefined ? {} : { development }),
    },
    documents: [
      { path: 'deployment_memory/config.json', text: printJson(emptyPreferences()) },
      { path: 'deployment_memory/patterns/deployment_patterns.json', text: printJson(emptyPatterns()) },
    ],
    create: (name, text) => createFile(git.root, name, text),
    exclude: (lines) => excludeFromGit(git, lines),
  };
}

/** Runs one deployment in this process, to its end; its log goes beside the environment's other logs. */
export async function composeConductor(dir: string, deployment: string): Promise<void> {
  const { ports, takeWarnings } = await wire(dir, (line) =>
    process.stderr.write(`${new Date().toISOString()} ${deployment} ${line}\n`),
  );
  try {
    await conduct(ports, deployment);
  } finally {
    for (const warning of takeWarnings()) ports.log(warning);
  }
}

/** Looks after one deployment in this process, until there is nothing to look at any more. */
export async function composeVerifier(dir: string, deployment: string): Promise<void> {
  const { ports, takeWarnings } = await wire(dir, (line) =>
    process.stderr.write(`${new Date().toISOString()} ${deployment} ${line}\n`),
  );
  try {
    await verifyAfterwards(ports, deployment);
  } finally {
    for (const warning of takeWarnings()) ports.log(warning);
  }
}

/** Learns from the git history up to this range, in this process; nothing where another one does. */
export async function composeWarmStart(
  dir: string,
  range: { base: string; head: string },
  signal: AbortSignal,
): Promise<void> {
  const { ports, stateDir } = await wire(dir, () => undefined);
  try {
    await learnInTurn({ ...ports, cache: cacheIn(stateDir) }, { ...range, signal });
  } catch (error) {
    if (!isLearnedElsewhere(error)) throw error;
  }
}

async function settingsOf(root: string) {
  const text = await readSettingsText(root);
  const settings = parseSettings(text, settingsFileName);
  await checkSchedules(settings, settingsFileName, Date.now());
  return {
    settings,
    hash: createHash('sha256').update(text).digest('hex'),
  };
}

async function wire(dir: string, log: (line: string) => void): Promise<Composition> {
  const git = await openGit(dir);
  const clock = systemClock;
  const stateDir = stateDirOf(git.commonDir);
  const memoryDir = path.join(git.mainRoot, 'deployment_memory');
  const problems: string[] = [];
  const memory = openMemory({ dir: memoryDir, clock, fold, learn });
  const runner = createRunner();
  const routerOptions = { stateDir, clock, proxyEntry: entry('proxy') };
  const chosen = createChosenRouter(stateDir, (name) => routerKinds[name](routerOptions));
  const ports: ConductorPorts = {
    clock,
    git,
    memory,
    journals: createJournals({ dir: memoryDir, clock, onProblem: (problem) => problems.push(problem) }),
    lock: createEnvironmentLock({
      folder: (environment) => path.join(stateDir, 'env', environment),
      clock,
      processes: systemProcesses,
    }),
    actions: createActions({ runner, cwd: git.root, clock, environment: process.env }),
    measures: createMeasures({ runner, cwd: git.root, clock, environment: process.env }),
    flags: createFlags({ runner, root: git.root, stateDir, clock, environment: process.env }),
    builder: createCandidateBuilder(git, createLockfileTools({ git, runner, stateDir, clock })),
    artifacts: createArtifacts({ git, runner, stateDir, clock }),
    platform: createLocalPlatform({ git, runner, stateDir, clock }),
    processes: systemProcesses,
    presence: createPresence({
      folder: path.join(stateDir, 'present'),
      clock,
      processes: systemProcesses,
    }),
    conductorLog: (id) => tailOf(conductorLogOf(stateDir, id), conductorLogLines),
    router: chosen.router,
    metrics: chosen.metrics,
    ...(process.env['ORCHESTRA_VERIFICATION'] === 'off'
      ? {}
      : {
          verification: {
            lock: createEnvironmentLock({
              folder: (environment) => path.join(stateDir, 'verify', environment),
              clock,
              processes: systemProcesses,
            }),
            launch: (id) => startVerifier(git.root, stateDir, id),
          },
        }),
    ...(process.env['ORCHESTRA_WARM_START'] === 'off'
      ? {}
      : {
          warmStart: {
            lock: createEnvironmentLock({
              folder: (name) => path.join(stateDir, 'learn', name),
              clock,
              processes: systemProcesses,
            }),
            launch: ({ base, head }) => startWarmStart(git.root, stateDir, [base, head]),
          },
        }),
    suites: createSuiteRunner({ git, runner, stateDir, clock }),
    machine: createMachine(process.env),
    missingRouter: (name, needs) => chosen.missing(name, needs),
    scanners: createScanners({ git, runner, scannerEntry: () => entry('scanner') }),
    log,
  };
  const audit = openAuditTrail({
    dir: memoryDir,
    head: path.join(stateDir, 'audit-head.json'),
    clock,
    onProblem: (problem) => problems.push(problem),
  });
  return {
    ports,
    audit,
    stateDir,
    takeWarnings: () => [...problems.splice(0), ...memory.takeWarnings()],
  };
}

/** As when it ended, without the report. */
function learn(patterns: Patterns, deployment: Deployment): Patterns {
  return learnFrom(patterns, deployment, opinionAfter).patterns;
}

function fold(events: readonly Event[]): Deployment | undefined {
  let d: Deployment | undefined;
  for (const event of events) d = evolve(d, event);
  return d;
}

/** Running parts live outside the repository, one folder for each (all its work trees share it). */
function stateDirOf(commonDir: string): string {
  const { ORCHESTRA_STATE_DIR: own, XDG_STATE_HOME: xdg } = process.env;
  const base = own ?? path.join(xdg ?? path.join(homedir(), '.local/state'), 'orchestra');
  return path.join(path.resolve(base), createHash('sha256').update(commonDir).digest('hex').slice(0, 16));
}

/** How much of a conductor's log is kept at hand, in lines. */
const conductorLogLines = 40;

function conductorLogOf(stateDir: string, deployment: string): string {
  return path.join(stateDir, 'logs', `conductor-${deployment}.log`);
}

/** Starts detached processes of their own session: they outlive the terminal, and their words go to a log file. */
function createLauncher(root: string, stateDir: string): ConductorLauncher {
  const launched = new Map<string, ChildProcess>();
  return {
    launch(deployment) {
      const file = conductorLogOf(stateDir, deployment);
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      const out = openSync(file, 'a');
      try {
        const child = spawn(process.execPath, [entry('conductor'), root, deployment], {
          cwd: root,
          detached: true,
          stdio: ['ignore', out, out],
          env: withoutMarks(process.env),
        });
        // That it could not be started shows as its end.
        child.on('error', () => undefined);
        child.unref();
        launched.set(deployment, child);
      } finally {
        closeSync(out);
      }
    },
    hasEnded(deployment) {
      const child = launched.get(deployment);
      return child !== undefined && (child.exitCode !== null || child.signalCode !== null);
    },
  };
}

/** What can be worked out again. */
function cacheIn(stateDir: string): Cache {
  return openSegmentCache(path.join(stateDir, 'cache'));
}

/** Starts what learns from the git history: as a verifier is started. */
function startWarmStart(root: string, stateDir: string, range: readonly string[]): void {
  startDetached(path.join(stateDir, 'logs', 'warm-start.log'), [entry('warm-start'), root, ...range], root);
}

/** Starts a verifier: as a conductor is started, its words go to a log file. */
function startVerifier(root: string, stateDir: string, deployment: string): void {
  startDetached(
    path.join(stateDir, 'logs', `verifier-${deployment}.log`),
    [entry('verifier'), root, deployment],
    root,
  );
}

/** Starts one of the product's processes, of its own session, its words in a log file; that it could not be is not told. */
function startDetached(file: string, argv: readonly string[], cwd: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const out = openSync(file, 'a');
  try {
    const child = spawn(process.execPath, argv, {
      cwd,
      detached: true,
      stdio: ['ignore', out, out],
      env: withoutMarks(process.env),
    });
    child.on('error', () => undefined);
    child.unref();
  } finally {
    closeSync(out);
  }
}

/** The environment without what marks the processes of a deployed version or a suite: they are ended by those marks. */
function withoutMarks(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest = { ...environment };
  delete rest['ORCHESTRA_INSTANCE'];
  delete rest['ORCHESTRA_RUN'];
  return rest;
}

/** The bundled file of one of the product's processes; beside this module's own bundle. */
function entry(name: string): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = ['.', '..', '../dist'].map((place) => path.join(here, place, `${name}.js`));
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new TypeError(`${name}.js is not beside the program: build it with \`npm run build\``);
}
