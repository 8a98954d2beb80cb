import type { Actions } from '../ports/actions.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { CandidateBuilder } from '../ports/candidate.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock } from '../ports/environment-lock.ts';
import type { FlagService } from '../ports/flags.ts';
import type { Git } from '../ports/git.ts';
import type { Journals } from '../ports/journal.ts';
import type { Machine } from '../ports/machine.ts';
import type { Measures } from '../ports/measures.ts';
import type { Memory } from '../ports/memory.ts';
import type { Platform } from '../ports/platform.ts';
import type { Presence } from '../ports/presence.ts';
import type { Processes } from '../ports/processes.ts';
import type { WarmStarting } from '../ports/warm-start.ts';
import type { Verification } from '../ports/verification.ts';
import type { MetricSource, RouterMissing, RouterNeeds, TrafficRouter } from '../ports/router.ts';
import type { Scanners } from '../ports/scanners.ts';
import type { SuiteRunner } from '../ports/suites.ts';

/** Everything outside that a conductor acts on. */
export interface ConductorPorts {
  clock: Clock;
  /** The machine's own clock, where `clock` is one that nobody can set: what calendars go by. */
  wallClock?: Clock;
  git: Git;
  journals: Journals;
  lock: EnvironmentLock;
  memory: Memory;
  builder: CandidateBuilder;
  /** What candidates are built into, once. */
  artifacts: Artifacts;
  platform: Platform;
  router: TrafficRouter;
  metrics: MetricSource;
  /** What the plan measures beside the router's own numbers. */
  measures: Measures;
  /** Where the plan's feature flag is kept. */
  flags: FlagService;
  suites: SuiteRunner;
  /** The plan's checks, smoke tests and hooks. */
  actions: Actions;
  /** What looks for secrets and for weak dependencies. */
  scanners?: Scanners;
  processes: Processes;
  /** Who looks after what was promoted; absent where nobody does. */
  verification?: Verification;
  /** Who learns from the git history; absent where that is turned off. */
  warmStart?: WarmStarting;
  /** What gates ask of this machine. */
  machine: Pick<Machine, 'hasVariable' | 'listens'>;
  /** Why this machine cannot run a router of that name; undefined when it can. */
  missingRouter: (name: string, needs?: RouterNeeds) => Promise<RouterMissing | undefined>;
  /** Who is here for a deployment now. */
  presence: Presence;
  /** The end of what a deployment's conductors wrote, oldest line first, as it was written. */
  conductorLog: (deployment: string) => Promise<string[]>;
  /** Lines for the conductor's own log file. */
  log: (line: string) => void;
}
