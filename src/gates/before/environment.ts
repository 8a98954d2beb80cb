import { counted } from '../../domain/counted.ts';
import { candidatePlaces, saidOf } from '../../domain/places.ts';
import type { PlacePlan } from '../../domain/plan.ts';
import type { Platform } from '../../ports/platform.ts';
import { failed, type Gate, type GateContext, type GateFinding, passed } from '../gate.ts';
import { needsOf } from '../router-needs.ts';

/** How often an unhealthy copy is asked once more, and how long between, in milliseconds: one slow answer says nothing. */
const tries = 3;
const betweenMs = 300;

/** How long router and platform may take to say what runs, in milliseconds. */
const answerMs = 5000;

/** The deployment can reach what it works with: router, platform and ports; and what serves is healthy (REQUIREMENTS G1). */
export const environment: Gate = {
  id: 'environment',
  title: 'the environment can be reached',
  when: 'before',
  async look(context) {
    const { plan } = context.subject;
    const missing = await context.ports.missingRouter(plan.router, needsOf(plan));
    if (missing) return failed(missing.why, missing.hint);
    const found: string[] = [];
    for (const place of candidatePlaces(plan)) {
      const finding = await inTime(lookAt(context, place), place.key);
      const detail = saidOf(plan, place.key, finding.detail);
      if (finding.status !== 'passed') return { ...finding, detail };
      found.push(detail);
    }
    return passed(found.join('; '));
  },
};

async function lookAt(context: GateContext, place: PlacePlan): Promise<GateFinding> {
  const { subject, ports } = context;
  const { key, host, port } = place;
  const ours = await ports.router.alive(key);
  if (!ours && (await ports.machine.listens(host, port)))
    return failed(
      `port ${port} of ${host} is taken by another program`,
      `end that program, or name another port: \`ss -ltnp | grep :${port}\``,
    );
  const where = `port ${port} is ${ours ? 'the router’s' : 'free'}`;
  const { stable, sha } = subject;
  // What is started again, or comes for the first time, has nothing to be judged beside.
  if (!stable || place.fresh || sha === stable.sha) return passed(where);
  const sick = await unhealthy(context, place, stable.sha);
  if (sick === undefined)
    return passed(`${where}; ${stable.name} does not run now and is started again first`);
  if (sick.sick === 0)
    return passed(`${where}; ${counted(sick.all, 'copy', 'copies')} of ${stable.name} healthy`);
  return failed(
    `${sick.sick} of ${counted(sick.all, 'copy', 'copies')} of ${stable.name} not healthy: a candidate cannot be judged beside it`,
    `\`orchestrate env check ${subject.environment}\` tells more; \`orchestrate deploy rollback --env ${subject.environment}\` returns to what was before; a mend is let through with --override environment=REASON`,
  );
}

/** How many copies of a version there are and how many of them do not answer well; undefined where none runs. */
async function unhealthy(
  { ports, signal }: GateContext,
  { key, service }: PlacePlan,
  sha: string,
): Promise<{ sick: number; all: number } | undefined> {
  const copies = (await ports.platform.running(key)).filter(({ version }) => version.sha === sha);
  if (copies.length === 0) return undefined;
  let left = copies;
  for (let tried = 1; ; tried += 1) {
    left = await whichAreNot(ports.platform, left, service);
    if (left.length === 0 || tried === tries) return { sick: left.length, all: copies.length };
    await ports.clock.sleep(betweenMs, signal);
  }
}

async function whichAreNot(
  platform: Pick<Platform, 'healthy'>,
  copies: Awaited<ReturnType<Platform['running']>>,
  service: PlacePlan['service'],
) {
  const well = await Promise.all(copies.map((copy) => platform.healthy(copy, service).catch(() => false)));
  return copies.filter((_, i) => well[i] !== true);
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${what} did not answer within ${answerMs / 1000} s`)),
        answerMs,
      );
    });
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
