import { availableParallelism } from 'node:os';
import { destructiveOf, withDestructive } from '../domain/destructive.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Version } from '../domain/event.ts';
import type { Discovery } from '../domain/feature.ts';
import { type GateResult, stopping } from '../domain/gate.ts';
import type { Plan } from '../domain/plan.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import { requirementNote, requirementsFor } from '../domain/test-requirement.ts';
import { discover, discoverJson, type DiscoverRequest } from '../planning/discover.ts';
import { learnedPast } from '../planning/past/learned-past.ts';
import type { Cache } from '../ports/cache.ts';
import type { Clock } from '../ports/clock.ts';
import type { FlagService } from '../ports/flags.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';
import type { RouterMissing, RouterNeeds } from '../ports/router.ts';
import { lookAtStaging } from './staging-look.ts';
import { assemblePlan, loosened, type PlanRequest } from '../strategies/plan.ts';
import { chooseFeatures, chooseFrom, chooseVersion, type Chosen } from './chosen-source.ts';
import { deployedRef, deployedSha } from './deployed.ts';
import { environmentNamed } from './environments.ts';
import { flagNotes } from './flag-notes.ts';
import type { DeployRequest, Draft, Orchestrator } from './orchestrator.ts';
import { draftSubject, treeOf } from './gate-subject.ts';
import { withGates } from './plan-gates.ts';
import { leftBehind, withSchema } from './schema-back.ts';
import { signingPlan } from './signing-plan.ts';
import { needsOf } from '../gates/router-needs.ts';
import { planInForce, returnTo, servedAndLeft, stableOf } from './versions.ts';

export interface DraftPorts {
  git: Git;
  memory: Memory;
  flags: FlagService;
  cache: Cache;
  clock: Clock;
  /** Why this machine cannot run a router of that name; undefined when it can. */
  missingRouter: (name: string, needs?: RouterNeeds) => Promise<RouterMissing | undefined>;
  /** `orchestra.yaml`, parsed, and the hash of its text. Throws code `no-config` (78). */
  readSettings: () => Promise<{ settings: Settings; hash: string }>;
}

/** What of a request a draft is made from. */
export type DraftRequest = Pick<
  DeployRequest,
  'environment' | 'what' | 'strategy' | 'overrides' | 'start' | 'emergency' | 'why'
> &
  Partial<Pick<DeployRequest, 'by'>>;

/** Deployments as they would be: nothing is locked, journaled or started. */
export interface Drafts {
  discover: Orchestrator['discover'];
  discoverJson: Orchestrator['discoverJson'];
  draft: (request: DraftRequest, discovery?: Discovery) => Promise<Draft>;
  rollbackDraft: Orchestrator['rollbackDraft'];
}

/** More suites at once only keep each other waiting on most machines: for the disk, for ports, for a database. */
const mostSuitesAtOnce = 4;

/** How many suites this machine runs at once, where the settings do not say. */
export const suitesAtOnce = () => Math.min(mostSuitesAtOnce, availableParallelism());

/** What waits in this repository, and the deployments that can be made of it. */
export function createDrafts(ports: DraftPorts): Drafts {
  const { git, memory, cache, clock } = ports;

  const optionalSettings = () =>
    ports.readSettings().catch((error: unknown) => {
      if (error instanceof OrchestraError && error.code === 'no-config') return undefined;
      throw error;
    });

  async function discoverRequest(options: Parameters<Orchestrator['discover']>[0]): Promise<DiscoverRequest> {
    const read = await optionalSettings();
    const environment = read && defaultEnvironment(read.settings, options.environment);
    const sha = environment === undefined ? undefined : await deployedSha(git, environment);
    const patterns = await memory.patterns();
    return {
      ...(options.base === undefined ? {} : { base: options.base }),
      ...(options.head === undefined ? {} : { head: options.head }),
      ...(read ? { settings: read.settings } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.progress ? { progress: options.progress } : {}),
      ...(sha !== undefined && environment !== undefined
        ? { deployed: { ref: deployedRef(environment), sha } }
        : {}),
      cache,
      past: await learnedPast(cache, await memory.changeLearning()),
      patterns,
      // The time of day counts once something was learned of it.
      ...(patterns.outcome ? { at: clock.now() } : {}),
      preferences: await memory.preferences(),
    };
  }

  const runDiscovery: Drafts['discover'] = async (options) => discover(git, await discoverRequest(options));

  async function draft(request: DraftRequest, discovery?: Discovery): Promise<Draft> {
    const { settings, hash } = await ports.readSettings();
    const { name, target } = environmentNamed(settings, request.environment);
    const stable = await stableOf(ports, name);
    const chosen = await choose(request.what, name, stable, discovery);
    const preferences = (await memory.preferences()).user_preferences;
    const restart = chosen.source.kind === 'version' && chosen.source.sha === stable?.sha;
    const { source } = chosen;
    const sha = source.kind === 'version' ? source.sha : undefined;
    const tree = chosen.tree ?? (sha === undefined ? undefined : await treeOf(git, sha));
    const candidate = {
      ...(sha === undefined ? {} : { sha }),
      ...(tree === undefined ? {} : { tree }),
    };
    const before = await planInForce(memory, name);
    const assembled = withGates(
      assemblePlan({
        settings,
        settingsHash: hash,
        environment: name,
        target,
        kind: 'deploy',
        stable: stable?.name ?? null,
        candidate: chosen.name,
        restart,
        flag: request.strategy,
        risk: chosen.level,
        autoRollbackThreshold: preferences.auto_rollback_threshold,
        productionBranch: settings.branches.production,
        ...startOf(request),
        before,
        suitesAtOnce: suitesAtOnce(),
      }),
      {
        settings,
        requireStaging: preferences.require_staging,
        overrides: request.overrides ?? [],
        by: request.by,
        signOffs: await memory.signOffs(name),
        candidate,
      },
    );
    const subject = await draftSubject(git, {
      environment: name,
      kind: 'deploy',
      plan: assembled,
      source,
      stable,
      ...(tree === undefined ? {} : { tree }),
    });
    const verified = await lookAtStaging({ memory }, subject);
    const plan = await withNotes(settings, before, assembled, verified);
    const asked = restart
      ? []
      : requirementsFor((await memory.patterns()).testRequirement ?? [], name, chosen.source.features);
    const tested =
      asked.length === 0
        ? plan
        : { ...plan, testRequirement: asked, notes: [...plan.notes, ...asked.map(requirementNote)] };
    const advised = chosen.advice ? { ...tested, advice: chosen.advice } : tested;
    const destructive = stable ? destructiveOf(chosen.source.features) : [];
    return {
      kind: 'deploy',
      environment: name,
      stable,
      source: chosen.source,
      features: chosen.source.features,
      plan: destructive.length > 0 ? withDestructive(advised, destructive) : advised,
      ...(chosen.tree === undefined ? {} : { tree: chosen.tree }),
      ...(chosen.risk === undefined ? {} : { risk: chosen.risk }),
    };
  }

  async function choose(
    what: DeployRequest['what'],
    environment: string,
    stable: Version | null,
    discovery: Discovery | undefined,
  ): Promise<Chosen> {
    switch (what.kind) {
      case 'version':
        return chooseVersion(git, what.ref, stable);
      case 'from': {
        const { settings } = await ports.readSettings();
        return chooseFrom(ports, environmentNamed(settings, what.environment).name, stable === null);
      }
      case 'select':
        return chooseFeatures(git, discovery ?? (await runDiscovery({ environment })), what.wanted, {
          environment,
          stable,
          saved: await memory.selection().catch(() => undefined),
        });
      default:
        return what satisfies never;
    }
  }

  async function withNotes(
    settings: Settings,
    before: Plan | undefined,
    plan: Plan,
    gate: GateResult | undefined,
  ): Promise<Plan> {
    const looser = before ? loosened(before, plan) : [];
    const flagged = await flagNotes(ports.flags, plan);
    const missing = await ports.missingRouter(plan.router, needsOf(plan));
    return {
      ...plan,
      artifact: { signing: await signingPlan(git, settings) },
      notes: [
        ...plan.notes,
        ...gateNotes(gate),
        ...flagged,
        ...(missing ? [`It cannot start here: ${missing.why}. ${missing.hint}`] : []),
        ...(before && before.router !== plan.router
          ? [
              `The router changes from ${before.router} to ${plan.router}: users are refused for up to five seconds while one hands the port to the other.`,
            ]
          : []),
        ...looser.map((what) => `Looser than the last deployment: ${what}.`),
      ],
    };
  }

  async function rollbackDraft(request: { environment: string; version?: string }): Promise<Draft> {
    const { settings, hash } = await ports.readSettings();
    const { name, target } = environmentNamed(settings, request.environment);
    const stable = await stableOf(ports, name);
    if (!stable) {
      throw new OrchestraError('nothing-deployed', `nothing has been deployed to ${name} yet`, {
        exit: exitCode.usage,
        hint: 'there is nothing to roll back',
      });
    }
    const { served, left: abandoned } = await servedAndLeft(memory, name);
    const version = returnTo(served, stable, request.version, abandoned);
    const brought = served.find((s) => s.version.sha === version.sha)?.deployment ?? '';
    const assembled = assemblePlan({
      settings,
      settingsHash: hash,
      environment: name,
      target,
      kind: 'rollback',
      again: (await memory.record(brought))?.plan,
      stable: stable.name,
      candidate: version.name,
      flag: undefined,
      risk: 'low',
      autoRollbackThreshold: (await memory.preferences()).user_preferences.auto_rollback_threshold,
      productionBranch: undefined,
      before: await planInForce(memory, name),
    });
    const plan = { ...assembled, artifact: { signing: await signingPlan(git, settings) } };
    return {
      kind: 'rollback',
      environment: name,
      stable,
      source: { kind: 'version', ref: version.name, sha: version.sha, features: [] },
      features: [],
      plan: withSchema(plan, await leftBehind(memory, served, version)),
    };
  }

  return {
    discover: runDiscovery,
    async *discoverJson(options) {
      yield* discoverJson(git, await discoverRequest(options));
    },
    draft,
    rollbackDraft,
  };
}

/** When it begins. Throws `emergency-needs-why` (2) for an emergency that nobody gives a reason for. */
function startOf({ start, emergency, why }: DraftRequest): Pick<PlanRequest, 'start' | 'emergency'> {
  const reason = why?.trim();
  if (emergency === true && !reason)
    throw new OrchestraError('emergency-needs-why', 'an emergency needs a reason', {
      exit: exitCode.usage,
      hint: 'add --why REASON: it stands in the record and the audit trail',
    });
  return {
    ...(start ? { start } : {}),
    ...(emergency === true ? { emergency: safeText(reason ?? '', 500) } : {}),
  };
}

/** What a reader of the plan is told at once: whether its candidate went through the environment before. */
function gateNotes(gate: GateResult | undefined): string[] {
  if (!gate || gate.status === 'skipped') return [];
  if (gate.status === 'passed') return [`${gate.detail}.`];
  return stopping([gate]).length > 0
    ? [`It cannot start: ${gate.detail}. To do: ${gate.fix ?? ''}.`]
    : [`${gate.detail}; it may start all the same.`];
}

function defaultEnvironment(settings: Settings, name: string | undefined): string | undefined {
  if (name !== undefined) return environmentNamed(settings, name).name;
  const names = Object.keys(settings.environments);
  return names.includes('production') ? 'production' : names[0];
}
