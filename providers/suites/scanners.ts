import { z } from 'zod';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Git } from '../../src/ports/git.ts';
import type { Runner } from '../../src/ports/runner.ts';
import type { Scanners } from '../../src/ports/scanners.ts';
import { minimalEnvironment } from '../runtime/environment.ts';
import { auditDependencies } from './audit-dependencies.ts';

/** A difference that takes longer is too large to be looked at before a deployment. */
const scanTimeoutMs = 120_000;
const mostOutput = 8 * 1024 * 1024;

const scannedSchema = z.object({
  lines: z.number().int().nonnegative(),
  found: z.array(z.object({ path: z.string(), line: z.number().int(), rule: z.string() })),
});

/** The scanners of a repository. `scannerEntry` is the program that looks for secrets, in a process of its own. */
export function createScanners(parts: { git: Git; runner: Runner; scannerEntry: () => string }): Scanners {
  const { git, runner, scannerEntry } = parts;
  return {
    async secrets(base, sha, signal) {
      let text = '';
      const result = await runner.program([process.execPath, scannerEntry(), git.root, base, sha], {
        cwd: git.root,
        env: minimalEnvironment(process.env),
        timeoutMs: scanTimeoutMs,
        // What it complains of might quote what it looks at: it is kept from everybody.
        onErrorOutput: () => undefined,
        onOutput: (chunk) => {
          if (text.length < mostOutput) text += chunk.toString('utf8');
        },
        ...(signal && { signal }),
      });
      signal?.throwIfAborted();
      const parsed = result.exitCode === 0 ? scannedSchema.safeParse(JSON.parse(text)) : undefined;
      if (parsed?.success) return parsed.data;
      const how = result.timedOut
        ? `did not end in ${scanTimeoutMs / 1000} seconds`
        : `ended with exit code ${result.exitCode}`;
      throw new OrchestraError('scan-failed', `the search for secrets ${how}`, {
        hint: 'Deploy less at once, or set the severity of the gate `secrets`.',
      });
    },
    dependencies: (sha, signal) => auditDependencies({ git, runner }, sha, signal),
  };
}
