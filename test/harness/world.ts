import { appendFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ArtifactRef } from '../../src/domain/artifact.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Event, EventBody, Version } from '../../src/domain/event.ts';
import type { HistoryRow, Patterns } from '../../src/domain/memory.ts';
import type { SideReading } from '../../src/domain/measure.ts';
import type { Counts } from '../../src/domain/sample.ts';
import type { ConductorPorts } from '../../src/engine/ports.ts';
import { createEnvironmentLock } from '../../src/memory/environment-lock.ts';
import { createJournals } from '../../src/memory/journals.ts';
import type { ArtifactFinding } from '../../src/ports/artifacts.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git, GitResult } from '../../src/ports/git.ts';
import type { Journals } from '../../src/ports/journal.ts';
import type { Instance } from '../../src/ports/platform.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import type { RouteChange, RouterState } from '../../src/ports/router.ts';
import { counts } from './deployment-events.ts';
import { temporaryFolder } from './folder.ts';

export const stable: Version = { sha: 'a'.repeat(40), name: 'v1' };
export const candidate: Version = { sha: 'b'.repeat(40), name: 'v2' };

/** What is built of a version, as the store would say. */
export function artifactOf({ sha }: Version): ArtifactRef {
  return {
    kind: 'stored',
    digest: sha.slice(0, 1).repeat(64),
    commit: sha,
    size: 1024,
    files: 2,
    builds: 1,
    unsigned: 'no signing key is configured',
  };
}

/** Thrown in place of a kill: everything the conductor had in memory is gone, the world stays as it is. */
export class Killed extends Error {}

const clock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) reject(new Error('aborted'));
      const end = () => {
        clearTimeout(timer);
        reject(new Error('aborted'));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', end);
        resolve();
      }, ms);
      signal?.addEventListener('abort', end, { once: true });
    }),
};

/** One place of the world: its processes, its router and what was counted there. */
interface PlaceWorld {
  instances: Map<string, Instance>;
  /** Copies of a version beside the first. */
  others: Map<string, Instance[]>;
  router: RouterState;
  requests: number;
}

/** A machine in memory: what runs and where traffic goes, which outlives any conductor; journals and lock are real files. */
export class World {
  readonly dir = temporaryFolder('orchestra-world-');
  readonly #places = new Map<string, PlaceWorld>();
  deployed: string | null = null;
  /** What the flag service says of the plan's flag, percent. */
  flag = 0;
  /** What the flag service throws when it is set. */
  flagFailure: OrchestraError | undefined;
  /** Share of the candidate's requests that fail. */
  errors = 0;
  /** The same in one place only, by its key. */
  readonly errorsIn = new Map<string, number>();
  /** Which changes a place's router does not take. */
  refuses: (key: string, change: RouteChange) => boolean = () => false;
  healthy = true;
  /** Names of variables that are not set on the machine. */
  readonly unset = new Set<string>();
  /** Whether another program listens on the port of a router that does not run. */
  portTaken = false;
  /** What a measure's source says of a side at the moment; undefined for nothing. */
  measured: (name: string, side: 'candidate' | 'stable') => number | undefined = () => undefined;
  /** A router of bad habits: what it does with a change instead of obeying; `obey` does as told and gives the state. */
  bendRouter:
    | ((change: RouteChange, obey: (other?: Partial<RouteChange>) => RouterState) => RouterState)
    | undefined;
  /** What a version wrote. */
  logged: (sha: string) => string = () => '';
  /** What the platform throws when the candidate starts. */
  startFailure: OrchestraError | undefined;
  /** What the platform throws when stable starts. */
  stableFailure: OrchestraError | undefined;
  /** How often, after something was done, a side with a share of the traffic had a copy routed that does not run, or none. */
  misrouted = 0;
  /** Every action that was begun: its point and its name; and those that fail. */
  readonly acted: string[] = [];
  readonly failingActions = new Set<string>();
  /** How a run of a suite ends, by the file its output goes to. */
  suiteEnds: (log: string) => 'passed' | 'failed' = () => 'passed';
  /** What a run of a suite waits for before it ends. */
  suiteWaits: (suite: string, signal: AbortSignal) => Promise<void> = async () => undefined;
  /** What no suite can begin for. */
  suiteFailure: OrchestraError | undefined;
  /** How often an artifact was asked for, and how one that is looked at is found to be. */
  made = 0;
  artifactFinding: ArtifactFinding = { signature: { kind: 'unknown', why: 'it is not signed' } };
  artifactFailure: OrchestraError | undefined;
  /** Versions whose migrations were taken back. */
  readonly undone: string[] = [];
  archived: Deployment | undefined;
  readonly log: string[] = [];
  #pid = 100;
  /** The conductor process of the moment; only its identity is alive. */
  #conductor: ProcessIdentity = { pid: 1, startTime: '1' };

  /** With stable serving in these places; in none of them on a first deployment. */
  constructor(options: { first?: boolean; places?: readonly string[] } = {}) {
    if (options.first === true) return;
    this.deployed = stable.sha;
    for (const key of options.places ?? ['production']) {
      const instance = this.#run(key, stable);
      this.at(key).router.stable = { version: stable, host: '127.0.0.1', port: instance.port };
    }
  }

  /** A place by its key; the first look makes an empty one. */
  at(key: string): PlaceWorld {
    const known = this.#places.get(key);
    if (known) return known;
    const router = { stable: null, candidate: null, weight: 0, rollout: null, switched: null, fence: 0 };
    const place: PlaceWorld = { instances: new Map(), others: new Map(), router, requests: 0 };
    this.#places.set(key, place);
    return place;
  }

  /** The only place’s processes, where there is one. */
  get instances(): Map<string, Instance> {
    return this.at('production').instances;
  }

  get router(): RouterState {
    return this.at('production').router;
  }

  get journals(): Journals {
    return createJournals({ dir: this.dir, clock, onProblem: (problem) => this.log.push(problem) });
  }

  get lock() {
    return createEnvironmentLock({
      folder: (environment) => path.join(this.dir, 'env', environment),
      clock,
      processes: {
        self: () => this.#conductor,
        isAlive: ({ pid }) => pid === this.#conductor.pid,
      },
    });
  }

  /** Locks and journals a request, as a face does. */
  async request(first: EventBody): Promise<string> {
    const entry = await this.lock.acquire(
      { environment: 'production', owner: { name: 'Ana', face: 'cli' }, reason: 'deploy' },
      async () => false,
    );
    const id = await this.journals.claim(new Date());
    await this.lock.assign(entry, id);
    await this.journals.create(id, first, new Date());
    return id;
  }

  /**
   * A new conductor process: the one before is dead. `killAfter` events appended by it, it dies too; or when it asks the
   * outside for the `fate.call`th time, before that is done or (`acted`) after; or once it changed the world more than
   * `killAfterActs` times.
   */
  conductor(
    killAfter = Number.POSITIVE_INFINITY,
    torn = false,
    fate: { call: number; acted: boolean } = { call: Number.POSITIVE_INFINITY, acted: false },
    killAfterActs = Number.POSITIVE_INFINITY,
  ): ConductorPorts {
    this.#conductor = { pid: this.#conductor.pid + 1, startTime: '1' };
    const { journals } = this;
    let left = killAfter;
    let dead = false;
    let acts = 0;
    let calls = 0;
    /** A dead process does nothing more, whatever its promises still wanted. */
    const alive =
      <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        if (dead) throw new Killed();
        calls += 1;
        dead = calls === fate.call && !fate.acted;
        if (dead) throw new Killed();
        const result = await act(...args);
        if (calls >= fate.call) dead = true;
        if (dead) throw new Killed();
        return result;
      };
    /** The same for what changes the world. */
    const acting = <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
      alive(async (...args: A): Promise<R> => {
        const result = await act(...args);
        if (!this.#routesLiving()) this.misrouted++;
        dead ||= ++acts > killAfterActs;
        return result;
      });
    return {
      clock,
      log: (line) => this.log.push(line),
      git: this.#git(acting),
      lock: this.lock,
      memory: this.#memory(),
      builder: {
        build: alive(async () => ({
          sha: candidate.sha,
          tree: 't',
          builtTree: 't',
          branch: null,
          commits: 1,
          notes: [],
          regenerated: [],
        })),
      },
      journals: {
        ...journals,
        open: async (id) => {
          const journal = await journals.open(id);
          return {
            get events() {
              return journal.events;
            },
            damaged: journal.damaged,
            close: () => journal.close(),
            append: alive(async (bodies, at): Promise<Event[]> => {
              if (bodies.length > left) {
                // The disk got a part of them; nothing was acted on.
                if (torn) this.#tear(id, journal.events.length, bodies.slice(0, left + 1), at);
                dead = true;
                throw new Killed();
              }
              left -= bodies.length;
              return journal.append(bodies, at);
            }),
          };
        },
      },
      artifacts: {
        make: alive(async ({ version }) => {
          if (this.artifactFailure) throw this.artifactFailure;
          this.made += 1;
          return { ...artifactOf(version), ...(this.made > 1 ? { reused: true as const } : {}) };
        }),
        find: alive(async ({ version }) => (this.made > 0 ? artifactOf(version) : undefined)),
        verify: alive(async () => this.artifactFinding),
        list: alive(async () => []),
        stored: alive(async () => undefined),
        free: alive(async () => 0),
      },
      platform: {
        prepare: acting(async () => undefined),
        start: acting(async ({ environment, version }) => {
          if (this.startFailure && version.sha === candidate.sha) throw this.startFailure;
          return this.at(environment).instances.get(version.sha) ?? this.#run(environment, version);
        }),
        scale: acting(async ({ environment, version }, copies) => {
          if (this.startFailure && version.sha === candidate.sha && copies > 0) throw this.startFailure;
          if (this.stableFailure && version.sha === stable.sha && copies > 0) throw this.stableFailure;
          return this.#scale(environment, version, copies);
        }),
        migrateDown: alive(async ({ environment, version }) => {
          if (this.at(environment).instances.has(version.sha)) throw new Error('it still runs');
          this.undone.push(version.name);
        }),
        healthy: alive(async () => this.healthy),
        running: alive(async (key) =>
          [...this.at(key).instances.keys()].flatMap((sha) => this.copies(sha, key)),
        ),
        stop: acting(async (key, sha) => this.#end(key, sha)),
        versionAt: alive(async () => undefined),
        logs: alive(async (_, sha) => [{ text: this.logged(sha), roots: [] }]),
      },
      router: {
        ensure: alive(async () => undefined),
        alive: alive(async () => true),
        read: alive(async (key) => structuredClone(this.at(key).router)),
        change: acting(async (key, told) => {
          const place = this.at(key);
          if (this.refuses(key, told))
            throw new OrchestraError('router-down', 'it does not answer', { hint: '' });
          if (told.fence < place.router.fence)
            throw new OrchestraError('fenced', 'a lower fence', { hint: '' });
          const obey = (other: Partial<RouteChange> = {}): RouterState => {
            const { rollout, ...rest } = { ...told, ...other };
            place.router = {
              ...place.router,
              cohort: undefined,
              ...rest,
              rollout: rollout === null ? null : { id: rollout, lastHeard: '' },
            };
            return structuredClone(place.router);
          };
          return this.bendRouter ? this.bendRouter(told, obey) : obey();
        }),
        heartbeat: alive(async () => undefined),
        drain: acting(async () => 0),
      },
      measures: {
        read: alive(async (measure, context): Promise<SideReading> => {
          const value = this.measured(measure.name, context.side);
          return value === undefined
            ? { kind: 'no-data', reason: 'nothing to count' }
            : { kind: 'value', value, at: new Date().toISOString() };
        }),
      },
      actions: {
        perform: alive(async (action, { point }) => {
          this.acted.push(`${point} ${action.name}`);
          const passed = !this.failingActions.has(`${point} ${action.name}`);
          return { passed, detail: passed ? 'as it should be' : 'it broke', durationMs: 1, output: ['line'] };
        }),
      },
      flags: {
        read: alive(async (_, flag) => ({ flag, percent: this.flag })),
        set: alive(async (_, wanted, { fence }) => {
          if (fence < this.router.fence) throw new OrchestraError('fenced', 'a lower fence', { hint: '' });
          if (this.flagFailure) throw this.flagFailure;
          this.flag = wanted.percent;
          return { flag: wanted.flag, percent: this.flag };
        }),
      },
      metrics: { read: alive(async (key) => this.#counted(key)) },
      processes: { self: () => this.#conductor, isAlive: ({ pid }) => pid === this.#conductor.pid },
      machine: { hasVariable: (name) => !this.unset.has(name), listens: async () => this.portTaken },
      missingRouter: async () => undefined,
      presence: {
        arrive: async () => ({ renew: async () => undefined, leave: async () => undefined }),
        present: async () => [],
      },
      conductorLog: async () => [],
      suites: {
        run: alive(async ({ suite, log, signal }) => {
          if (this.suiteFailure) throw this.suiteFailure;
          await this.suiteWaits(suite.name, signal);
          const status = this.suiteEnds(log);
          const exitCode = status === 'passed' ? 0 : 1;
          return { suite: suite.name, kind: suite.kind, status, exitCode, durationMs: 1, log, tail: [] };
        }),
        dispose: alive(async () => undefined),
      },
    };
  }

  /** The folder of running parts is gone, as after somebody tidied up. */
  loseLock(): void {
    rmSync(path.join(this.dir, 'env'), { recursive: true });
  }

  /** The dead man's switch, as the proxy throws it. */
  throwSwitch(key = 'production'): void {
    const place = this.at(key);
    const { rollout } = place.router;
    if (!rollout) return;
    place.router = {
      ...place.router,
      weight: 0,
      rollout: null,
      switched: { rollout: rollout.id, at: new Date().toISOString() },
    };
  }

  /** The version that takes all traffic; undefined for a mix or for nothing. */
  serving(key = 'production'): string | undefined {
    const { router, instances } = this.at(key);
    const { stable: s, candidate: c, weight } = router;
    const sha = weight === 0 ? s?.version.sha : weight === 100 ? c?.version.sha : undefined;
    return sha !== undefined && instances.has(sha) ? sha : undefined;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Writes events the way a kill in the middle of a write leaves them: the last one is cut in two. */
  #tear(id: string, last: number, bodies: readonly EventBody[], at: Date): void {
    const lines = bodies.map((body, i) =>
      JSON.stringify({ seq: last + i + 1, deployment: id, at: at.toISOString(), more: true, ...body }),
    );
    const text = lines.join('\n');
    appendFileSync(path.join(this.dir, 'current', id, 'journal.ndjson'), text.slice(0, -5));
  }

  /** The copies of a version that run in a place. */
  copies(sha: string, key = 'production'): Instance[] {
    const { instances, others } = this.at(key);
    const first = instances.get(sha);
    return first ? [first, ...(others.get(sha) ?? [])] : [];
  }

  #routesLiving(): boolean {
    return [...this.#places].every(([key, { instances, router }]) => {
      const living = new Set(
        [...instances.keys()].flatMap((sha) => this.copies(sha, key).map((i) => i.port)),
      );
      const { stable: s, candidate: c, weight } = router;
      const sides = [weight < 100 ? [s] : [], weight > 0 ? [c] : []].flat();
      return sides.every(
        (side) => side && [side, ...(side.others ?? [])].every(({ port }) => living.has(port)),
      );
    });
  }

  #run(key: string, version: Version): Instance {
    const instance = this.#process(version);
    this.at(key).instances.set(version.sha, instance);
    return instance;
  }

  #process(version: Version): Instance {
    const pid = this.#pid++;
    return { version, pid, startTime: String(pid), port: 10_000 + pid, log: '' };
  }

  #scale(key: string, version: Version, copies: number): Instance[] {
    const place = this.at(key);
    if (copies === 0) this.#end(key, version.sha);
    else {
      if (!place.instances.has(version.sha)) this.#run(key, version);
      const others = (place.others.get(version.sha) ?? []).slice(0, copies - 1);
      while (others.length < copies - 1) others.push(this.#process(version));
      place.others.set(version.sha, others);
    }
    return this.copies(version.sha, key);
  }

  #end(key: string, sha: string): void {
    this.at(key).instances.delete(sha);
    this.at(key).others.delete(sha);
  }

  #counted(key: string): Map<string, Counts> {
    const place = this.at(key);
    place.requests += 100;
    const n = place.requests;
    const errors = this.errorsIn.get(key) ?? this.errors;
    return new Map([
      [stable.sha, counts(n)],
      [candidate.sha, counts(n, Math.round(n * errors))],
    ]);
  }

  #git(alive: <A extends unknown[], R>(act: (...args: A) => Promise<R>) => (...args: A) => Promise<R>): Git {
    const nothing: GitResult = { stdout: Buffer.alloc(0), stderr: '', exitCode: 0 };
    const unused = () => {
      throw new Error('not used here');
    };
    return {
      root: this.dir,
      mainRoot: this.dir,
      commonDir: this.dir,
      run: alive(async (args) => {
        if (args[0] !== 'update-ref') throw new Error(`unexpected git ${args.join(' ')}`);
        this.deployed = args[1] === '-d' ? null : (args.at(-1) ?? null);
        return nothing;
      }),
      text: unused,
      stream: unused,
      resolve: unused,
      checkout: unused,
      tryResolve: alive(async () => this.deployed ?? undefined),
    };
  }

  #memory(): ConductorPorts['memory'] {
    const unused = () => {
      throw new Error('not used here');
    };
    const patterns: Patterns = {
      schema: 'orchestra/patterns@1',
      deployments: { succeeded: 0, failed: 0 },
      byType: {},
      bySize: {},
      byFlag: {},
      byBatch: {},
      byHour: {},
      features: [],
      learned: [],
      choices: {},
    };
    return {
      dir: this.dir,
      preferences: unused,
      refuseNewer: async () => undefined,
      patterns: async () => patterns,
      forgetChoices: async () => undefined,
      updatePatterns: async (change) => change(patterns),
      changeLearning: async () => undefined,
      keepChangeLearning: async () => undefined,
      history: async (): Promise<HistoryRow[]> => [],
      historyWithFacts: unused,
      newest: async () => ({}),
      tidy: async () => undefined,
      writeExport: unused,
      record: async () => undefined,
      environments: async () => ({}),
      archive: async (d) => {
        this.archived = d;
      },
      settle: async () => undefined,
      selection: async () => undefined,
      saveSelection: async () => undefined,
      signOffs: async () => [],
      keepSignOff: unused,
      writeDocuments: async (_, documents) => documents.map((d) => d.name),
      writeAfterwards: async () => false,
      isKept: async () => false,
      pathOf: (id, name) => path.join(this.dir, id, name),
      readDocument: async () => undefined,
      readParts: async () => false,
      writeProgress: async () => undefined,
      takeWarnings: () => [],
    };
  }
}
