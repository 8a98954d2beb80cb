import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Actor } from '../domain/actor.ts';
import type { Command } from '../domain/command.ts';
import type { Deployment } from '../domain/deployment.ts';
import { safeLines } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import type { Discovery, Selection } from '../domain/feature.ts';
import { assessTogether } from '../planning/assessment/assess.ts';
import { closeSelection } from '../planning/closure.ts';
import { createWarmStart } from './warm-start.ts';
import { createVerifying, relaunchVerifiers } from './verifying.ts';
import { createReporting } from './reporting.ts';
import { deploymentPlan, deploymentPlanName } from '../planning/papers/plan/deployment-plan.ts';
import { proveSelection } from '../planning/proof.ts';
import type { AuditTrail } from '../ports/audit.ts';
import type { Backups } from '../ports/backups.ts';
import type { Cache } from '../ports/cache.ts';
import type { ConductorLauncher } from '../ports/launcher.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import type { RouterMissing, RouterNeeds } from '../ports/router.ts';
import type { SettingsFile } from '../ports/settings-file.ts';
import { askConductor } from './ask-conductor.ts';
import { actorHere } from './actor-here.ts';
import { createAttending } from './attending.ts';
import { createAnalysing } from './analysing.ts';
import { createImproving } from './improving.ts';
import { auditTakingUp, withAudit } from './auditing.ts';
import { beginDeployment } from './beginning.ts';
import { pick } from './chosen-source.ts';
import { readCommitNotes } from './commit-notes.ts';
import { findDifferences } from './differences.ts';
import { createArtifactual } from './artifacts-view.ts';
import { createDrafts, suitesAtOnce } from './drafts.ts';
import { endOldSides } from './end-old-sides.ts';
import { environmentStates } from './environment-states.ts';
import { readFeatureDiff } from './feature-diff.ts';
import { createComparisons } from './environments-apart.ts';
import { environmentNamed } from './environments.ts';
import { journalOrRecord } from './fold.ts';
import { forceEnd } from './forced-end.ts';
import { followToRecord } from './following.ts';
import { withKeptRecords } from './kept-records.ts';
import type { EnvironmentState, Orchestrator } from './orchestrator.ts';
import type { ConductorPorts } from './ports.ts';
import { relaunchAbandoned } from './relaunch.ts';
import { replayDeployment, type ReplayPorts } from './replaying.ts';
import { rolloutOptions } from './rollout-options.ts';
import { createLearnedChoices } from './learned-choices.ts';
import { createMerges } from './merges.ts';
import { outputOf } from './suite-output.ts';
import { readSuitePast } from './suite-past.ts';
import { createResetting } from './resetting.ts';
import { createResting } from './rest.ts';
import { createRunningFolds } from './running-folds.ts';
import { reportEnvironments } from './report-environments.ts';
import { createSigningOff } from './signing-off.ts';
import { takeUp } from './taking-up.ts';
import { createValidating } from './validating.ts';
import { lookAtLock, unlock } from './unlock.ts';
import { stableOf } from './versions.ts';

/** Lines of a suite's output that a face is given; the whole stands in its log. */
const outputLines = 2000;

export interface OrchestraPorts extends ConductorPorts, ReplayPorts {
  launcher: ConductorLauncher;
  /** Who did what. */
  audit: AuditTrail;
  /** Memories that were put away. */
  backups: Backups;
  /** Ends exactly that process with SIGKILL; whether it is gone. */
  endProcess: (process: ProcessIdentity) => Promise<boolean>;
  /** What discovery read before. */
  cache: Cache;
  /** `orchestra.yaml` as a file that can be changed. */
  settingsFile: SettingsFile;
  /** `orchestra.yaml`, parsed, and the hash of its text. Throws code `no-config` (78). */
  readSettings: () => Promise<{ settings: Settings; hash: string }>;
  /** `orchestra.yaml` as a revision has it; undefined where it has none that can be read. */
  settingsAt: (sha: string) => Promise<Settings | undefined>;
  /** Why this machine cannot run a router of that name; undefined when it can. */
  missingRouter: (name: string, needs?: RouterNeeds) => Promise<RouterMissing | undefined>;
  /** Whether a person, an agent or a pipeline runs this process. */
  who: () => Pick<Actor, 'kind' | 'tool'>;
  takeWarnings: () => string[];
}

/** The engine of one repository, as every face uses it. */
export function createOrchestrator(given: OrchestraPorts): Orchestrator {
  const ports = { ...given, memory: withKeptRecords(given.memory) };
  const { git, memory, journals } = ports;
  const drafts = createDrafts(ports);
  const compare = createComparisons(git, drafts);
  const foldRunning = createRunningFolds(journals);
  const told: string[] = [];
  const auditing = { audit: ports.audit, tell: (line: string) => told.push(line) };

  async function active(): Promise<Deployment[]> {
    const folds = await Promise.all((await journals.current()).map(foldRunning));
    return folds.filter((d) => d !== undefined).filter((d) => d.status.kind !== 'finished');
  }

  const orchestrator: Orchestrator = {
    root: git.root,
    actor: (face) => actorHere({ git, who: ports.who }, face),
    settings: async () => (await ports.readSettings()).settings,
    discover: drafts.discover,
    discoverJson: drafts.discoverJson,
    close: (discovery, wanted) =>
      withRisk(discovery, closeSelection(discovery.features, pick(discovery, wanted))),
    prove: async (discovery, selection, signal) =>
      withRisk(
        discovery,
        addedBy(selection, await proveSelection(git, discovery, selection.selected, signal)),
      ),
    savedSelection: () => memory.selection(),
    saveSelection: (selection) => memory.saveSelection(selection),
    takeUp: (discovery, from, signal) => takeUp(git, discovery, from, signal),
    commitNotes: (commits, signal) => readCommitNotes(git, commits, signal),
    featureDiff: (request, signal) => readFeatureDiff(git, request, signal),
    rolloutOptions: (request) => rolloutOptions(ports, request),
    draft: drafts.draft,
    diff: (request) => findDifferences(ports, drafts, request),
    ...createValidating(ports, drafts),
    ...createSigningOff(ports, drafts),
    ...createResting(ports, drafts),
    deploy: async (request, shown) => beginDeployment(ports, shown ?? (await drafts.draft(request)), request),
    rollbackDraft: drafts.rollbackDraft,
    rollback: async (request, shown) =>
      beginDeployment(ports, shown ?? (await drafts.rollbackDraft(request)), {
        ...request,
        through: 'learning',
      }),

    async command(id: string, command: Command, by: Actor, why?: string) {
      const d = await foldRunning(id);
      const request = { id: randomUUID(), command, by, ...(why === undefined ? {} : { why }) };
      return askConductor(ports, { id, seq: d?.seq ?? 0, environment: d?.environment ?? '' }, request);
    },
    forceEnd: (request, told) => forceEnd(ports, request, told),

    lockOf: (environment) => lookAtLock(ports, environment),
    unlock: (request) => unlock(ports, request),

    active,

    async environments(): Promise<EnvironmentState[]> {
      const { settings } = await ports.readSettings();
      return environmentStates(ports, settings, await active());
    },

    async reportEnvironments({ quick = false } = {}) {
      const { settings, hash } = await ports.readSettings();
      return reportEnvironments(
        { ...ports, compare },
        { settings, hash, active: await active(), compared: !quick },
      );
    },
    async compareEnvironments(a, b) {
      const { settings } = await ports.readSettings();
      const sides = [a, b].map(async (name) => {
        const environment = environmentNamed(settings, name).name;
        return { environment, version: await stableOf(ports, environment) };
      });
      const [first, second] = await Promise.all(sides);
      if (!first || !second) throw new TypeError('two environments are compared');
      return compare(first, second);
    },

    get: (id) => journalOrRecord(ports, id, (line) => told.push(line)),
    follow: (id, fromSeq, signal, by) => followToRecord(ports, id, fromSeq, signal, by),
    ...createAttending(ports),
    async read(id, what) {
      // The journal names papers by their path in the memory, `current/<id>/…`; they move when the deployment ends.
      const name =
        what.kind === 'paper' ? what.path.split('/').slice(2).join('/') : outputOf(what.suite, what.run);
      // A finished one is as it was left; one under way may be a moment older than what happened.
      const live = name === deploymentPlanName ? await orchestrator.get(id) : undefined;
      const text = live ? deploymentPlan(live).text : await memory.readDocument(id, name);
      const lines = safeLines(text ?? '');
      if (lines.at(-1) === '') lines.pop();
      return what.kind === 'suite' ? lines.slice(-outputLines) : lines;
    },
    suitePast: (suites) => readSuitePast(memory, suites),
    history: ({ facts } = {}) => (facts ? memory.historyWithFacts(() => undefined) : memory.history()),
    ...createAnalysing(ports),
    ...createImproving({ ...ports, ...auditing, suitesAtOnce: suitesAtOnce() }),
    ...createArtifactual(ports),
    ...createMerges({ ...ports, active }),
    ...createReporting(ports),
    ...createVerifying(ports),
    ...createWarmStart(ports),

    replay: (id, thresholds) => replayDeployment(ports, id, thresholds),
    async recover(said) {
      const by = {
        name: userInfo().username,
        face: 'conductor',
        host: hostname(),
        pid: process.pid,
      } as const;
      const recovered = await relaunchAbandoned(ports, {
        before: (found) => auditTakingUp(auditing, by, found),
        ...(said ? { told: said } : {}),
      });
      told.push(...(await endOldSides(ports, by)));
      await relaunchVerifiers(ports, Object.keys(await memory.environments())).catch(() => undefined);
      return recovered;
    },
    ...createLearnedChoices({ ...ports, ...auditing }),
    ...createResetting({
      ...ports,
      ...auditing,
      environments: async () => {
        const read = await ports.readSettings().catch(() => undefined);
        return Object.keys(read?.settings.environments ?? {});
      },
    }),
    auditEntries: (skipped) => ports.audit.entries(skipped),
    verifyAudit: (signal) => ports.audit.verify(signal),
    takeWarnings: () => [...told.splice(0), ...ports.takeWarnings()],
  };
  return { ...orchestrator, ...withAudit(orchestrator, auditing) };
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

/** The selection with what deploying all of it together amounts to. */
function withRisk(discovery: Discovery, selection: Selection): Selection {
  return {
    ...selection,
    risk: assessTogether(discovery.features, selection.selected, discovery.deployment.together),
  };
}
