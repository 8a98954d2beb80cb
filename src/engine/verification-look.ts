import type { Deployment } from '../domain/deployment.ts';
import { candidatePlaces } from '../domain/places.ts';
import { copiesOf, type PlacePlan } from '../domain/plan.ts';
import { safeLines } from '../domain/safe-text.ts';
import type { PlaceLook, VerificationLook } from '../domain/verification.ts';
import { withoutSecrets } from '../domain/without-secrets.ts';
import type { ConductorPorts } from './ports.ts';
import { versionOf } from './rollout.ts';

export type LookingAfterPorts = Pick<ConductorPorts, 'clock' | 'platform' | 'router' | 'metrics'>;

/** How much of a version's log is read at a look, in bytes; how many kinds of error are kept. */
const [logBytes, mostKinds] = [64 * 1024, 20];

/** A line that tells of an error, as loggers of many languages write it. */
const isError = /\b(?:error|exception|fatal|panic|traceback|unhandled)\b/iu;

/** Looks at what a deployment brought, now, in every place: it reads and changes nothing. What cannot be read is left out. */
export async function lookAfter(ports: LookingAfterPorts, d: Deployment): Promise<VerificationLook> {
  const places: PlaceLook[] = [];
  for (const place of candidatePlaces(d.plan)) places.push(await lookIn(ports, d, place));
  return { at: ports.clock.now().toISOString(), places };
}

async function lookIn(
  { platform, router, metrics }: LookingAfterPorts,
  d: Deployment,
  place: PlacePlan,
): Promise<PlaceLook> {
  const { key, service } = place;
  const { sha } = versionOf(d.candidate);
  const copies = (await platform.running(key).catch(() => [])).filter(({ version }) => version.sha === sha);
  const route = (await router.alive(key).catch(() => false))
    ? await router.read(key).catch(() => undefined)
    : undefined;
  const counts = (await metrics.read(key).catch(() => undefined))?.get(sha);
  const [healthy, held, says, errors] = await Promise.all([
    Promise.all(copies.map((copy) => platform.healthy(copy, service).catch(() => false))),
    Promise.all(copies.map(async (copy) => platform.memory?.(copy).catch(() => undefined))),
    service.health.versionPath === undefined || copies.length === 0
      ? undefined
      : platform.versionAt({ host: ownHost(place.host), port: place.port }, service),
    errorsIn(platform, key, sha),
  ]);
  const known = held.filter((bytes) => bytes !== undefined);
  const [said] = says === undefined ? [] : safeLines(says, 1);
  return {
    place: key,
    serves: route?.stable?.version.sha ?? null,
    ...(said === undefined ? {} : { says: said.slice(0, 200) }),
    copies: copies.map(({ pid, startTime }, i) => ({ pid, startTime, healthy: healthy[i] ?? false })),
    wanted: copiesOf(service),
    ...(counts ? { counts } : {}),
    ...(known.length > 0 ? { memory: Math.max(...known) } : {}),
    errors,
  };
}

const ownHost = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);

/** Kinds of error in the end of the log: lines that differ in numbers alone are one kind. */
async function errorsIn(
  platform: LookingAfterPorts['platform'],
  key: string,
  sha: string,
): Promise<PlaceLook['errors']> {
  const logs = (await platform.logs?.(key, sha, logBytes).catch(() => [])) ?? [];
  const kinds = new Map<string, number>();
  for (const { text } of logs)
    for (const line of safeLines(text)) {
      if (!isError.test(line)) continue;
      const kind = withoutSecrets(line).trim().replace(/\d+/gu, 'N').slice(0, 160);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  return [...kinds]
    .map(([text, count]) => ({ text, count }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, mostKinds);
}
