import type { Actor } from '../../domain/actor.ts';
import type { CheckResult } from '../../domain/check.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { evolve } from '../../domain/evolve.ts';
import type { AuditTrail } from '../../ports/audit.ts';
import type { Backups } from '../../ports/backups.ts';
import type { Inspection } from '../../ports/inspection.ts';
import type { Machine } from '../../ports/machine.ts';
import type { Processes } from '../../ports/processes.ts';
import { actorHere } from '../actor-here.ts';
import { audited } from '../auditing.ts';
import { deployedShas } from '../deployed.ts';
import type { ConductorPorts } from '../ports.ts';
import { runChecks } from './doctor.ts';
import { environmentChecks } from './environment-checks.ts';
import { memoryChecks } from './memory-checks.ts';
import { placeChecks } from './place-checks.ts';
import { programChecks } from './program-checks.ts';
import { runningChecks } from './running-checks.ts';
import { settingsChecks, type SettingsCheckPorts } from './settings-checks.ts';

/** Deployments of the history whose journals and records are read, unless all are asked for; some tens of milliseconds. */
const newest = 100;

/** Checks all there is to check, and mends what is safe to mend. */
export interface Doctor {
  /** In a fixed order; `all` reads every deployment of the history. Never throws, changes nothing, starts nothing. */
  check(options: { all: boolean }): Promise<CheckResult[]>;
  /** Removes what killed writers left and takes what is derived anew; sentences of what was done. */
  fix(face: Actor['face']): Promise<string[]>;
}

export interface DoctorPorts
  extends
    SettingsCheckPorts,
    Pick<
      ConductorPorts,
      'clock' | 'memory' | 'journals' | 'lock' | 'router' | 'platform' | 'presence' | 'conductorLog'
    > {
  machine: Machine;
  processes: Processes;
  inspection: Inspection;
  audit: AuditTrail;
  backups: Backups;
  stateDir: string;
  who: () => Pick<Actor, 'kind' | 'tool'>;
}

/** The doctor of a repository. */
export function createDoctor(ports: DoctorPorts): Doctor {
  const { clock, memory, git, journals, machine, inspection, audit } = ports;

  async function environments(): Promise<string[]> {
    const [read, known, shas] = await Promise.all([
      ports.readSettings().catch(() => undefined),
      memory.environments().catch(() => ({})),
      deployedShas(git).catch(() => new Map<string, string>()),
    ]);
    return [
      ...new Set([...Object.keys(read?.settings.environments ?? {}), ...Object.keys(known), ...shas.keys()]),
    ];
  }

  /** What runs, by what can be read of the journals. */
  async function active(): Promise<Deployment[]> {
    const folds = await Promise.all(
      (await journals.current()).map(async (id) => {
        let d: Deployment | undefined;
        for (const event of (await journals.readable(id)).events) d = evolve(d, event);
        return d;
      }),
    );
    return folds.filter((d) => d !== undefined).filter((d) => d.status.kind !== 'finished');
  }

  return {
    check: ({ all }) =>
      runChecks(
        [
          ...programChecks({ machine, git, now: () => clock.now() }),
          ...settingsChecks(ports),
          ...memoryChecks(ports, { newest: all ? Infinity : newest }),
          ...runningChecks(ports, environments),
          ...environmentChecks({ ...ports, active }),
          ...placeChecks(machine, ports.stateDir, memory.dir),
        ],
        // Reading every deployment takes as long as it takes.
        all ? 10 * 60_000 : undefined,
      ),
    async fix(face) {
      if ((await inspection.folder()) === undefined) return [];
      const by = await actorHere(ports, face);
      const told: string[] = [];
      const did = await audited(
        { audit, tell: (line) => told.push(line) },
        { action: 'mend.requested', who: by, subject: 'memory' },
        () => inspection.mend(),
        (done) => ({ details: { did: done } }),
      );
      return [...did, ...told];
    },
  };
}

/** The doctor where git cannot be run: it says so, and nothing of the repository can be told. */
export function doctorWithoutGit(machine: Machine): Doctor {
  return {
    check: () => runChecks(programChecks({ machine, git: undefined, now: () => new Date() })),
    fix: async () => [],
  };
}
