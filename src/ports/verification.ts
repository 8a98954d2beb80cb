import type { EnvironmentLock } from './environment-lock.ts';

/** Who looks after promotion, and how such a process is started. */
export interface Verification {
  /** One verifier an environment: whose lock this is. */
  lock: EnvironmentLock;
  /** Starts a detached process that verifies this deployment. */
  launch: (deployment: string) => void;
}
