import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Actor } from '../domain/actor.ts';
import type { Command } from '../domain/command.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Event, ShippedFeature, Source, Version } from '../domain/event.ts';
import { evolve } from '../domain/evolve.ts';
import type { Discovery, Feature, Risk, Selection } from '../domain/feature.ts';
import type { Plan } from '../domain/plan.ts';
import type { EnvironmentSettings, Settings } from '../domain/settings.ts';
import { safeLines, safeText } from '../domain/safe-text.ts';
import { discover } from '../planning/discover.ts';
import { closeSelection } from '../planning/closure.ts';
import { pickWanted } from '../planning/pick.ts';
import { proveSelection } from '../planning/proof.ts';
import { assemblePlan, loosened } from '../strategies/plan.ts';
import type { LockEntry } from '../ports/environment-lock.ts';
import type { ConductorLauncher } from '../ports/launcher.ts';
import type { Processes } from '../ports/processes.ts';
import { deployedRef, deployedSha } from './deployed.ts';
import { environmentNamed } from './environments.ts';
import type {
  DeployRequest,
  Draft,
  EnvironmentState,
  Orchestrator,
  Recovered,
  Wanted,
} from './orchestrator.ts';
import type { ConductorPorts } from './ports.ts';
import { nameOf, returnTo, servedVersions } from './versions.ts';

/** Lines of a suite's output that a face is given; the whole stands in its log. */
const outputLines = 2000;

/** How long a face waits for a conductor to put a finished deployment away, in milliseconds, and how often it looks. */
const putAwayMs = 5000;
const putAwayEveryMs = 20;

/** How long a face waits for a conductor to say that it is there, in milliseconds. */
const conductorWaitMs = 20_000;

export interface OrchestraPorts extends ConductorPorts {
  launcher: ConductorLauncher;
  processes: Processes;
  /** `orchestra.yaml`, parsed, and the hash of its text. Throws code `no-config` (78). */
  readSettings: () => Promise<{ settings: Settings; hash: string }>;
  takeWarnings: () => string[];
}

/** The engine of one repository, as every face uses it. */
export function createOrchestrator(ports: OrchestraPorts): Orchestrator {
  const { git, memory, journals, lock, clock } = ports;

  const fold = async (id: string): Promise<Deployment | undefined> => {
    let d: Deployment | undefined;
    for (const event of await journals.read(id)) d = evolve(d, event);
    return d;
  };

  const optionalSettings = () =>
    ports.readSettings().catch((error: unknown) => {
      if (error instanceof OrchestraError && error.code === 'no-config') return undefined;
      throw error;
    });

  async function runDiscovery(options: Parameters<Orchestrator['discover']>[0]): Promise<Discovery> {
    const read = await optionalSettings();
    const environment = read && defaultEnvironment(read.settings, options.environment);
    const sha = environment === undefined ? undefined : await deployedSha(git, environment);
    return discover(git, {
      ...(options.base === undefined ? {} : { base: options.base }),
      ...(options.head === undefined ? {} : { head: options.head }),
      ...(read ? { settings: read.settings } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(sha !== undefined && environment !== undefined
        ? { deployed: { ref: deployedRef(environment), sha } }
        : {}),
      patterns: await memory.patterns(),
      preferences: await memory.preferences(),
    });
  }

  async function stableOf(environment: string): Promise<Version | null> {
    const sha = await deployedSha(git, environment);
    return sha === undefined ? null : nameOf(await servedVersions(memory, environment), sha);
  }

  async function draft(request: DeployRequest): Promise<Draft> {
    const { settings, hash } = await ports.readSettings();
    const { name, target } = environmentNamed(settings, request.environment);
    const stable = await stableOf(name);
    const chosen = await chooseSource(request, name, stable);
    const plan = await withNotes(
      name,
      assemblePlan({
        settings,
        settingsHash: hash,
        environment: name,
        target,
        kind: 'deploy',
        stable: stable?.name ?? null,
        candidate: chosen.name,
        flag: request.strategy,
        risk: chosen.risk,
        autoRollbackThreshold: (await memory.preferences()).user_preferences.auto_rollback_threshold,
        productionBranch: settings.branches.production,
      }),
    );
    return {
      kind: 'deploy',
      environment: name,
      stable,
      source: chosen.source,
      features: chosen.source.features,
      plan,
    };
  }

  async function withNotes(environment: string, plan: Plan): Promise<Plan> {
    const last = (await memory.history()).find(
      (row) => row.environment === environment && row.outcome === 'succeeded',
    );
    const before = last && (await memory.record(last.id))?.plan;
    const looser = before ? loosened(before, plan) : [];
    return {
      ...plan,
      notes: [...plan.notes, ...looser.map((what) => `Looser than the last deployment: ${what}.`)],
    };
  }

  async function chooseSource(
    request: DeployRequest,
    environment: string,
    stable: Version | null,
  ): Promise<{ source: Source; risk: Risk['level']; name: string }> {
    if (request.what.kind === 'version') {
      const { ref } = request.what;
      const sha = await git.resolve(ref);
      return {
        source: { kind: 'version', ref, sha, features: [] },
        risk: stable ? 'medium' : 'low',
        name: ref,
      };
    }
    const discovery = await runDiscovery({ environment });
    const closed = closeSelection(discovery.features, pick(discovery, request.what.wanted));
    if (closed.selected.length === 0) throw nothingSelected(discovery);
    const proved = await proveSelection(git, discovery, closed.selected);
    if (proved.proof?.ok === false) throw notProved(proved);
    const asked = new Set(closed.selected.filter((id) => !closed.added.some((a) => a.id === id)));
    const features = discovery.features.filter((f) => proved.selected.includes(f.id) && f.onBase !== true);
    if (features.length === 0) throw nothingSelected(discovery);
    return {
      source: {
        kind: 'selection',
        base: stable ? { ref: deployedRef(environment), sha: stable.sha } : discovery.base,
        head: discovery.head,
        features: features.map((f) => shipped(f, !asked.has(f.id))),
      },
      risk: riskOf(features),
      name: `${features.length} features`,
    };
  }

  async function rollbackDraft(request: { environment: string; version?: string }): Promise<Draft> {
    const { settings, hash } = await ports.readSettings();
    const { name, target } = environmentNamed(settings, request.environment);
    const stable = await stableOf(name);
    if (!stable) {
      throw new OrchestraError('nothing-deployed', `nothing has been deployed to ${name} yet`, {
        exit: exitCode.usage,
        hint: 'there is nothing to roll back',
      });
    }
    const served = await servedVersions(memory, name);
    const version = returnTo(served, stable, request.version);
    const plan = assemblePlan({
      settings,
      settingsHash: hash,
      environment: name,
      target,
      kind: 'rollback',
      stable: stable.name,
      candidate: version.name,
      flag: undefined,
      risk: 'low',
      autoRollbackThreshold: (await memory.preferences()).user_preferences.auto_rollback_threshold,
      productionBranch: undefined,
    });
    const before = await memory.record(served.find((s) => s.version.sha === version.sha)?.deployment ?? '');
    return {
      kind: 'rollback',
      environment: name,
      stable,
      source: { kind: 'version', ref: version.name, sha: version.sha, features: [] },
      features: [],
      // The version is run the way it was run when it served.
      plan: before ? { ...plan, service: before.plan.service, variables: before.plan.variables } : plan,
    };
  }

  async function begin(
    draft: Draft,
    asked: Pick<DeployRequest, 'by' | 'why' | 'through' | 'unattended'>,
  ): Promise<string> {
    const reason =
      draft.kind === 'rollback'
        ? `roll back to ${draft.source.kind === 'version' ? draft.source.ref : ''}`
        : 'deploy';
    const entry = await lock.acquire({ environment: draft.environment, owner: asked.by, reason }, isStale);
    let id: string | undefined;
    try {
      // Between the draft and the lock another deployment may have ended: the plan must build on what serves now.
      const stable = await stableOf(draft.environment);
      if (stable?.sha !== draft.stable?.sha) {
        throw new OrchestraError(
          'stable-moved',
          `${draft.environment} changed while this deployment was being planned`,
          {
            hint: 'look at it again and start once more',
          },
        );
      }
      const event = await journals.create(
        {
          type: 'deployment.requested',
          environment: draft.environment,
          kind: draft.kind,
          by: asked.by,
          ...(asked.why === undefined ? {} : { why: asked.why }),
          stable,
          source: draft.source,
          plan: draft.plan,
          through: asked.through,
          unattended: asked.unattended,
        },
        clock.now(),
      );
      id = event.deployment;
      await lock.assign(entry, id);
    } catch (error) {
      await lock.release(draft.environment, entry.fence);
      throw error;
    }
    ports.launcher.launch(id);
    return id;
  }

  /** A lock nobody stands behind any more: its deployment is over, or its face died before there was one. */
  async function isStale(entry: LockEntry): Promise<boolean> {
    if (entry.deployment === null) return !ports.processes.isAlive(entry.face);
    return !(await journals.current()).includes(entry.deployment);
  }

  /** Whether a live conductor runs this deployment; a face that is just starting it counts. */
  async function conducted(d: Deployment): Promise<boolean> {
    const entry = await lock.read(d.environment);
    if (!entry || entry.deployment !== d.id) return false;
    return ports.processes.isAlive(entry.conductor ?? entry.face);
  }

  async function active(): Promise<Deployment[]> {
    const folds = await Promise.all((await journals.current()).map((id) => fold(id)));
    return folds.filter((d) => d !== undefined).filter((d) => d.status.kind !== 'finished');
  }

  /** Waits until a conductor that was launched after `seq` says what it does, or has put the deployment away. */
  async function said(id: string, seq: number): Promise<Recovered | undefined> {
    const timeout = AbortSignal.timeout(conductorWaitMs);
    for await (const event of journals.follow(id, seq, timeout)) {
      if (event.type !== 'conductor.started') continue;
      const d = await fold(id);
      return {
        id,
        environment: d?.environment ?? '',
        recovery: event.recovery === 'roll_back' ? 'roll_back' : 'resume',
        reason: event.reason,
      };
    }
    return undefined;
  }

  return {
    root: git.root,
    async actor(face) {
      const name = await git.text(['config', '--get', 'user.name'], { accept: [0, 1] });
      return { name: safeText(name, 100) || userInfo().username, face, host: hostname(), pid: process.pid };
    },
    settings: async () => (await ports.readSettings()).settings,
    discover: runDiscovery,
    close: (discovery, wanted) => closeSelection(discovery.features, pick(discovery, wanted)),
    prove: async (discovery, selection, signal) =>
      addedBy(selection, await proveSelection(git, discovery, selection.selected, signal)),
    savedSelection: () => memory.selection(),
    saveSelection: (selection) => memory.saveSelection(selection),
    draft,
    deploy: async (request, shown) => begin(shown ?? (await draft(request)), request),
    rollbackDraft,
    rollback: async (request) => begin(await rollbackDraft(request), { ...request, through: 'learning' }),

    async command(id: string, command: Command, by: Actor, why?: string) {
      const seq = (await journals.read(id)).length;
      const request = { id: randomUUID(), command, by, ...(why === undefined ? {} : { why }) };
      await journals.send(id, request);
      for await (const event of journals.follow(id, seq, AbortSignal.timeout(conductorWaitMs))) {
        if (event.type === 'command.received' && event.request === request.id)
          return { refused: event.refused };
      }
      throw new OrchestraError('no-answer', `the conductor of ${id} does not answer`, {
        hint: '`orchestrate status` starts it again if it died',
      });
    },

    active,

    async environments(): Promise<EnvironmentState[]> {
      const { settings } = await ports.readSettings();
      const running = await active();
      return Promise.all(
        Object.entries(settings.environments).map(async ([name, target]) => ({
          name,
          description: target.description,
          url: `http://${target.host}:${target.port}`,
          deployed: await stableOf(name),
          serving: await serves(name, target),
          active: running.find((d) => d.environment === name)?.id,
        })),
      );
    },

    get: fold,
    follow: (id, fromSeq, signal): AsyncIterable<Event> => journals.follow(id, fromSeq, signal),
    async putAway(id) {
      const environment = (await fold(id))?.environment;
      const until = clock.now().getTime() + putAwayMs;
      while (environment !== undefined && clock.now().getTime() < until) {
        const held = (await lock.read(environment))?.deployment === id;
        if (!held && !(await journals.current()).includes(id)) return;
        await clock.sleep(putAwayEveryMs);
      }
    },
    async read(id, what) {
      // The journal names papers by their path in the memory, `current/<id>/…`; they move when the deployment ends.
      const name =
        what.kind === 'paper' ? what.path.split('/').slice(2).join('/') : `suites/${what.suite}.log`;
      const lines = safeLines((await memory.readDocument(id, name)) ?? '');
      if (lines.at(-1) === '') lines.pop();
      return what.kind === 'suite' ? lines.slice(-outputLines) : lines;
    },
    history: () => memory.history(),

    async recover() {
      const recovered: Recovered[] = [];
      for (const id of await journals.current()) {
        const { events, damaged } = await journals.readable(id);
        let d: Deployment | undefined;
        for (const event of events) d = evolve(d, event);
        if (d && (await conducted(d))) continue;
        if (damaged) await journals.mend(id);
        if (!d) continue;
        ports.launcher.launch(id);
        if (d.status.kind === 'finished') continue;
        const what = await said(id, d.seq);
        if (what) recovered.push(what);
      }
      return recovered;
    },

    takeWarnings: ports.takeWarnings,
  };

  async function serves(environment: string, _target: EnvironmentSettings): Promise<boolean> {
    if (!(await ports.router.alive(environment))) return false;
    const { stable } = await ports.router.read(environment);
    if (!stable) return false;
    return (await ports.platform.running(environment)).some((i) => i.version.sha === stable.version.sha);
  }
}

function defaultEnvironment(settings: Settings, name: string | undefined): string | undefined {
  if (name !== undefined) return environmentNamed(settings, name).name;
  const names = Object.keys(settings.environments);
  return names.includes('production') ? 'production' : names[0];
}

function pick(discovery: Discovery, wanted: Wanted): string[] {
  return pickWanted(discovery, wanted.kind === 'ids' ? wanted.ids : wanted.kind);
}

/** What the closure and then the proof added, each with its reasons. */
function addedBy(closed: Selection, proved: Selection): Selection {
  const reasons = new Map<string, string[]>();
  for (const { id, because } of [...closed.added, ...proved.added]) {
    reasons.set(id, [...(reasons.get(id) ?? []), ...because]);
  }
  return {
    ...proved,
    added: proved.selected.flatMap((id) => {
      const because = reasons.get(id);
      return because ? [{ id, because }] : [];
    }),
  };
}

function notProved({ selected, proof }: Selection): OrchestraError {
  const where = proof?.complement.conflicts.map((c) => `${c.id} at ${c.path}`) ?? [];
  return new OrchestraError(
    'not-proved',
    `these ${selected.length} features do not build a candidate together: ${where.join(', ')}`,
    {
      exit: exitCode.gateRefused,
      hint: 'leave out what conflicts, or merge it on the development branch first',
    },
  );
}

function shipped(f: Feature, pulledIn: boolean): ShippedFeature {
  return {
    id: f.id,
    title: f.title,
    type: f.type,
    ...(f.pullRequest === undefined ? {} : { pullRequest: f.pullRequest }),
    commits: f.commits,
    authors: f.authors,
    fileCount: f.files.length,
    paths: f.files.slice(0, 50).map((file) => file.path),
    additions: f.additions,
    deletions: f.deletions,
    flags: f.flags,
    bucket: f.bucket,
    risk: f.risk,
    pulledIn,
  };
}

/** D9: a schema change makes the whole deployment high risk; else it is as risky as its riskiest feature. */
function riskOf(features: readonly Feature[]): Risk['level'] {
  if (features.some((f) => f.flags.schema)) return 'high';
  const levels = ['low', 'medium', 'high'] as const;
  return levels[Math.max(...features.map((f) => levels.indexOf(f.risk.level)))] ?? 'low';
}

function nothingSelected(discovery: Discovery): OrchestraError {
  const why = discovery.notes[0] ?? 'every feature that was chosen is on the base already';
  return new OrchestraError('nothing-to-deploy', `there is nothing to deploy: ${why}`, {
    exit: exitCode.usage,
    hint: '`orchestrate discover` shows what waits; name feature ids with --select',
  });
}
