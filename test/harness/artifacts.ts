import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createArtifacts } from '../../providers/artifacts/artifacts.ts';
import { createRunner } from '../../providers/runtime/runner.ts';
import { systemClock } from '../../providers/runtime/clock.ts';
import type { SigningPlan } from '../../src/domain/artifact.ts';
import type { ServicePlan } from '../../src/domain/plan.ts';
import type { ArtifactRequest, Artifacts } from '../../src/ports/artifacts.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { temporaryFolder } from './folder.ts';
import { smallService } from './small-app.ts';
import { type Content, temporaryRepository, type TemporaryRepository } from './temporary-repository.ts';

/** A build that counts its runs outside of the work tree, in `ORCHESTRA_STATE_DIR`’s place: the variable `COUNT`. */
export const countingBuild = `echo run >> "$COUNT"; mkdir -p dist/deep; cat input.txt > dist/app.txt; printf '#!/bin/sh\\necho hi\\n' > dist/deep/tool; chmod +x dist/deep/tool; ln -s deep/tool dist/link`;

/** A repository, a state folder and the artifacts between them. */
export interface ArtifactWorld {
  repository: TemporaryRepository;
  stateDir: string;
  artifacts: Artifacts;
  /** Another process on the same state. */
  reopen: (clock?: Clock) => Artifacts;
  commit: (files?: Record<string, Content>) => string;
  service: (changes?: Partial<ServicePlan>) => ServicePlan;
  request: (sha: string, changes?: Partial<ArtifactRequest>) => ArtifactRequest;
  /** How often the build ran. */
  runs: () => number;
  remove: () => void;
}

export async function artifactWorld(): Promise<ArtifactWorld> {
  const repository = await temporaryRepository();
  const stateDir = temporaryFolder();
  const count = join(temporaryFolder(), 'runs.txt');
  writeFileSync(count, '');
  const reopen = (clock: Clock = systemClock) =>
    createArtifacts({
      git: repository.git,
      runner: createRunner({ killAfterMs: 300 }),
      stateDir,
      clock,
    });
  const service = (changes: Partial<ServicePlan> = {}) =>
    smallService({ build: countingBuild, artifact: { variables: { COUNT: count } }, ...changes });
  return {
    repository,
    stateDir,
    artifacts: reopen(),
    reopen,
    commit: (files = {}) => repository.commit({ 'input.txt': 'hello\n', 'app.mjs': '', ...files }),
    service,
    request: (sha, changes = {}) => ({
      environment: 'staging',
      version: { sha, name: 'v1' },
      services: [service()],
      signing: {},
      by: 'Ada',
      known: new Set(),
      ...changes,
    }),
    runs: () => readFileSync(count, 'utf8').split('\n').filter(Boolean).length,
    remove: () => repository.remove(),
  };
}

/** A throw-away ssh key of somebody. */
export function sshKey(name: string): { key: string; allowed: (principal?: string) => string } {
  const folder = temporaryFolder();
  const key = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
  return {
    key,
    allowed: (principal = `${name}@example.org`) =>
      `${principal} namespaces="orchestra-artifact" ${readFileSync(`${key}.pub`, 'utf8')}`,
  };
}

/** How Ada signs, and that her signatures are believed. */
export function signingOf(names: readonly { key: string; allowed: () => string }[]): SigningPlan {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const allowedSigners = join(folder, 'allowed_signers');
  writeFileSync(allowedSigners, names.map((one) => one.allowed()).join(''));
  return { ...(names[0] ? { sshKey: names[0].key } : {}), allowedSigners };
}
