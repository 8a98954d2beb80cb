import type { Command } from '../../../domain/command.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { followToEnd } from '../follow.ts';
import { heldEnvironment } from '../environment-held.ts';
import { agreed, environmentOf } from './deploy.ts';

export interface RunningOptions {
  env?: string;
  why?: string;
}

/** `deploy promote|pause|resume|approve|reject`: asks something of the deployment that runs in an environment. */
export async function tell(context: Context, command: Command, options: RunningOptions): Promise<number> {
  const d = await runningIn(context, options.env);
  if (!d) throw nothingRuns(await environmentOf(context, options.env));
  await send(context, d, command, options.why);
  return exitCode.done;
}

/** `deploy tick N`: ticks the checklist's item of that number, or its id, or takes the tick away. */
export async function tick(
  context: Context,
  item: string,
  options: RunningOptions & { undo?: boolean },
): Promise<number> {
  const d = await runningIn(context, options.env);
  if (!d) throw nothingRuns(await environmentOf(context, options.env));
  const found = d.checklist.find(({ id }, i) => id === item || String(i + 1) === item);
  if (!found)
    throw new OrchestraError('unknown-item', `the checklist has no item ${safeText(item, 60)}`, {
      exit: exitCode.usage,
      hint: '`orchestrate status` lists them with their numbers',
    });
  await send(context, d, { kind: 'tick', item: found.id, done: options.undo !== true }, options.why);
  return exitCode.done;
}

/** `deploy abort`: always wins; without a deployment there is nothing to do. */
export async function abort(context: Context, options: RunningOptions & { force?: true }): Promise<number> {
  const d = await runningIn(context, options.env);
  if (!d) {
    const environment = await environmentOf(context, options.env);
    context.output.data({ environment, aborted: null });
    context.output.text(`nothing runs in ${environment}`);
    return exitCode.done;
  }
  if (options.force === true) return forceAbort(context, d, options.why);
  return takeBack(context, d, options.why);
}

async function takeBack(context: Context, d: Deployment, why: string | undefined): Promise<number> {
  await send(context, d, { kind: 'abort' }, why);
  return followToEnd(context, d.id, d.seq, true);
}

/** Ends the conductor that does not answer, after a yes; another one takes everything back. */
async function forceAbort(context: Context, d: Deployment, why: string | undefined): Promise<number> {
  const { orchestrator, output, options, shell } = context;
  if (options.yes !== true) {
    output.note(
      `Where the conductor of ${d.id} (${d.environment}) does not answer, its process is ended. Another one restores stable.`,
    );
    const yes = options.input && shell.confirm ? await shell.confirm('End it by force?') : undefined;
    if (yes !== true)
      throw new OrchestraError(
        'needs-yes',
        `${d.id} goes on: ${yes === false ? 'the answer was no' : 'nobody could be asked'}`,
        { exit: exitCode.gateRefused, hint: yes === false ? 'nothing was changed' : 'add --yes' },
      );
  }
  const { ended, seq } = await orchestrator.forceEnd(
    { id: d.id, by: await orchestrator.actor('cli'), ...(why === undefined ? {} : { why }) },
    (text) => output.note(text),
  );
  output.note(
    ended === undefined
      ? `${d.id}: its conductor answered after all, and aborts`
      : `${d.id}: process ${ended} was ended, another one takes everything back`,
  );
  return followToEnd(context, d.id, seq, true);
}

/** `deploy rollback`: ends a rollout under way, else starts a new deployment of the version before. */
export async function rollback(
  context: Context,
  options: RunningOptions & { version?: string },
): Promise<number> {
  const { orchestrator } = context;
  const under = await runningIn(context, options.env);
  if (under && under.candidate.kind !== 'promoted') {
    const { version } = options;
    const { stable } = under;
    if (
      version !== undefined &&
      version !== stable?.name &&
      !(version.length >= 7 && stable?.sha.startsWith(version))
    )
      throw new OrchestraError(
        'rollout-under-way',
        `${under.id} is under way: taken back, it returns to ${stable?.name ?? 'nothing'}, not to ${safeText(version, 60)}`,
        {
          exit: exitCode.usage,
          hint: `\`orchestrate deploy abort --env ${under.environment}\` first, then \`deploy rollback --version ${safeText(version, 60)}\``,
        },
      );
    return takeBack(context, under, options.why);
  }
  const environment = await environmentOf(context, options.env);
  const request = { environment, ...(options.version === undefined ? {} : { version: options.version }) };
  const draft = await orchestrator.rollbackDraft(request);
  await agreed(context, draft);
  const unattended = !context.options.input;
  const why = options.why === undefined ? {} : { why: options.why };
  const by = await orchestrator.actor('cli');
  const id = await orchestrator.rollback({ ...request, by, ...why, unattended }, draft);
  return followToEnd(context, id, 0, unattended);
}

/** The deployment that is under way in an environment. */
export async function runningIn(context: Context, name: string | undefined): Promise<Deployment | undefined> {
  const environment = await heldEnvironment(context, name);
  return (await context.orchestrator.active()).find((d) => d.environment === environment);
}

async function send(
  { orchestrator, output }: Context,
  d: Deployment,
  command: Command,
  why: string | undefined,
): Promise<void> {
  const { refused } = await orchestrator.command(d.id, command, await orchestrator.actor('cli'), why);
  if (refused !== undefined) {
    throw new OrchestraError('refused', `${command.kind} has no effect on ${d.id}: ${refused}`, {
      exit: exitCode.usage,
      hint: '`orchestrate status` shows where it stands',
    });
  }
  if (command.kind !== 'abort') output.data({ deployment: d.id, command: command.kind });
  output.text(`${d.id}: ${command.kind}`);
}

function nothingRuns(environment: string): OrchestraError {
  return new OrchestraError('not-running', `no deployment runs in ${environment}`, {
    exit: exitCode.usage,
    hint: '`orchestrate history` shows the past ones',
  });
}
