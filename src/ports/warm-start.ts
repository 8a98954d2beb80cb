import type { EnvironmentLock } from './environment-lock.ts';

/** Who learns from the git history, and how such a process is started. */
export interface WarmStarting {
  /** One process a repository learns: whose lock this is. */
  lock: EnvironmentLock;
  /** Starts a detached process of low priority that learns up to this range. */
  launch: (range: { base: string; head: string }) => void;
}
