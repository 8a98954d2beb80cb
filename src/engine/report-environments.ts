import type { Deployment } from '../domain/deployment.ts';
import { environmentBefore } from '../domain/environment-before.ts';
import type { RunsWhere } from '../domain/environments-document.ts';
import { messageOf } from '../domain/errors.ts';
import type { Plan, Stage } from '../domain/plan.ts';
import { stages } from '../domain/plan.ts';
import { safeText } from '../domain/safe-text.ts';
import type { EnvironmentSettings, Settings } from '../domain/settings.ts';
import { assemblePlan } from '../strategies/plan.ts';
import { driftOf } from './drift.ts';
import { configurationOf, type EnvironmentConfiguration } from './environment-configuration.ts';
import type { EnvironmentReport, PlaceLook, UnderWay } from './environment-report.ts';
import { environmentStates } from './environment-states.ts';
import type { CompareVersions } from './environments-apart.ts';
import type { EnvironmentState } from './orchestrator.ts';

import { lookAtPlaces } from './place-looks.ts';
import type { ConductorPorts } from './ports.ts';
import { lookAtLock, type UnlockPorts } from './unlock.ts';
import { planInForce } from './versions.ts';

export interface ReportPorts
  extends UnlockPorts, Pick<ConductorPorts, 'git' | 'memory' | 'router' | 'platform'> {
  compare: CompareVersions;
}

interface Read {
  settings: Settings;
  hash: string;
  active: readonly Deployment[];
  /** Comparing versions takes longest where they are new; without it `apart` is absent. */
  compared: boolean;
}

/**
 * Every environment of the settings with all there is to say of it: what serves, since when, by whom it is held, what is not as
 * it should be, what another has that it has not. Reads only; a part that cannot be read is named and keeps nothing else from being told.
 */
export async function reportEnvironments(ports: ReportPorts, read: Read): Promise<EnvironmentReport[]> {
  const { settings, active } = read;
  const [states, known, preferences] = await Promise.all([
    environmentStates(ports, settings, active),
    ports.memory.environments(),
    ports.memory.preferences(),
  ]);
  const { require_staging: requireStaging, auto_rollback_threshold: threshold } =
    preferences.user_preferences;
  return Promise.all(
    states.map(async (state): Promise<EnvironmentReport> => {
      const { name } = state;
      const problems: string[] = [];
      const tried = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
        try {
          return await work();
        } catch (error) {
          problems.push(safeText(`${what}: ${messageOf(error)}`, 500));
          return undefined;
        }
      };
      const before = comesBefore(settings, states, name, requireStaging);
      const reference = states.find((other) => other.name === before?.environment);
      const inForce = await tried('the last plan', () => planInForce(ports.memory, name));
      const [lock, places, apart] = await Promise.all([
        tried('the lock', () => lookAtLock(ports, name)),
        inForce ? tried('router and processes', () => lookAtPlaces(ports, inForce)) : undefined,
        read.compared && reference
          ? tried(`the comparison with ${reference.name}`, () => compareStates(ports, reference, state))
          : undefined,
      ]);
      const configuration = await tried('orchestra.yaml', async () =>
        configured({ settings, hash: read.hash, name, state, inForce, threshold }),
      );
      const running = active.find((d) => d.environment === name);
      const runs = Object.hasOwn(known, name) ? known[name] : undefined;
      return {
        state,
        ...(before ? { before } : {}),
        ...(apart ? { apart } : {}),
        lock: lock ?? { kind: 'unreadable', problem: problems.at(-1) ?? 'it cannot be read' },
        ...(running ? { underWay: underWayOf(running) } : {}),
        places: places ?? [],
        drift: driftIn({ state, runs, places, running, inForce, hash: read.hash }),
        ...(configuration ? { configuration } : {}),
        problems,
      };
    }),
  );
}

function driftIn(found: {
  state: EnvironmentState;
  runs: RunsWhere | undefined;
  places: readonly PlaceLook[] | undefined;
  running: Deployment | undefined;
  inForce: Plan | undefined;
  hash: string;
}) {
  const { state, runs, places, running, inForce, hash } = found;
  return driftOf({
    environment: state.name,
    deployed: state.deployed,
    runs,
    places: places ?? [],
    underWay: running !== undefined,
    settingsChanged: state.deployed !== null && inForce !== undefined && inForce.settingsHash !== hash,
  });
}

/** What has to come before by the pipeline, else what stands before it in the file. */
function comesBefore(
  settings: Settings,
  states: readonly EnvironmentState[],
  name: string,
  requireStaging: boolean,
): EnvironmentReport['before'] {
  const found = environmentBefore(settings, name, requireStaging);
  if ('before' in found) return { environment: found.before, because: 'pipeline' };
  const previous = states[states.findIndex((state) => state.name === name) - 1];
  return previous && { environment: previous.name, because: 'order' };
}

function compareStates({ compare }: ReportPorts, a: EnvironmentState, b: EnvironmentState) {
  return compare({ environment: a.name, version: a.deployed }, { environment: b.name, version: b.deployed });
}

function configured(asked: {
  settings: Settings;
  hash: string;
  name: string;
  state: EnvironmentState;
  inForce: Plan | undefined;
  threshold: number;
}): EnvironmentConfiguration | undefined {
  const { settings, hash, name, state, inForce, threshold } = asked;
  const target: EnvironmentSettings | undefined = settings.environments[name];
  if (!target) return undefined;
  return configurationOf(
    assemblePlan({
      settings,
      settingsHash: hash,
      environment: name,
      target,
      kind: 'deploy',
      stable: state.deployed?.name ?? null,
      candidate: 'the candidate',
      flag: undefined,
      risk: 'low',
      autoRollbackThreshold: threshold,
      productionBranch: settings.branches.production,
      before: inForce,
    }),
  );
}

/** Where a deployment stands, in as few words as a table has room for. */
function underWayOf(d: Deployment): UnderWay {
  const { approval, plan, status } = d;
  const stage: Stage = stages.findLast((one) => d.stages[one].status !== 'pending') ?? 'discovery';
  return {
    id: d.id,
    kind: d.kind,
    stage,
    status: status.kind,
    ...('reason' in status ? { reason: safeText(status.reason, 300) } : {}),
    ...(d.phases[d.phase] ? { phase: safeText(d.phases[d.phase]?.name ?? '', 100) } : {}),
    weight: d.weight.actual,
    to: d.candidate.kind === 'none' ? undefined : d.candidate.version.name,
    by: safeText(d.by.name, 100),
    since: d.requestedAt,
    ...(approval?.kind === 'requested'
      ? {
          approval: {
            since: approval.since,
            ...(plan.approval?.byAnother === true ? { notBy: safeText(d.by.name, 100) } : {}),
          },
        }
      : {}),
  };
}
