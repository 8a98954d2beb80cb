import type { Finding } from '../domain/finding.ts';

/** Where something looks like a secret, and by which rule; never the secret. Texts safe to print. */
export interface SecretFound {
  path: string;
  line: number;
  rule: string;
}

/** What scanners say of a candidate. They look, and change nothing. */
export interface Scanners {
  /** Looks at the lines that `sha` adds to `base`. Throws code `scan-failed`: nothing is known then. */
  secrets(base: string, sha: string, signal?: AbortSignal): Promise<{ lines: number; found: SecretFound[] }>;
  /** Asks the package manager of the version's lockfile; `skipped` says why nothing could be asked. */
  dependencies(
    sha: string,
    signal?: AbortSignal,
  ): Promise<{ tool: string; findings: Finding[] } | { skipped: string }>;
}
