import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Settings } from '../domain/settings.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';
import type { Chosen } from './chosen-source.ts';
import { servedVersions, stableOf } from './versions.ts';

/** Whether a candidate went through the environment before the one it is for (REQUIREMENTS G1); the words of `deploy validate`. */
export interface PipelineGate {
  id: 'staging';
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
  /** What to do about it, where it failed. */
  hint: string;
}

interface Candidate {
  environment: string;
  chosen: Chosen;
  /** It serves there already. */
  restart: boolean;
  /** `user_preferences.require_staging`. */
  requireStaging: boolean;
}

/** The environment that has to come first, or why none has to. */
export function environmentBefore(
  settings: Settings,
  environment: string,
  requireStaging: boolean,
): { before: string } | { none: string } {
  const own = settings.environments[environment]?.after;
  if (own !== undefined) return { before: own };
  if (!requireStaging) return { none: `nothing has to come before ${environment}` };
  if (!Object.hasOwn(settings.environments, 'staging'))
    return { none: 'orchestra.yaml has no environment staging' };
  const seen = new Set<string>();
  for (let at: string | undefined = 'staging'; at !== undefined && !seen.has(at);) {
    if (at === environment) return { none: `${environment} does not come after staging` };
    seen.add(at);
    at = settings.environments[at]?.after;
  }
  return { before: 'staging' };
}

/** Proves from the history that the very same candidate, by its sha or its tree, was deployed there and not taken back. */
export async function pipelineGate(
  ports: { git: Git; memory: Memory },
  settings: Settings,
  { environment, chosen, restart, requireStaging }: Candidate,
): Promise<PipelineGate> {
  const skipped = (detail: string): PipelineGate => ({ id: 'staging', status: 'skipped', detail, hint: '' });
  if (restart) return skipped('it serves here already');
  const found = environmentBefore(settings, environment, requireStaging);
  if ('none' in found) return skipped(found.none);
  const { before } = found;
  const sha = chosen.source.kind === 'version' ? chosen.source.sha : undefined;
  const tree =
    chosen.tree ??
    (sha && (await ports.git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`])));
  const served = await servedVersions(ports.memory, before);
  for (const { deployment, version } of served.toReversed()) {
    const record = await ports.memory.record(deployment);
    const same =
      version.sha === sha ||
      (tree !== undefined && record?.candidate.kind === 'promoted' && record.candidate.tree === tree);
    if (!same) continue;
    return {
      id: 'staging',
      status: 'passed',
      detail: `${version.name} went through ${before} in deployment ${deployment}`,
      hint: '',
    };
  }
  const stable = await stableOf(ports, before);
  const what = stable ? `${before} runs ${stable.name}` : `nothing has been deployed to ${before} yet`;
  return {
    id: 'staging',
    status: 'failed',
    detail: `this candidate has not been through ${before}: ${what}`,
    hint: `deploy it to ${before} first; then \`orchestrate deploy ${environment} --from ${before}\` ships exactly that`,
  };
}

/** Exactly what another environment runs. Throws code `nothing-deployed` (2) when that is nothing. */
export async function chooseFrom(
  ports: { git: Git; memory: Memory },
  from: string,
  first: boolean,
): Promise<Chosen> {
  const version = await stableOf(ports, from);
  if (!version)
    throw new OrchestraError('nothing-deployed', `nothing has been deployed to ${from} yet`, {
      exit: exitCode.usage,
      hint: `deploy something there first: \`orchestrate deploy ${from}\``,
    });
  return {
    source: { kind: 'version', ref: version.name, sha: version.sha, features: [] },
    level: first ? 'low' : 'medium',
    name: version.name,
  };
}

/** Throws code `staging-not-verified` (4) where the gate failed. */
export function requirePassed(gate: PipelineGate | undefined): void {
  if (gate?.status !== 'failed') return;
  throw new OrchestraError('staging-not-verified', gate.detail, {
    exit: exitCode.gateRefused,
    hint: gate.hint,
    details: { gate },
  });
}
