import { messageOf } from '../../src/domain/errors.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { ActionPlan } from '../../src/domain/action.ts';
import type { ActionContext, ActionOutcome, Actions } from '../../src/ports/actions.ts';
import { runningMs, type Clock } from '../../src/ports/clock.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkDependency } from './check-dependency.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { runCommand } from './run-command.ts';
import { askHttp } from './smoke-http.ts';

/** What an action found: a reason where it failed. Throwing is a failure too, with the error's message. */
export interface Finding {
  passed: boolean;
  detail: string;
  expected?: string;
  actual?: string;
  output?: string[];
}

/** What every kind of action is given. */
export interface Doing {
  context: ActionContext;
  signal: AbortSignal;
  secrets: Secrets;
  runner: Runner;
  clock: Clock;
  /** Where commands run. */
  cwd: string;
  /** Carried by every process that the action starts. */
  mark: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** What a reason may take on a screen and in a journal. */
const reasonLength = 500;

/** Every kind of action behind one port. `environment` is where variables come from, by name; no value is ever shown. */
export function createActions(options: Pick<Doing, 'runner' | 'clock' | 'cwd' | 'environment'>): Actions {
  return {
    async perform(action, context, run, signal): Promise<ActionOutcome> {
      const secrets = openSecrets(options.environment);
      const begun = runningMs(options.clock);
      let found: Finding;
      try {
        found = await find(action, { ...options, context, signal, secrets, mark: `${options.cwd}#${run}` });
      } catch (error) {
        signal.throwIfAborted();
        found = { passed: false, detail: messageOf(error) };
      }
      signal.throwIfAborted();
      const safe = (text: string) => safeText(secrets.cutFrom(text), reasonLength);
      return {
        passed: found.passed,
        detail: safe(found.detail),
        ...(found.expected === undefined ? {} : { expected: safe(found.expected) }),
        ...(found.actual === undefined ? {} : { actual: safe(found.actual) }),
        durationMs: Math.round(runningMs(options.clock) - begun),
        output: (found.output ?? []).map(safe),
      };
    },
  };
}

function find(action: ActionPlan, doing: Doing): Promise<Finding> {
  switch (action.kind) {
    case 'configuration-check':
      return checkConfiguration(doing);
    case 'dependency-check':
      return checkDependency(action, doing);
    case 'smoke':
      return action.test.kind === 'http'
        ? askHttp(action.test, action.timeoutMs, doing)
        : runCommand(action.test, action, doing);
    case 'hook':
      return runCommand(action, action, doing);
    default:
      return action satisfies never;
  }
}
