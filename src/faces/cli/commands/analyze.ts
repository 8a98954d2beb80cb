import path from 'node:path';
import { formatDuration } from '../../../domain/duration.ts';
import { exitCode } from '../../../domain/errors.ts';
import type { Replay, ReplayMoment } from '../../../domain/replay.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';

export interface AnalyzeOptions {
  replay: string;
  thresholds?: string;
}

/** `analyze --replay ID`: a finished deployment judged again, what would have been beside what was. */
export async function analyze(context: Context, options: AnalyzeOptions): Promise<number> {
  const { orchestrator, output, options: global, shell } = context;
  const file =
    options.thresholds === undefined ? undefined : path.resolve(global.C ?? shell.cwd, options.thresholds);
  const again = await orchestrator.replay(options.replay, file);
  output.data(again);
  output.text(showReplay(again, file === undefined ? 'orchestra.yaml' : path.basename(file)));
  return exitCode.done;
}

/** A replay for people. */
function showReplay(again: Replay, from: string): string[] {
  return [
    `${again.deployment} (${again.environment}) judged again with ${from}`,
    `was:      ${again.was.outcome?.replace('_', ' ') ?? 'open'}: ${again.was.reason}`,
    `would be: ${again.would.outcome.replace('_', ' ')}: ${again.would.reason}`,
    ...again.phases.flatMap((phase) => [
      `${phase.name}  (${phase.readings} readings over ${formatDuration(phase.recordedMs)})`,
      ...lines('was', phase.was, 'not decided'),
      ...lines(
        'would be',
        phase.would,
        phase.readings === 0 ? 'no readings' : 'not decided when the readings end',
      ),
    ]),
    ...again.notes.map((note) => `! ${note}`),
    again.differs ? 'It would have been decided otherwise.' : 'Nothing would have been decided otherwise.',
  ].map((line) => safeText(line, 500));
}

function lines(label: string, moments: readonly ReplayMoment[], none: string): string[] {
  const said =
    moments.length === 0
      ? [none]
      : moments.map(
          ({ kind, afterMs, at, verdict }) =>
            `${kind.replace('_', ' ')} after ${formatDuration(afterMs)} (${at.slice(11, 19)}): ${verdict.reason}`,
        );
  return said.map((text, i) => `  ${(i === 0 ? label : '').padEnd(9)} ${text}`);
}
