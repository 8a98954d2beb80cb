import path from 'node:path';
import { exportAnalysis } from '../../../domain/analysis-export.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { exportFormats } from '../../../domain/history-export.ts';
import type { Replay, ReplayMoment } from '../../../domain/replay.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { knownEnvironment } from '../known-environment.ts';
import { noteLearning } from './learn.ts';
import { showAnalysis } from '../show-analysis.ts';

export interface AnalyzeOptions {
  env?: string;
  replay?: string;
  thresholds?: string;
  export?: string;
}

/** `analyze`: what past deployments say together; with `--replay ID` one of them judged again. */
export async function analyze(context: Context, options: AnalyzeOptions): Promise<number> {
  const { orchestrator, output } = context;
  if (options.replay !== undefined) return judgeAgain(context, options.replay, options.thresholds);
  if (options.thresholds !== undefined)
    throw new OrchestraError('usage', '--thresholds says what to judge a deployment again with', {
      exit: exitCode.usage,
      hint: 'name the deployment too: `--replay ID`',
    });
  if (options.env !== undefined) await knownEnvironment(orchestrator, options.env);
  const format = exportFormats.find((one) => one === options.export);
  if (options.export !== undefined && format === undefined)
    throw new OrchestraError('usage', `--export ${safeText(options.export, 100)} is not understood`, {
      exit: exitCode.usage,
      hint: `expected one of ${exportFormats.join(', ')}`,
    });
  let said = 0;
  const analysis = await orchestrator.analysis({
    ...(options.env === undefined ? {} : { environment: options.env }),
    signal: context.shell.interrupted,
    told(done, of) {
      // Old records are read once; whoever waits for thousands of them is told so.
      if (of < 500 || done - said < 500) return;
      said = done;
      output.note(`reading records of earlier deployments: ${done} of ${of}`);
    },
  });
  if (format !== undefined) {
    context.shell.stdout.write(exportAnalysis(analysis, format));
    return exitCode.done;
  }
  output.data(analysis);
  if (!output.json) output.text(showAnalysis(analysis));
  await noteLearning(context);
  return exitCode.done;
}

/** A finished deployment judged again: what would have been beside what was. */
async function judgeAgain(context: Context, id: string, thresholds: string | undefined): Promise<number> {
  const { orchestrator, output, options: global, shell } = context;
  const file = thresholds === undefined ? undefined : path.resolve(global.C ?? shell.cwd, thresholds);
  const again = await orchestrator.replay(id, file);
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
