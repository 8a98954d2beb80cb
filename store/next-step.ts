import type { UiCommand } from './commands/command.ts';
import { commandOf } from './commands/registry.ts';
import type { Problem, UiState } from './state.ts';

/** Problems that another command than looking again gets on with; each by its code. */
const steps: ReadonlyMap<string, string> = new Map([
  ['bad-lock', 'unlock'],
  ['fenced', 'unlock'],
  ['lock-lost', 'unlock'],
  ['locked', 'unlock'],
  ['not-proved', 'view-selection'],
  ['nothing-to-deploy', 'view-selection'],
  ['unknown-feature', 'view-selection'],
  ['no-version', 'view-history'],
  ['unknown-deployment', 'view-history'],
]);

/** The command that gets on after a problem, where there is one that can be used now. */
export function nextStepOf(problem: Pick<Problem, 'code'>, state: UiState): UiCommand | undefined {
  const command = commandOf(steps.get(problem.code) ?? 'refresh');
  return command.whyNot?.(state) === undefined ? command : undefined;
}
