import { artifactWords, shortDigest, type ArtifactRef, type ArtifactState } from '../domain/artifact.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { candidatePlaces } from '../domain/places.ts';
import type { Plan, ServicePlan } from '../domain/plan.ts';
import { safeText } from '../domain/safe-text.ts';
import { signatureTrouble } from '../gates/before/artifact.ts';
import { deployedShas } from './deployed.ts';
import type { ConductorPorts } from './ports.ts';
import { versionOf, type Rollout } from './rollout.ts';

/**
 * The artifact of the candidate: the one that another environment runs, or built now. A return to a version builds nothing: where its
 * artifact is not kept any more, or not whole, it is built where it runs, as before there were artifacts.
 */
export async function buildArtifact(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect } = rollout;
  const artifact = d.kind === 'rollback' ? await foundArtifact(rollout) : await madeArtifact(rollout);
  if (artifact.kind === 'stored') await freeOthers(rollout, artifact);
  ports.log(artifactWords(artifact));
  return { type: 'artifact.built', effect, artifact };
}

async function madeArtifact({ ports, deployment: d, signal }: Rollout): Promise<ArtifactRef> {
  const { plan } = d;
  const serving = await servingRecords(ports);
  const version = versionOf(d.candidate);
  const made = await ports.artifacts.make({
    environment: d.environment,
    version,
    services: servicesOf(plan),
    signing: plan.artifact?.signing ?? {},
    by: d.by.name,
    known: new Set(serving.flatMap(({ artifact }) => (artifact?.kind === 'stored' ? [artifact.digest] : []))),
    signal,
    onProgress: (line) => ports.log(`artifact: ${line}`),
  });
  // What serves somewhere of this very commit, built in the same way, is journaled: the store cannot offer something else.
  const other = made.reused && serving.find((record) => differs(record, made, plan));
  if (other && other.artifact?.kind === 'stored')
    throw new OrchestraError(
      'artifact-altered',
      `${other.environment} runs ${version.name} from the artifact ${shortDigest(other.artifact.digest)}, and the store offers ${shortDigest(made.digest)} in its place`,
      {
        exit: exitCode.gateRefused,
        hint: 'somebody or something changed the store; find out who, then take `artifacts` out of the state folder: the version is built anew',
      },
    );
  return made;
}

/** Whether a record’s artifact is of the same commit and the same builds, and yet another one. */
function differs({ artifact, plan }: Deployment, made: ArtifactRef, now: Plan): boolean {
  if (artifact?.kind !== 'stored' || artifact.commit !== made.commit) return false;
  const builds = (of: Plan) =>
    JSON.stringify(
      servicesOf(of).map(({ name, install, build, artifact: how }) => [name, install, build, how]),
    );
  const inPlace = servicesOf(now).some(({ build, artifact: how }) => build !== undefined && !how);
  return !inPlace && artifact.digest !== made.digest && builds(plan) === builds(now);
}

async function foundArtifact({ ports, deployment: d }: Rollout): Promise<ArtifactState> {
  const why = (text: string): ArtifactState => ({
    kind: 'none',
    why: `${text}; it is built where it runs`,
  });
  try {
    const found = await ports.artifacts.find({
      environment: d.environment,
      version: versionOf(d.candidate),
      services: servicesOf(d.plan),
    });
    return found ?? why('none of this version is kept');
  } catch (error) {
    return why(safeText(messageOf(error), 300));
  }
}

/** Throws `artifact-altered` where a byte of the deployment's artifact is not what was built. */
export async function requireBytes({ ports, deployment: d, signal }: Rollout): Promise<void> {
  if (d.artifact?.kind !== 'stored') return;
  const { altered } = await ports.artifacts.verify(d.artifact, {}, [], signal);
  if (altered !== undefined) throw refused('artifact-altered', altered);
}

/**
 * What has to hold before a platform is asked to run the candidate: every byte is what was built, and where a blocking gate asks for a
 * signature, it verifies now, not only when the gate was looked at. Throws `artifact-altered` or `artifact-refused` (4).
 */
export async function requireArtifact({ ports, deployment: d, signal }: Rollout): Promise<void> {
  if (d.artifact?.kind !== 'stored') return;
  const gate = d.plan.gates?.settings.artifact;
  const signing = d.plan.artifact?.signing ?? {};
  const found = await ports.artifacts.verify(d.artifact, signing, gate?.signers ?? [], signal);
  if (found.altered !== undefined) throw refused('artifact-altered', found.altered);
  const overridden = d.plan.gates?.overrides.some(({ gate: id }) => id === 'artifact') ?? false;
  if (gate?.severity !== 'blocking' || overridden) return;
  const trouble = signatureTrouble(found.signature, gate.signature);
  if (trouble !== undefined) throw refused('artifact-refused', trouble);
}

function refused(code: string, why: string): OrchestraError {
  return new OrchestraError(code, why, {
    exit: exitCode.gateRefused,
    hint: 'it was not started; `orchestrate artifact verify` shows what is wrong',
  });
}

/** The artifact that a version ran from, where it is still whole; undefined where it is to be built in place. Never throws. */
export async function wholeArtifact(
  ports: Pick<ConductorPorts, 'artifacts' | 'log'>,
  { artifact }: Pick<Deployment, 'artifact'>,
): Promise<string | undefined> {
  if (artifact?.kind !== 'stored' || artifact.builds === 0) return undefined;
  try {
    const { altered } = await ports.artifacts.verify(artifact, {});
    if (altered === undefined) return artifact.digest;
    ports.log(`stable is built in place where it has to be started: ${altered}`);
  } catch (error) {
    ports.log(`stable is built in place where it has to be started: ${messageOf(error)}`);
  }
  return undefined;
}

/** Each service that the candidate runs, once: regions share what is built. */
function servicesOf(plan: Plan): ServicePlan[] {
  const byName = new Map(candidatePlaces(plan).map(({ service }) => [service.name, service]));
  return [...byName.values()];
}

/** The record of what serves each environment. */
async function servingRecords({ memory }: ConductorPorts): Promise<Deployment[]> {
  const ids = Object.values(await memory.newest()).flatMap(({ succeeded }) => succeeded ?? []);
  const records = await Promise.all(ids.map((id) => memory.record(id)));
  return records.filter((record) => record !== undefined);
}

/** What nobody needs any more goes; that it could not go is no reason to stop. */
async function freeOthers({ ports, deployment: d }: Rollout, artifact: ArtifactRef): Promise<void> {
  try {
    const digests = new Set([artifact.digest]);
    for (const record of await servingRecords(ports))
      if (record.artifact?.kind === 'stored') digests.add(record.artifact.digest);
    for (const id of await ports.journals.current())
      for (const event of (await ports.journals.readable(id)).events)
        if (event.type === 'artifact.built' && event.artifact.kind === 'stored')
          digests.add(event.artifact.digest);
    const commits = new Set((await deployedShas(ports.git)).values());
    for (const { key } of candidatePlaces(d.plan))
      for (const { version } of await ports.platform.running(key)) commits.add(version.sha);
    const gone = await ports.artifacts.free({ digests, commits });
    if (gone > 0) ports.log(`${gone} artifacts that nobody needs any more were freed`);
  } catch (error) {
    ports.log(`old artifacts stay until the next deployment: ${messageOf(error)}`);
  }
}
