import type { UiCommand } from '../../store/commands/command.ts';
import { commands } from '../../store/commands/registry.ts';
import { createUiStore } from '../../store/create-store.ts';
import { type UiState, views } from '../../store/state.ts';

/** Keys as people read them, where that is not their name. */
const names: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  'page-up': 'PgUp',
  'page-down': 'PgDn',
  home: 'Home',
  end: 'End',
};

/** What a key does in each view it works in; one word where it is the same everywhere. */
function meaningOf({ label, views: only }: UiCommand, state: UiState): string {
  if (typeof label === 'string') return label;
  const said = (only ?? views).map((view) => ({
    view,
    text: label({ ...state, session: { ...state.session, view } }),
  }));
  const texts = [...new Set(said.map(({ text }) => text))];
  return texts
    .map((text) => {
      const where = said.filter((s) => s.text === text).map(({ view }) => view);
      return texts.length === 1 ? text : `${where.join(', ')}: ${text}`;
    })
    .join(' · ');
}

/** Where a key works. */
function whereOf({ views: only, details }: UiCommand): string {
  if (details) return `in an open ${details.join(', ')}`;
  return only?.join(', ') ?? 'everywhere';
}

/** Every key of the full-screen program as a Markdown table, from the commands that it obeys. */
export function keysReference(): string {
  const state = createUiStore({ columns: 100, rows: 30 }, 0).getState();
  return [
    '| keys | what they do | where |',
    '|---|---|---|',
    ...commands
      .filter((c) => c.keys.length > 0)
      .map((binding) => {
        const keys = binding.keys.map((key) => `\`${names[key] ?? key.replace('+', '-')}\``).join(' ');
        return `| ${keys} | ${meaningOf(binding, state)} | ${whereOf(binding)} |`;
      }),
    '',
  ].join('\n');
}
