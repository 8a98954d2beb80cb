import { formatDuration } from '../../src/domain/duration.ts';
import { messageOf } from '../../src/domain/errors.ts';
import type { MeasurePlan, MeasureSourcePlan, SideReading } from '../../src/domain/measure.ts';
import { soundReading } from '../../src/domain/measure-reading.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MeasureSource, Measures } from '../../src/ports/measures.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { createCommandSource } from './command.ts';
import { httpJson } from './http-json.ts';
import { prometheus } from './prometheus.ts';

/** What a reason may take on a screen and in a journal. */
const reasonLength = 300;

/**
 * Every measure source behind one port: asks it, within the measure's time, and believes only what is a sound number.
 * `environment` is where tokens come from, by name; their values are cut out of every reason.
 */
export function createMeasures(options: {
  runner: Runner;
  /** Where commands run. */
  cwd: string;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
}): Measures {
  const sources: Readonly<Record<MeasureSourcePlan['kind'], MeasureSource>> = Object.freeze({
    prometheus,
    http: httpJson,
    command: createCommandSource(options),
  });
  return {
    async read(measure, context, signal) {
      const secrets: string[] = [];
      const secret = (name: string) => {
        const value = options.environment[name];
        if (value === undefined || value === '')
          throw new Error(`the variable ${name} is not set where orchestrate was started`);
        secrets.push(value);
        return value;
      };
      const reading = await within(measure, signal, async (inTime) => {
        const raw = await sources[measure.source.kind].read({ measure, context, secret, signal: inTime });
        return soundReading(raw, options.clock.now(), measure.maxAgeMs);
      });
      if (reading.kind === 'value') return reading;
      return { ...reading, reason: safeText(without(secrets, reading.reason), reasonLength) };
    },
  };
}

/** The reading, or after the measure's time that it took too long; whoever reads is told to end, and not waited for. */
async function within(
  { timeoutMs }: MeasurePlan,
  signal: AbortSignal | undefined,
  read: (inTime: AbortSignal) => Promise<SideReading>,
): Promise<SideReading> {
  const inTime = new AbortController();
  const giveUp = (reason: string) => inTime.abort(new Error(reason));
  // A timer of its own: Node 20 may collect a signal made by AbortSignal.any before it fires.
  const timer = setTimeout(() => giveUp(`it did not answer within ${formatDuration(timeoutMs)}`), timeoutMs);
  const leave = () => giveUp('it is no longer asked');
  signal?.addEventListener('abort', leave, { once: true });
  if (signal?.aborted === true) leave();
  const givenUp = new Promise<never>((_, reject) => {
    const refuse = () => reject(new Error(messageOf(inTime.signal.reason)));
    inTime.signal.addEventListener('abort', refuse, { once: true });
    if (inTime.signal.aborted) refuse();
  });
  try {
    return await Promise.race([read(inTime.signal), givenUp]);
  } catch (error) {
    const reason = inTime.signal.aborted ? messageOf(inTime.signal.reason) : messageOf(error);
    return { kind: 'error', reason };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}

/** `text` with every secret cut out, before anything is shortened: a part of one is as bad. */
function without(secrets: readonly string[], text: string): string {
  // A reason is one line of what was said, so a secret of several lines shows line by line.
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('\n').map((line) => line.trim())]);
  return parts.filter((part) => part !== '').reduce((rest, part) => rest.replaceAll(part, '•••'), text);
}
