import type { Version } from '../domain/event.ts';
import type { HistoryRow } from '../domain/memory.ts';
import type { Plan } from '../domain/plan.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';
import { deployedSha } from './deployed.ts';

/** One version that served an environment, by the deployment that brought it. */
export interface Served {
  deployment: string;
  version: Version;
}

/**
 * The versions an environment can return to, the present one last. Every success puts its version on top; a
 * rollback takes off all above the version it returned to, so what was rolled back from is never returned to.
 */
export async function servedVersions(memory: Memory, environment: string): Promise<Served[]> {
  const rows = (await memory.history()).filter(
    // A rollback of its feature alone can leave a version serving; its record says whether it became stable.
    (row) =>
      row.environment === environment && (row.outcome === 'succeeded' || row.outcome === 'rolled_back'),
  );
  const stack: Served[] = [];
  for (const row of rows.reverse()) {
    const served = await servedBy(memory, row);
    if (!served) continue;
    const below = stack.findIndex((s) => s.version.sha === served.version.sha);
    if (row.kind === 'rollback' && below >= 0) stack.length = below;
    stack.push(served);
  }
  return stack;
}

async function servedBy(memory: Memory, row: HistoryRow): Promise<Served | undefined> {
  const record = await memory.record(row.id);
  if (!record || record.candidate.kind !== 'promoted') return undefined;
  return { deployment: row.id, version: record.candidate.version };
}

/** The name people know a sha by: that of the deployment that brought it, else the short sha. */
function nameOf(served: readonly Served[], sha: string): Version {
  return served.findLast((s) => s.version.sha === sha)?.version ?? { sha, name: sha.slice(0, 12) };
}

/** The version an environment's record says it runs; null before the first deployment. */
export async function stableOf(
  ports: { git: Git; memory: Memory },
  environment: string,
): Promise<Version | null> {
  const sha = await deployedSha(ports.git, environment);
  return sha === undefined ? null : nameOf(await servedVersions(ports.memory, environment), sha);
}

/** The plan of the newest deployment that succeeded in an environment: how it runs now. */
export async function planInForce(memory: Memory, environment: string): Promise<Plan | undefined> {
  const rows = await memory.history();
  const last = rows.find((row) => row.environment === environment && row.outcome === 'succeeded');
  return last && (await memory.record(last.id))?.plan;
}

/** Where a rollback goes: the named version, else the one before the present. Throws code `no-version` (2). */
export function returnTo(served: readonly Served[], stable: Version, asked: string | undefined): Version {
  const earlier = served.filter((s) => s.version.sha !== stable.sha);
  if (asked === undefined) {
    const before = earlier.at(-1);
    if (before) return before.version;
    throw new OrchestraError('no-version', `there is no version before ${stable.name} to roll back to`, {
      exit: exitCode.usage,
      hint: 'deploy an older revision with `orchestrate deploy --version REF`',
    });
  }
  const named = earlier.findLast(
    ({ deployment, version }) =>
      version.name === asked || deployment === asked || (asked.length >= 7 && version.sha.startsWith(asked)),
  );
  if (named) return named.version;
  const known = earlier.map((s) => s.version.name).slice(-5);
  throw new OrchestraError(
    'no-version',
    `no earlier deployment brought ${JSON.stringify(asked.slice(0, 60))} here`,
    {
      exit: exitCode.usage,
      hint:
        known.length > 0
          ? `versions that served here: ${known.join(', ')}`
          : 'nothing else has served here yet',
    },
  );
}
