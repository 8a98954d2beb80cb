import { type Binding, keymap } from '../../components/keymap.ts';
import { createUiStore } from '../../store/create-store.ts';
import type { UiState, View } from '../../store/state.ts';

const views: readonly View[] = [
  'discovery',
  'selection',
  'staging',
  'testing',
  'production',
  'learning',
  'history',
  'log',
];

/** What a key does in each view it works in; one word where it is the same everywhere. */
function meaningOf({ label, views: only }: Binding, state: UiState): string {
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

/** Every key of the full-screen program as a Markdown table, from the keymap that it obeys. */
export function keysReference(): string {
  const state = createUiStore({ columns: 100, rows: 30 }, 0).getState();
  return [
    '| key | also | does | where |',
    '|---|---|---|---|',
    ...keymap.map((binding) => {
      const [, ...also] = binding.keys;
      const others = also.map((key) => `\`${key}\``).join(' ');
      return `| \`${binding.shown}\` | ${others} | ${meaningOf(binding, state)} | ${binding.views?.join(', ') ?? 'everywhere'} |`;
    }),
    '',
  ].join('\n');
}
