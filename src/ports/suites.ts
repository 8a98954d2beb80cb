import type { SuiteResult } from '../domain/event.ts';
import type { ServicePlan, SuitePlan } from '../domain/plan.ts';

/** Runs the project's own suites in a clean work tree of the candidate, dependencies installed as its lockfile says. */
export interface SuiteRunner {
  run(request: {
    deployment: string;
    environment: string;
    sha: string;
    /** What the candidate's changed lines are told by; null where nothing served before. */
    base: string | null;
    suite: SuitePlan;
    service: ServicePlan;
    /** The file that takes the whole output as it comes. */
    log: string;
    signal: AbortSignal;
  }): Promise<SuiteResult>;
  /** Removes the work trees of the candidate in which these suites ran. */
  dispose(sha: string, suites: readonly SuitePlan[]): Promise<void>;
}
