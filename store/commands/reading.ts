import type { UiStore } from '../create-store.ts';
import { openFeature, openFile, turnFile, turnTab } from '../feature-tabs.ts';
import { turnRecordTab } from '../record-tabs.ts';
import type { UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

const whyNotTurn = ({ session }: UiState) =>
  session.detail?.kind === 'feature' ? undefined : 'open a feature first: enter';

function whyNotTurnFile(state: UiState): string | undefined {
  return whyNotTurn(state) ?? (state.session.tab === 'diff' ? undefined : 'only its diff has files to go to');
}

function whyNotOpenFile(state: UiState): string | undefined {
  const why = whyNotTurn(state);
  if (why !== undefined) return why;
  if (state.session.tab !== 'files') return 'its files tab opens them: ] goes on to it';
  return openFeature(state)?.files.length ? undefined : 'it changes no file';
}

/** Turns the tabs of what stands open. */
function turn(store: UiStore, by: 1 | -1): void {
  if (store.getState().session.detail?.kind === 'record') turnRecordTab(store, by);
  else turnTab(store, by);
}

/** Reading a feature that stands open: its tabs, its files, its diff. */
export const reading: readonly UiCommand[] = [
  {
    id: 'next-tab',
    keys: [']'],
    shown: ']',
    label: 'next tab',
    details: ['feature', 'record'],
    footer: 2,
    run: (store) => turn(store, 1),
  },
  {
    id: 'previous-tab',
    keys: ['['],
    shown: '[',
    label: 'previous tab',
    details: ['feature', 'record'],
    footer: 3,
    run: (store) => turn(store, -1),
  },
  {
    id: 'open-file',
    keys: ['enter'],
    shown: 'enter',
    label: 'show in the diff',
    details: ['feature'],
    footer: 2,
    whyNot: whyNotOpenFile,
    run: (store) => openFile(store),
  },
  {
    id: 'next-file',
    keys: ['}'],
    shown: '}',
    label: 'next file',
    details: ['feature'],
    footer: 2,
    whyNot: whyNotTurnFile,
    run: (store) => turnFile(store, 1),
  },
  {
    id: 'previous-file',
    keys: ['{'],
    shown: '{',
    label: 'previous file',
    details: ['feature'],
    footer: 3,
    whyNot: whyNotTurnFile,
    run: (store) => turnFile(store, -1),
  },
];
