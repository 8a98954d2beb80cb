import type { Deployment } from '../../domain/deployment.ts';
import { exitCode, messageOf } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { evolve } from '../../domain/evolve.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { Context } from './context.ts';
import { describeEvents } from './describe-event.ts';
import { showAttention } from './show-running.ts';

/** How often it is looked whether a deployment is stuck, and whether another one began, in milliseconds. */
const lookMs = 2000;

type Watching = Pick<Context, 'orchestrator' | 'output' | 'shell'>;

/**
 * `status --monitor`: one line an event of every deployment that runs, until none does any more; one that begins meanwhile is watched
 * too. Says when one becomes stuck, and when it goes on. One that cannot be followed does not end the watching of the others.
 */
export async function monitor(
  context: Watching,
  active: readonly Deployment[],
  { describe, env }: { describe: (d: Deployment) => string; env: string | undefined },
): Promise<number> {
  const { orchestrator, output, shell } = context;
  if (active.length === 0) {
    output.note('no deployment runs');
    return exitCode.done;
  }
  const watched = new Map<string, Promise<void>>();
  let failed: unknown;
  const begin = (d: Deployment) => {
    output.text(describe(d));
    const watching = watch(context, d).catch((error: unknown) => {
      failed ??= error;
      output.note(`${d.id} is not watched any more: ${safeText(messageOf(error), 500)}`);
    });
    watched.set(
      d.id,
      watching.then(() => void left.delete(d.id)),
    );
    left.add(d.id);
  };
  const left = new Set<string>();
  for (const d of active) begin(d);
  while (left.size > 0 && !shell.interrupted.aborted) {
    await Promise.race([...[...left].map((id) => watched.get(id)), pause(lookMs, shell.interrupted)]);
    for (const d of left.size > 0 ? await orchestrator.active().catch((): Deployment[] => []) : [])
      if (!watched.has(d.id) && (env === undefined || d.environment === env)) begin(d);
  }
  await Promise.all(watched.values());
  if (failed !== undefined && !shell.interrupted.aborted) throw failed;
  return shell.interrupted.aborted ? exitCode.interrupted : exitCode.done;
}

async function watch({ orchestrator, output, shell }: Watching, first: Deployment): Promise<void> {
  const tell = describeEvents(first.plan.phases);
  let d = first;
  const over = new AbortController();
  const attending = attendTo({ orchestrator, output }, () => d, over.signal);
  try {
    const by = await orchestrator.actor('cli');
    for await (const event of orchestrator.follow(d.id, d.seq, shell.interrupted, by)) {
      d = taken(d, event);
      output.data(event);
      const line = tell(event);
      if (line !== undefined) output.text(`${event.at.slice(11, 19)} ${d.id} ${line}`);
    }
  } finally {
    over.abort();
    await attending;
  }
}

function taken(d: Deployment, event: Event): Deployment {
  return event.seq === d.seq + 1 ? evolve(d, event) : d;
}

/** Says once that a deployment is stuck, with what one can do, and once that it goes on. */
async function attendTo(
  { orchestrator, output }: Pick<Watching, 'orchestrator' | 'output'>,
  now: () => Deployment,
  signal: AbortSignal,
): Promise<void> {
  let said: string | undefined;
  for (;;) {
    await pause(lookMs, signal);
    if (signal.aborted) return;
    const d = now();
    const { attention } = await orchestrator.attend(d).catch(() => ({ attention: undefined }));
    if (signal.aborted || !attention) continue;
    const stuck = attention.stuck
      ? `${attention.kind} ${attention.since.slice(0, 10)} ${attention.what}`
      : undefined;
    if (stuck === undefined && said !== undefined) output.note(`${d.id} goes on`);
    if (stuck !== undefined && stuck !== said) {
      for (const line of showAttention(attention)) output.note(`${d.id}${line}`);
      for (const option of attention.can)
        output.note(safeText(`${d.id}  next      ${option.command}  ${option.does}`, 500));
    }
    said = stuck;
  }
}

/** Resolves after so long, or when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
