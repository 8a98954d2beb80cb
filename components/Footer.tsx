import type { UiCommand } from '../store/commands/command.ts';
import { commands, labelOf } from '../store/commands/registry.ts';
import { focusOf } from '../store/focus.ts';
import { hasDrawer } from '../store/layout.ts';
import { tourScreens } from '../store/tour.ts';
import { useUi } from '../store/hooks.ts';
import { openText } from '../store/reading.ts';
import type { UiState } from '../store/state.ts';
import { widthOf } from './fit.ts';
import { LineText } from './Lines.tsx';
import { type Line, type Span, span } from './theme.ts';

interface Hint {
  keys: string;
  label: string;
  rank: number;
  /** The key that a click on it presses; none where it stands for several. */
  press?: string;
}

const dialogHints: readonly Hint[] = [
  { keys: '← →', label: 'choose', rank: 1 },
  { keys: 'enter', label: 'confirm', rank: 1, press: 'enter' },
  { keys: 'y', label: 'yes', rank: 1 },
  { keys: 'n esc', label: 'no', rank: 1, press: 'esc' },
];

const wordHints: readonly Hint[] = [
  { keys: 'type', label: 'the word', rank: 1 },
  { keys: 'enter', label: 'confirm', rank: 1, press: 'enter' },
  { keys: 'esc', label: 'no', rank: 1, press: 'esc' },
];

const pickingHints: readonly Hint[] = [
  { keys: '↑ ↓', label: 'choose', rank: 1 },
  { keys: 'type', label: 'to find', rank: 2 },
  { keys: 'enter', label: 'take it', rank: 1, press: 'enter' },
  { keys: 'esc', label: 'leave', rank: 1, press: 'esc' },
];

const typingHints: readonly Hint[] = [
  { keys: 'type', label: 'to filter', rank: 1 },
  { keys: 'enter', label: 'keep', rank: 1, press: 'enter' },
  { keys: 'esc', label: 'show all', rank: 1, press: 'esc' },
];

const searchHints: readonly Hint[] = [
  { keys: 'type', label: 'to search', rank: 1 },
  { keys: 'enter', label: 'keep', rank: 1 },
  { keys: 'esc', label: 'leave', rank: 1 },
];

const leavingTour: readonly Hint[] = [
  { keys: 'esc', label: 'ends the tour', rank: 1, press: 'esc' },
  { keys: 'any other key', label: 'does what it always does', rank: 3 },
  { keys: 'q', label: 'quit', rank: 2, press: 'q' },
];

const tourHints: readonly Hint[] = [
  { keys: 'enter →', label: 'goes on', rank: 1, press: 'enter' },
  ...leavingTour,
];

const lastTourHints: readonly Hint[] = [
  { keys: 'enter →', label: 'begins', rank: 1, press: 'enter' },
  ...leavingTour,
];

const readingHints: readonly Hint[] = [
  { keys: '↑↓ j k', label: 'scroll', rank: 1 },
  { keys: 'esc', label: 'back', rank: 1, press: 'esc' },
  { keys: 'q', label: 'quit', rank: 1, press: 'q' },
];

/** In a list with something open beside it. */
const besideHints: readonly Hint[] = [
  { keys: 'tab', label: 'into it', rank: 1, press: 'tab' },
  { keys: 'esc', label: 'close it', rank: 1, press: 'esc' },
];

/** Whether a command has a place in the footer now: those of the detail where it has the keys, else those of the view. */
function usable({ footer, views, details, whyNot }: UiCommand, state: UiState): boolean {
  const { session } = state;
  const here =
    session.detail && focusOf(session) === 'drawer'
      ? details?.includes(session.detail.kind) === true
      : !details && (!views || views.includes(session.view));
  return footer !== undefined && here && whyNot?.(state) === undefined;
}

function commandHints(state: UiState): Hint[] {
  return commands.flatMap((b) =>
    usable(b, state)
      ? [
          {
            keys: b.shown,
            label: b.id === 'quit' ? 'quit' : labelOf(b, state),
            rank: b.footer ?? 9,
            ...(b.keys[0] === undefined ? {} : { press: b.keys[0] }),
          },
        ]
      : [],
  );
}

function hintsOf(state: UiState): readonly Hint[] {
  const { session } = state;
  if (session.dialog) return session.dialog.word === undefined ? dialogHints : wordHints;
  if (session.filter?.typing) return typingHints;
  if (session.picker) return pickingHints;
  if (openText(session)?.search?.typing) return searchHints;
  if (session.tour !== undefined) return session.tour < tourScreens - 1 ? tourHints : lastTourHints;
  if (session.help) return readingHints;
  const beside = session.detail !== undefined && hasDrawer(session.size);
  if (focusOf(session) !== 'drawer') return [...(beside ? besideHints : []), ...commandHints(state)];
  return [
    ...commandHints(state),
    ...readingHints,
    ...(beside ? [{ keys: 'tab', label: 'to the list', rank: 2, press: 'tab' }] : []),
  ];
}

/** The hints that fit, each with its first cell and the one after its last; the least needed are left out. */
function placedHints(state: UiState, width: number): { hint: Hint; from: number; to: number }[] {
  let hints = [...hintsOf(state)];
  const widthOfAll = () => hints.reduce((n, h) => n + widthOf(h.keys) + widthOf(h.label) + 4, -3);
  while (hints.length > 1 && widthOfAll() > width - 4) {
    const least = hints.reduce((worst, h) => (h.rank >= worst.rank ? h : worst));
    hints = hints.filter((h) => h !== least);
  }
  let at = 2;
  return hints.map((hint) => {
    const from = at;
    const to = from + widthOf(hint.keys) + 1 + widthOf(hint.label);
    at = to + 3;
    return { hint, from, to };
  });
}

/** The keys that do something now, as far as they fit. */
export function footerOf(state: UiState, width: number): Line {
  const placed = placedHints(state, width);
  const hints = placed.flatMap(({ hint }, i): Span[] => [
    ...(i > 0 ? [span(' · ', 'quiet')] : []),
    span(hint.keys, 'accent', true),
    span(` ${hint.label}`),
  ]);
  const used = placed.at(-1)?.to ?? 2;
  return [span('└ ', 'quiet'), ...hints, span(` ${'─'.repeat(Math.max(0, width - used - 2))}┘`, 'quiet')];
}

/** The name of the key that the hint in column `x` of the bottom line stands for; undefined where none does. */
export function footerKeyAt(state: UiState, width: number, x: number): string | undefined {
  return placedHints(state, width).find(({ from, to }) => x >= from && x < to)?.hint.press;
}

/** The bottom line of the screen. */
export function Footer({ width }: { width: number }) {
  const state = useUi((s) => s);
  return <LineText line={footerOf(state, width)} width={width} />;
}
