import type { UiStore } from '../create-store.ts';
import { tell } from '../say.ts';
import type { UiState, View } from '../state.ts';
import { choosing } from './choosing.ts';
import type { UiCommand } from './command.ts';
import { deploying } from './deploying.ts';
import { moving } from './moving.ts';
import { leaving, program } from './program.ts';
import { reading } from './reading.ts';
import { showing } from './showing.ts';

/**
 * Everything a person can do, in the order the help lists it. The keys, the footer, the help, the palette and
 * docs/keys.md come from this; to add a command, add it to its group.
 */
export const commands: readonly UiCommand[] = Object.freeze([
  ...choosing,
  ...deploying,
  ...reading,
  ...program,
  ...moving,
  ...showing,
  ...leaving,
]);

const byId = new Map(commands.map((command) => [command.id, command]));

/** The command of that id. Throws where there is none: ids are written in code alone. */
export function commandOf(id: string): UiCommand {
  const command = byId.get(id);
  if (!command) throw new TypeError(`no command "${id}"; there are: ${[...byId.keys()].join(', ')}`);
  return command;
}

/** What a key does in a view; a command of that view comes before one that works everywhere. Undefined when nothing. */
export function commandAt(key: string, view: View): UiCommand | undefined {
  const bound = commands.filter((c) => c.keys.includes(key));
  return bound.find((c) => c.views?.includes(view)) ?? bound.find((c) => !c.views);
}

/** What a command does, in the present state. */
export function labelOf({ label }: UiCommand, state: UiState): string {
  return typeof label === 'string' ? label : label(state);
}

/** Why a command can do nothing now; undefined when it can. Throws on an unknown id. */
export function whyNot(id: string, state: UiState): string | undefined {
  return commandOf(id).whyNot?.(state);
}

/** Carries out one command, or says why it cannot be. Throws on an unknown id. */
export function perform(store: UiStore, id: string): void {
  const command = commandOf(id);
  const state = store.getState();
  const why = command.whyNot?.(state);
  if (why !== undefined) return tell(store, `Not now: ${why.replace(/\.$/, '')}.`, 'warn');
  command.run(store, state);
}
