import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import { safeText } from './safe-text.ts';
import { optionSchema, options } from './options-now.ts';
import type { SuitePasts } from './suite-past.ts';
import { waitsFor } from './waits-for.ts';

/** What a deployment waits for, since when, whether that is stuck, and what one can do (REQUIREMENTS W5). */
export const attentionSchema = z.object({
  kind: z.enum(['person', 'window', 'suite', 'action', 'effect', 'phase', 'judge', 'conductor', 'lock']),
  /** What it waits for, going on from "it waits for"; safe to print. */
  what: z.string(),
  since: z.string(),
  forMs: z.number().nonnegative(),
  /** How long that usually takes; absent where nothing is known. */
  usualMs: z.number().nonnegative().optional(),
  stuck: z.boolean(),
  /** Why it counts as stuck. */
  why: z.string().optional(),
  can: z.array(optionSchema),
  /** The last lines of the log that shows it, safe and without secrets; only where it is stuck. */
  log: z.array(z.string()).optional(),
});
export type Attention = z.infer<typeof attentionSchema>;

/** What is known of a deployment's conductor from outside its journal. */
export type ConductorSeen =
  /** It runs, and was heard of lately. */
  | { kind: 'here' }
  /** It runs and has given no sign of life for so long: it is stopped, or hangs. */
  | { kind: 'silent'; pid: number; forMs: number }
  /** It was launched and has not said anything yet. */
  | { kind: 'starting'; forMs: number }
  | { kind: 'gone' }
  /** The environment's lock is not the deployment's: no conductor of it can start. */
  | { kind: 'locked-out'; by: string };

/** A conductor gives a sign of life every second; one of a busy machine is late, never by this much. Below the router's dead man's switch (15 s). */
export const silentAfterMs = 10_000;

/** A conductor that starts says so within a second or two; after this long it does not. */
export const startsWithinMs = 20_000;

/** What the deployment waits for at `now`; undefined when it is over. Pure: the same fold and sight give the same answer. */
export function attentionOf(
  d: Deployment,
  { now, conductor, pasts = {} }: { now: Date; conductor: ConductorSeen; pasts?: SuitePasts },
): Attention | undefined {
  if (d.status.kind === 'finished') return undefined;
  const unconducted = aboutConductor(d, conductor, now);
  if (unconducted) return unconducted;
  const waits = waitsFor(d, now, pasts);
  if (!waits) return undefined;
  const forMs = elapsed(waits.since, now);
  const { kind, what, since, usualMs, limit, wrong } = waits;
  const why = wrong ?? (limit && forMs > limit.ms ? limit.why : undefined);
  return {
    kind,
    what,
    since,
    forMs,
    ...(usualMs === undefined ? {} : { usualMs }),
    stuck: why !== undefined,
    ...(why === undefined ? {} : { why }),
    can: options(d, waits),
  };
}

/** Milliseconds from `since` to `now`; nothing where a clock was set back in between. */
function elapsed(since: string, now: Date): number {
  const ms = now.getTime() - Date.parse(since);
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** After so long the router itself returns the traffic (DESIGN: the dead man's switch). */
const deadManMs = 15_000;

/** The shares on record are those that it set last: said once the router may have been faster. */
function returned(d: Deployment, silentMs: number): string {
  const shared = d.candidate.kind !== 'promoted' && d.weight.actual > 0 && d.stable !== null;
  return shared && silentMs >= deadManMs
    ? `; by now the router has given all traffic back to ${safeText(d.stable?.name ?? 'stable', 60)}, where that is healthy`
    : '';
}

function aboutConductor(d: Deployment, conductor: ConductorSeen, now: Date): Attention | undefined {
  const env = `--env ${d.environment}`;
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
  switch (conductor.kind) {
    case 'here':
      return undefined;
    case 'silent':
      return {
        kind: 'conductor',
        what: `its conductor (pid ${conductor.pid}) to answer`,
        since: before(conductor.forMs),
        forMs: conductor.forMs,
        stuck: conductor.forMs >= silentAfterMs,
        ...(conductor.forMs >= silentAfterMs
          ? {
              why: `that process runs, but has given no sign of life for ${formatDuration(conductor.forMs)}: it is stopped, or hangs${returned(d, conductor.forMs)}`,
            }
          : {}),
        can: [
          { command: `kill -CONT ${conductor.pid}`, does: 'lets it go on, where somebody stopped it' },
          {
            command: `orchestrate deploy abort --force ${env}`,
            key: 'a',
            does: 'ends that process, restores stable and ends the deployment',
          },
        ],
      };
    case 'starting':
      return {
        kind: 'conductor',
        what: 'its conductor to start',
        since: before(conductor.forMs),
        forMs: conductor.forMs,
        stuck: conductor.forMs >= startsWithinMs,
        ...(conductor.forMs >= startsWithinMs ? { why: 'it starts within seconds, or not at all' } : {}),
        can: [{ command: `orchestrate resume ${d.id}`, does: 'starts it again' }],
      };
    case 'gone':
      return {
        kind: 'conductor',
        what: 'a conductor: its own is gone',
        since: d.updatedAt,
        forMs: elapsed(d.updatedAt, now),
        stuck: true,
        why: 'nobody carries it out',
        can: [
          { command: `orchestrate resume ${d.id}`, does: 'starts it again' },
          {
            command: `orchestrate unlock ${env}`,
            does: 'ends the deployment as halted, where it does not stay',
          },
        ],
      };
    case 'locked-out':
      return {
        kind: 'lock',
        what: `the lock of ${d.environment}, which ${conductor.by} has`,
        since: d.updatedAt,
        forMs: elapsed(d.updatedAt, now),
        stuck: true,
        why: 'no conductor of it can start',
        can: [
          { command: 'orchestrate status --monitor', does: 'watches the other one' },
          {
            command: `orchestrate unlock ${env}`,
            key: 'U',
            does: 'frees the environment, where nobody stands behind it',
          },
        ],
      };
    default:
      return conductor satisfies never;
  }
}
