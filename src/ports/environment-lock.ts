import type { Actor } from '../domain/actor.ts';
import type { ProcessIdentity } from './processes.ts';

/** Who holds an environment, for which deployment, and why. */
export interface LockEntry {
  environment: string;
  deployment: string | null;
  owner: Actor;
  reason: string;
  since: string;
  /** The face that took it, until a conductor takes over. */
  face: ProcessIdentity;
  conductor: ProcessIdentity | null;
  /** Higher with every holder; whoever acts on the holder's behalf refuses a lower one. */
  fence: number;
}

/** One deployment at a time in each environment. */
export interface EnvironmentLock {
  /** The present holder; undefined when it is free. */
  read(environment: string): Promise<LockEntry | undefined>;
  /** Takes a free lock, or one for which `stale` says yes. Throws code `locked` (exit 5) naming the owner. */
  acquire(
    request: { environment: string; owner: Actor; reason: string },
    stale: (entry: LockEntry) => Promise<boolean>,
  ): Promise<LockEntry>;
  /** Writes down which deployment an entry is for. */
  assign(entry: LockEntry, deployment: string): Promise<LockEntry>;
  /**
   * A conductor takes its deployment's lock over: from the face, from a dead conductor, or anew where it is free.
   * Throws code `conductor-alive`, or `lock-lost` when the lock is another deployment's.
   */
  takeOver(environment: string, deployment: string, owner: Actor): Promise<LockEntry>;
  /** Whether this fence is still the highest and not released. */
  holds(environment: string, fence: number): Promise<boolean>;
  release(environment: string, fence: number): Promise<void>;
  /**
   * Frees a lock that nobody stands behind, or that cannot be read, under a number of its own: whoever held it can do nothing
   * any more. The entry before stays where it is; its path.
   */
  free(environment: string, owner: Actor, reason: string): Promise<string | undefined>;
}
