import type { Outcome } from '../../domain/event.ts';
import { exitCode } from '../../domain/errors.ts';
import type { Context } from './context.ts';
import { describeEvent } from './describe-event.ts';

/** Streams a deployment's events to its end; the exit code that its end means. Ctrl-C only stops the watching. */
export async function followToEnd(
  context: Context,
  id: string,
  fromSeq: number,
  unattended: boolean,
): Promise<number> {
  const { orchestrator, output, shell } = context;
  let code: number | undefined;
  let asked = false;
  for await (const event of orchestrator.follow(id, fromSeq, shell.interrupted)) {
    output.data(event);
    const line = describeEvent(event);
    if (line !== undefined) output.text(`${event.at.slice(11, 19)} ${line}`);
    if (event.type === 'deployment.finished') code = codeOf(event.outcome);
    if (event.type === 'approval.requested') asked = true;
    if (event.type === 'approval.given') asked = false;
    if (event.type === 'deployment.paused' && !unattended) {
      output.note(
        asked
          ? `${id} keeps its traffic and waits for \`orchestrate deploy approve\` or \`reject\``
          : `${id} is paused and keeps its traffic; go on with \`orchestrate deploy promote\`, \`retry\`, \`resume\` or \`abort\``,
      );
      return exitCode.waiting;
    }
  }
  if (code !== undefined) return code;
  output.note(`${id} goes on without this terminal; \`orchestrate status --monitor\` watches it again`);
  return exitCode.interrupted;
}

/** The exit code of an outcome (CONTRACT). */
function codeOf(outcome: Outcome): number {
  switch (outcome) {
    case 'succeeded':
      return exitCode.done;
    case 'rolled_back':
      return exitCode.rolledBack;
    case 'failed':
      return exitCode.failed;
    case 'blocked':
      return exitCode.gateRefused;
    case 'halted':
      return exitCode.waiting;
    default:
      return outcome satisfies never;
  }
}
