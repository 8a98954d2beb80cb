import type { UiStore } from '../create-store.ts';
import { focusOf } from '../focus.ts';
import type { Session, UiState } from '../state.ts';
import { appearance } from './appearance.ts';
import { choosing } from './choosing.ts';
import { carryOut, type UiCommand } from './command.ts';
import { paletteCommand } from './palette.ts';
import { deploying } from './deploying.ts';
import { log } from './log.ts';
import { moving } from './moving.ts';
import { places } from './places.ts';
import { leaving, program } from './program.ts';
import { papers } from './papers.ts';
import { reading } from './reading.ts';
import { records } from './records.ts';
import { rest } from './rest.ts';
import { showing } from './showing.ts';

/**
 * Everything a person can do, in the order the help lists it. The keys, the footer, the help, the palette and
 * docs/keys.md come from this; to add a command, add it to its group.
 */
export const commands: readonly UiCommand[] = Object.freeze([
  ...choosing,
  ...reading,
  ...records,
  ...deploying,
  rest,
  ...papers,
  ...places,
  ...log,
  ...program,
  ...appearance,
  ...moving,
  ...showing,
  paletteCommand(() => commands),
  ...leaving,
]);

export { labelOf } from './command.ts';

const byId = new Map(commands.map((command) => [command.id, command]));

/** The command of that id. Throws where there is none: ids are written in code alone. */
export function commandOf(id: string): UiCommand {
  const command = byId.get(id);
  if (!command) throw new TypeError(`no command "${id}"; there are: ${[...byId.keys()].join(', ')}`);
  return command;
}

/**
 * What a key does: a command of the detail that has the keys comes before one of the view, that before one that works
 * everywhere, and last comes one of a detail beside the list. Undefined when nothing.
 */
export function commandAt(key: string, session: Session): UiCommand | undefined {
  const bound = commands.filter((c) => c.keys.includes(key));
  const general = bound.filter((c) => !c.details);
  const open = session.help ? undefined : session.detail?.kind;
  const ofDetail = bound.find((c) => open !== undefined && c.details?.includes(open));
  return (
    (focusOf(session) === 'drawer' ? ofDetail : undefined) ??
    general.find((c) => c.views?.includes(session.view)) ??
    general.find((c) => !c.views) ??
    ofDetail
  );
}

/** Why a command can do nothing now; undefined when it can. Throws on an unknown id. */
export function whyNot(id: string, state: UiState): string | undefined {
  return commandOf(id).whyNot?.(state);
}

/** Carries out one command, or says why it cannot be. Throws on an unknown id. */
export function perform(store: UiStore, id: string): void {
  carryOut(store, commandOf(id));
}
