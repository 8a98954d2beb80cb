import type { Version } from '../domain/event.ts';
import type { RunsWhere } from '../domain/environments-document.ts';
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

/** The versions an environment can return to, the present one last. */
export async function servedVersions(memory: Memory, environment: string): Promise<Served[]> {
  return (await servedAndLeft(memory, environment)).served;
}

/**
 * The versions an environment can return to, the present one last, and those it was rolled back from. Every success puts
 * its version on top; a rollback takes off all above the version it returned to, so what was left is never returned to.
 */
export async function servedAndLeft(
  memory: Memory,
  environment: string,
): Promise<{ served: Served[]; left: Served[] }> {
  const rows = (await memory.history()).filter((row) => hasServed(row, environment));
  const stack: Served[] = [];
  const left: Served[] = [];
  for (const row of rows.reverse()) {
    const served = await servedBy(memory, row);
    if (!served) continue;
    const below = stack.findIndex((s) => s.version.sha === served.version.sha);
    if (row.kind === 'rollback' && below >= 0) left.push(...stack.splice(below));
    stack.push(served);
  }
  return { served: stack, left };
}

/** A rollback of its feature alone can leave a version serving; its record says whether it became stable. */
function hasServed({ environment, outcome }: HistoryRow, name: string): boolean {
  return environment === name && (outcome === 'succeeded' || outcome === 'rolled_back');
}

async function servedBy(memory: Memory, row: HistoryRow): Promise<Served | undefined> {
  const record = await memory.record(row.id);
  if (!record || record.candidate.kind !== 'promoted') return undefined;
  return { deployment: row.id, version: record.candidate.version };
}

/** The version an environment's record says it runs, by the name of the deployment that brought it; null before the first deployment. */
export async function stableOf(
  ports: { git: Git; memory: Memory },
  environment: string,
): Promise<Version | null> {
  const sha = await deployedSha(ports.git, environment);
  return sha === undefined ? null : namedVersion(ports.memory, environment, sha);
}

/** A sha by the name of the newest deployment that brought it to an environment, else its short form. Reads no older records. */
export async function namedVersion(memory: Memory, environment: string, sha: string): Promise<Version> {
  for (const row of await memory.history()) {
    if (!hasServed(row, environment)) continue;
    const served = await servedBy(memory, row);
    if (served?.version.sha === sha) return served.version;
  }
  const runs = await runsIn(memory, environment);
  return runs?.version.sha === sha ? runs.version : { sha, name: sha.slice(0, 12) };
}

/** The plan of the newest deployment that succeeded in an environment: how it runs now, also where the history began anew since. */
export async function planInForce(memory: Memory, environment: string): Promise<Plan | undefined> {
  const newest = await memory.newest();
  const last = Object.hasOwn(newest, environment) ? newest[environment] : undefined;
  const id = last?.succeeded ?? (await runsIn(memory, environment))?.deployment;
  return id === undefined ? undefined : (await memory.record(id))?.plan;
}

async function runsIn(memory: Memory, environment: string): Promise<RunsWhere | undefined> {
  const known = await memory.environments();
  return Object.hasOwn(known, environment) ? known[environment] : undefined;
}

/**
 * Where a rollback goes: the named version, else the one before the present. `left` are versions that were rolled back from.
 * Throws code `no-version` (2).
 */
export function returnTo(
  served: readonly Served[],
  stable: Version,
  asked: string | undefined,
  left: readonly Served[] = [],
): Version {
  const earlier = served.filter((s) => s.version.sha !== stable.sha);
  if (asked === undefined) {
    const before = earlier.at(-1);
    if (before) return before.version;
    throw new OrchestraError('no-version', `there is no version before ${stable.name} to roll back to`, {
      exit: exitCode.usage,
      hint: 'deploy an older revision with `orchestrate deploy --version REF`',
    });
  }
  const isMeant = ({ deployment, version }: Served) =>
    version.name === asked || deployment === asked || (asked.length >= 7 && version.sha.startsWith(asked));
  const named = earlier.findLast(isMeant);
  if (named) return named.version;
  const serving = served.findLast((s) => s.version.sha === stable.sha && isMeant(s));
  if (serving) {
    throw new OrchestraError('no-version', `${stable.name} serves already`, {
      exit: exitCode.usage,
      hint: 'there is nothing to return to',
    });
  }
  const abandoned = left.findLast(isMeant);
  if (abandoned) {
    const { name, sha } = abandoned.version;
    throw new OrchestraError(
      'no-version',
      `${name} (${sha.slice(0, 7)}) served here and was rolled back from`,
      {
        exit: exitCode.usage,
        hint: `to have it all the same, deploy it: \`orchestrate deploy --version ${sha.slice(0, 12)}\``,
      },
    );
  }
  const known = earlier.map((s) => s.version.name).slice(-5);
  throw new OrchestraError(
    'no-version',
    `no earlier deployment brought ${JSON.stringify(asked.slice(0, 60))} here`,
    {
      exit: exitCode.usage,
      hint:
        known.length > 0
          ? `versions that served here: ${known.join(', ')}`
          : 'there is no earlier version to return to',
    },
  );
}
