import { connect } from 'node:net';
import type { ActionPlan } from '../../src/domain/action.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { messageOf } from '../../src/domain/errors.ts';
import { fillVariables } from '../runtime/environment.ts';
import type { Doing, Finding } from './actions.ts';
import { exchange } from './exchange.ts';
import { runCommand } from './run-command.ts';

type Check = Extract<ActionPlan, { kind: 'dependency-check' }>;

/** Asks what the service needs until it answers, once more than failures are tolerated. */
export async function checkDependency(check: Check, doing: Doing): Promise<Finding> {
  const tries = check.tolerate + 1;
  let last: Finding = { passed: false, detail: 'it was not asked' };
  for (let tried = 1; tried <= tries; tried += 1) {
    last = await ask(check, doing).catch((error: unknown): Finding => ({
      passed: false,
      detail: messageOf(error),
    }));
    doing.signal.throwIfAborted();
    if (last.passed) {
      const failures = tried - 1;
      return failures === 0 ? last : { ...last, detail: `${last.detail}, after ${failures} failures` };
    }
    if (tried < tries) await doing.clock.sleep(check.intervalMs, doing.signal);
  }
  return tries === 1 ? last : { ...last, detail: `${last.detail}, ${tries} times in a row` };
}

async function ask(check: Check, doing: Doing): Promise<Finding> {
  const { target, timeoutMs } = check;
  if (target.kind === 'command') return runCommand(target, check, doing);
  const given = ownVariables(doing);
  if (target.kind === 'tcp') {
    await reach(doing.secrets.fill(target.address, given), timeoutMs, doing.signal);
    return { passed: true, detail: `${target.address} takes connections` };
  }
  const url = new URL(doing.secrets.fill(target.url, given));
  const { status } = await exchange(
    { url, method: 'GET', headers: {}, body: undefined, timeoutMs },
    doing.signal,
  );
  const passed = status >= 200 && status < 300;
  return passed
    ? { passed, detail: `${target.url} answers ${status}` }
    : { passed, detail: `GET ${target.url}`, expected: 'a 2xx status', actual: String(status) };
}

/** What the service is told, for `${NAME}` in the address of what it needs; what is missing there is said elsewhere. */
function ownVariables({ context, environment }: Doing): Record<string, string> {
  const { service, variables } = context;
  const filled: Record<string, string> = {};
  for (const [name, written] of Object.entries({ ...service.variables, ...variables })) {
    try {
      Object.assign(filled, fillVariables({ [name]: written }, {}, environment));
    } catch {
      // The configuration check names it.
    }
  }
  return filled;
}

/** Resolves once a connection stands. Throws what prevented it, without the address: that may be a secret. */
function reach(address: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(at + 1));
  if (at < 1 || !Number.isInteger(port) || port < 1 || port > 65_535)
    return Promise.reject(new Error('its address is not host:port'));
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    const timer = setTimeout(
      () => end(`it took no connection within ${formatDuration(timeoutMs)}`),
      timeoutMs,
    );
    const end = (problem?: string) => {
      clearTimeout(timer);
      socket.destroy();
      if (problem === undefined) resolve();
      else reject(new Error(problem));
    };
    socket.once('connect', () => end());
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(`it took no connection: ${error.code ?? 'failed'}`),
    );
  });
}
