import type { Outcome } from '../../domain/event.ts';
import { exitCode } from '../../domain/errors.ts';
import type { Context } from './context.ts';
import { describeEvents } from './describe-event.ts';

/** What following needs of a command's context. */
export interface Following extends Pick<Context, 'output'> {
  orchestrator: Pick<Context['orchestrator'], 'follow' | 'actor'>;
  shell: Pick<Context['shell'], 'interrupted'>;
}

/** Streams a deployment's events to its end; the exit code that its end means. Ctrl-C only stops the watching. */
export async function followToEnd(
  context: Following,
  id: string,
  fromSeq: number,
  unattended: boolean,
): Promise<number> {
  const { orchestrator, output, shell } = context;
  const describe = describeEvents();
  let code: number | undefined;
  let asked = false;
  let held = false;
  const by = await orchestrator.actor('cli');
  for await (const event of orchestrator.follow(id, fromSeq, shell.interrupted, by)) {
    output.data(event);
    const line = describe(event);
    if (line !== undefined) output.text(`${event.at.slice(11, 19)} ${line}`);
    if (event.type === 'deployment.finished') code = codeOf(event.outcome);
    if (event.type === 'approval.requested') asked = true;
    if (event.type === 'approval.given' && event.missing === undefined) asked = false;
    if (event.type === 'deployment.waiting' && event.until !== undefined)
      output.note(
        `${id} goes on by itself then, also without this terminal (Ctrl-C leaves it); \`orchestrate deploy start\` looks at its gates now, \`orchestrate deploy abort\` withdraws it`,
      );
    if (event.type === 'action.finished') held = event.result.status === 'failed';
    if (event.type === 'deployment.resumed' || event.type === 'measured') held = false;
    if (event.type === 'deployment.paused' && !unattended) {
      output.note(
        asked
          ? `${id} keeps its traffic and waits for \`orchestrate deploy approve\` or \`reject\``
          : `${id} is paused and keeps its traffic; go on with \`orchestrate deploy ${held ? 'retry`, `promote` (without what failed)' : 'promote`, `retry`, `resume`'} or \`abort\``,
      );
      return exitCode.waiting;
    }
  }
  if (code !== undefined) {
    const paper = paperOf(code);
    if (paper !== undefined) output.note(`more in deployment_memory/history/${id}/${paper}`);
    return code;
  }
  output.note(`${id} goes on without this terminal; \`orchestrate status --monitor\` watches it again`);
  return exitCode.interrupted;
}

/** What to read where it did not end well. */
function paperOf(code: number): string | undefined {
  if (code === exitCode.rolledBack) return 'rollback-report.md';
  return code === exitCode.done ? undefined : 'execution-report.md';
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
