import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { parsedLooks } from '../domain/parsed-looks.ts';
import {
  verificationChecks,
  verificationWords,
  type VerificationCheck,
  type VerificationLook,
} from '../domain/verification.ts';
import { verificationLooksName, verificationPapers } from '../planning/papers/verification-report.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';
import type { Processes } from '../ports/processes.ts';
import type { Verification } from '../ports/verification.ts';
import { deployedSha } from './deployed.ts';
import { lookAfter, type LookingAfterPorts } from './verification-look.ts';

export interface VerifyPorts extends LookingAfterPorts {
  git: Git;
  memory: Memory;
  processes: Processes;
  verification?: Verification;
  log: (line: string) => void;
}

/** How often a verifier looks whether there is still something to verify, in milliseconds. */
const stillMs = 10_000;

/** How long a new verifier waits for the record, and for the one before it to see that its version no longer serves. */
const [recordMs, turnMs] = [60_000, 60_000];

/** The looks of a deployment so far; lines that cannot be read are left out. */
export async function looksOf(
  { memory }: Pick<VerifyPorts, 'memory'>,
  id: string,
): Promise<VerificationLook[]> {
  return parsedLooks((await memory.readDocument(id, verificationLooksName)) ?? '');
}

/**
 * Looks after a deployment that succeeded until its time is over, its version no longer serves, or the memory is gone. It changes no
 * traffic and takes nothing back; it writes into that deployment's folder alone. Killed and started again it goes on with the
 * looks that are there.
 */
export async function verifyAfterwards(ports: VerifyPorts, id: string): Promise<void> {
  const d = await recorded(ports, id);
  const plan = d?.plan.verification;
  if (!d || !plan || d.status.kind !== 'finished' || d.candidate.kind !== 'promoted' || !ports.verification)
    return;
  const { lock } = ports.verification;
  const entry = await myTurn(ports, d);
  if (!entry) return;
  try {
    const promotedMs = Date.parse(d.status.at);
    const looks = await looksOf(ports, id);
    for (;;) {
      const forMs = ports.clock.now().getTime() - promotedMs;
      const why = (await whyOver(ports, d)) ?? (forMs >= plan.laterMs ? 'its time is over' : undefined);
      if (why === 'the memory is gone') return;
      // What gave way to another version is not looked at any more: nothing is wrong with that.
      const last = why === 'another version serves' ? looks.pop() : await lookAfter(ports, d);
      if (!last) return;
      looks.push(why === undefined ? last : { ...last, ended: why });
      if (!(await ports.memory.writeAfterwards(id, verificationPapers(d, looks)))) return;
      if (why !== undefined) return;
      const next = forMs < plan.soonMs ? plan.everyMs : plan.laterEveryMs;
      const left = Math.max(0, plan.laterMs - forMs);
      await pauseFor(ports, d, Math.min(next, left));
    }
  } finally {
    await lock.release(d.environment, entry.fence).catch(() => undefined);
  }
}

/** Waits so long, or until there is nothing to verify any more. */
async function pauseFor(ports: VerifyPorts, d: Deployment, ms: number): Promise<void> {
  const until = performance.now() + ms;
  for (let left = ms; left > 0; left = until - performance.now()) {
    await ports.clock.sleep(Math.min(left, stillMs));
    if (left > stillMs && (await whyOver(ports, d)) !== undefined) return;
  }
}

async function whyOver({ memory, git }: VerifyPorts, d: Deployment): Promise<string | undefined> {
  if (!(await memory.isKept(d.id))) return 'the memory is gone';
  const sha = await deployedSha(git, d.environment).catch(() => undefined);
  return d.candidate.kind === 'promoted' && sha === d.candidate.version.sha
    ? undefined
    : 'another version serves';
}

/** Its record, as soon as the conductor has put it away. */
async function recorded({ memory, clock }: VerifyPorts, id: string): Promise<Deployment | undefined> {
  for (const begun = performance.now(); ; await clock.sleep(250)) {
    if (await memory.isKept(id)) {
      const d = await memory.record(id).catch(() => undefined);
      if (d) return d;
    }
    if (performance.now() - begun > recordMs) return undefined;
  }
}

/** The environment's only verifier; undefined where another one already looks after this deployment, or does not leave. */
async function myTurn({ verification, processes, clock, log }: VerifyPorts, d: Deployment) {
  if (!verification) return undefined;
  const { lock } = verification;
  const begun = performance.now();
  for (;;) {
    try {
      const owner = { name: 'verifier', face: 'conductor', kind: 'worker', pid: process.pid } as const;
      const entry = await lock.acquire(
        { environment: d.environment, owner, reason: `verifies ${d.id}` },
        async ({ face }) => !processes.isAlive(face),
      );
      return await lock.assign(entry, d.id);
    } catch (error) {
      const held = await lock.read(d.environment);
      if (held?.deployment === d.id && processes.isAlive(held.face)) return undefined;
      if (
        !(error instanceof OrchestraError) ||
        error.code !== 'locked' ||
        performance.now() - begun > turnMs
      ) {
        log(`${d.id} is not verified: ${messageOf(error)}`);
        return undefined;
      }
      await clock.sleep(1000);
    }
  }
}

/** Starts a verifier anew in each environment where one died before its time was over. */
export async function relaunchVerifiers(
  { verification, processes, memory }: Pick<VerifyPorts, 'verification' | 'processes' | 'memory'>,
  environments: readonly string[],
): Promise<void> {
  if (!verification) return;
  for (const environment of environments) {
    const entry = await verification.lock.read(environment).catch(() => undefined);
    if (!entry?.deployment || processes.isAlive(entry.face)) continue;
    if (await memory.isKept(entry.deployment)) verification.launch(entry.deployment);
  }
}

/** A look at what runs in an environment. */
export interface Verified {
  deployment: string;
  environment: string;
  version: string;
  checks: VerificationCheck[];
  /** How its verification stands, in a line. */
  words: string | undefined;
}

/** What faces may ask of what runs. */
export interface Verifying {
  /** Looks now at what an environment runs; writes nothing. Throws `nothing-deployed` (2). */
  verify(environment: string): Promise<Verified>;
  /** How the verification of a finished deployment stands, in a line; undefined where nobody looked. */
  verification(id: string): Promise<string | undefined>;
}

/** How the verification of a finished deployment stands, in a line; undefined where nobody looked. */
export async function verificationOf(
  ports: Pick<VerifyPorts, 'memory'>,
  id: string,
): Promise<string | undefined> {
  const looks = await looksOf(ports, id);
  if (looks.length === 0) return undefined;
  const d = await ports.memory.record(id);
  return d && verificationWords(d, looks);
}

export function createVerifying(ports: VerifyPorts): Verifying {
  return {
    async verify(environment) {
      const runs = (await ports.memory.environments())[environment];
      const d = runs && (await ports.memory.record(runs.deployment));
      if (!d || d.candidate.kind === 'none')
        throw new OrchestraError(
          'nothing-deployed',
          `nothing that Orchestra deployed runs in ${environment}`,
          {
            exit: exitCode.usage,
            hint: '`orchestrate deploy` brings something there',
          },
        );
      const looks = [...(await looksOf(ports, d.id)), await lookAfter(ports, d)];
      return {
        deployment: d.id,
        environment,
        version: d.candidate.version.name,
        checks: verificationChecks(d, looks),
        words: verificationWords(d, looks),
      };
    },
    verification: (id) => verificationOf(ports, id),
  };
}
