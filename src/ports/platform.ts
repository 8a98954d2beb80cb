import type { Version } from '../domain/event.ts';
import type { ServicePlan } from '../domain/plan.ts';

/** A running copy of a version. `startTime` is the kernel's, so that a recycled pid is never taken for it. */
export interface Instance {
  version: Version;
  pid: number;
  startTime: string;
  port: number;
  log: string;
}

/** The end of what one copy of a version wrote. */
export interface VersionLog {
  /** As it was written: not safe to show. */
  text: string;
  /** Folders that the version ran from, absolute; paths in the log begin with one. */
  roots: string[];
}

/** What a copy's processes use of the machine. */
export interface Usage {
  /** Processor time so far, milliseconds; only its growth says something. */
  cpuMs: number;
  /** Of the process that is nearest to its limit of open files: how many it has, and may have. */
  openFiles?: { open: number; limit: number };
}

export interface PlatformRequest {
  environment: string;
  version: Version;
  service: ServicePlan;
  /** The environment's own variables, `${NAME}` not yet filled in. */
  variables: Record<string, string>;
  /** Fencing token of the environment's lock; a lower one than the last seen is refused. */
  fence: number;
  signal?: AbortSignal;
  /** Progress for people: `installing`, `building`, `starting`, `waiting for /healthz`. */
  onProgress?: (line: string) => void;
}

/** Where versions run. Every method is idempotent: called again, it finds what is there and finishes the job. */
export interface Platform {
  /** Prepares a version so that `start` only has to start it: work tree, install, build. Throws as `start` does. */
  prepare(request: PlatformRequest): Promise<void>;
  /**
   * Prepares (work tree, install, build), runs the migration when asked, starts the version and waits until it is
   * healthy; a copy that already runs healthy is adopted. One copy: `scale` gives more. Throws `OrchestraError` with the code
   * `install-failed`, `build-failed`, `migrate-failed`, `start-exited`, `never-healthy`, `wrong-version` and the last log lines in
   * `details.log`; or
   * `missing-variable` (78), before anything was done, or `fenced` (5). What it began is ended before it throws.
   */
  start(request: PlatformRequest, options: { migrate: boolean }): Promise<Instance>;
  /**
   * Brings a version to exactly so many healthy copies: adopts those that run, replaces dead and unhealthy ones, starts what is missing
   * and ends what is too many, the last of `running` first; gives them as `running` does. 0 ends them all, and keeps the
   * version prepared. Throws as `start` does; of the copies that were missing it then leaves none behind.
   */
  scale(request: PlatformRequest, copies: number): Promise<Instance[]>;
  /**
   * Runs the version's `migrateDown` in its own checkout, with the environment it ran with. Throws code `migrate-failed` with the
   * last log lines.
   */
  migrateDown(request: PlatformRequest): Promise<void>;
  /** Asks one copy whether it is healthy, now. */
  healthy(instance: Instance, service: ServicePlan): Promise<boolean>;
  /** Bytes of memory that a copy's processes hold now; undefined, or no such method, where that cannot be seen. */
  memory?(instance: Instance): Promise<number | undefined>;
  /** What else a copy's processes use now; undefined, or no such method, where that cannot be seen. */
  usage?(instance: Instance): Promise<Usage | undefined>;
  /** What the service says at an address about the version that runs there; undefined where it says nothing. Never throws. */
  versionAt(
    address: { host: string; port: number },
    service: ServicePlan,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** The copies that really run in an environment; those of one version in the order in which they were asked for. */
  running(environment: string): Promise<Instance[]>;
  /** Ends all copies of a version (SIGTERM, then SIGKILL after the service's stop time) and frees its work tree. */
  stop(environment: string, sha: string, fence: number): Promise<void>;
  /**
   * The last `maxBytes` of what a version wrote since it was started, each copy's for itself; asked before it is stopped.
   * Absent where a platform keeps no logs that can be read.
   */
  logs?(environment: string, sha: string, maxBytes: number): Promise<VersionLog[]>;
}
