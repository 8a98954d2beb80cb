import { silentAfterMs } from '../domain/attention.ts';
import type { Request } from '../domain/command.ts';
import type { Deployment } from '../domain/deployment.ts';
import { formatDuration } from '../domain/duration.ts';
import { OrchestraError } from '../domain/errors.ts';
import { seeConductor, type SightPorts } from './conductor-seen.ts';
import { conductorWaitMs, keepConducted, type RecoverPorts } from './relaunch.ts';

/** How often it is looked whether the conductor that is asked lives, in milliseconds. */
const lookMs = 500;

/** A conductor takes a request in within a fifth of a second; one that gave no sign of life for this long while it is asked does not answer. */
export const answerMs = 5000;

/**
 * Puts a request into a deployment's inbox and waits until it is journaled; why it was refused, if so. A conductor that died is
 * started again meanwhile. Throws `no-answer` as soon as it is known that it will not answer.
 */
export async function askConductor(
  ports: RecoverPorts & SightPorts,
  d: Pick<Deployment, 'id' | 'seq' | 'environment'>,
  request: Request,
): Promise<{ refused: string | undefined }> {
  await ports.journals.send(d.id, request);
  const over = new AbortController();
  let failed: unknown;
  const give = (error: unknown) => {
    failed ??= error;
    over.abort();
  };
  const kept = keepConducted(ports, d.id, d.environment, over.signal).catch(give);
  const watched = watchSilence(ports, d, over.signal).catch(give);
  try {
    for await (const event of ports.journals.follow(d.id, d.seq, over.signal))
      if (event.type === 'command.received' && event.request === request.id)
        return { refused: event.refused };
  } finally {
    over.abort();
    await Promise.all([kept, watched]);
  }
  throw failed ?? noAnswer(d, 'it ended before it took the request in');
}

/** Throws `no-answer` once the conductor is silent, or has not answered in all that time. */
async function watchSilence(
  ports: SightPorts,
  d: Pick<Deployment, 'id' | 'environment'>,
  signal: AbortSignal,
): Promise<void> {
  const begun = performance.now();
  while (!signal.aborted) {
    await ports.clock.sleep(lookMs, signal).catch(() => undefined);
    const waited = performance.now() - begun;
    if (signal.aborted || waited < answerMs) continue;
    const { conductor, silentMs } = await seeConductor(ports, d);
    if (conductor && silentMs !== undefined && silentMs >= Math.min(answerMs, silentAfterMs))
      throw noAnswer(
        d,
        `process ${conductor.pid} runs, but gives no sign of life for ${formatDuration(silentMs)}`,
        `\`orchestrate deploy abort --force --env ${d.environment}\` ends it and restores stable`,
      );
    if (waited > conductorWaitMs) throw noAnswer(d, `nothing came within ${formatDuration(conductorWaitMs)}`);
  }
}

function noAnswer(
  { id }: Pick<Deployment, 'id'>,
  why: string,
  hint = '`orchestrate status` says what it waits for, and starts it again if it died',
): OrchestraError {
  return new OrchestraError('no-answer', `the conductor of ${id} does not answer: ${why}`, { hint });
}
