import { whyNotTick } from '../../src/domain/ticks.ts';
import { whyNotRerun } from '../../src/domain/testing-verdict.ts';
import { beginSearch, currentItem, openText, stepHit } from '../reading.ts';
import type { UiState } from '../state.ts';
import { suiteOf, testingAt, testingRows } from '../testing-rows.ts';
import type { UiCommand } from './command.ts';

const texts = ['paper', 'output'] as const;

function whyNotRead({ session }: UiState): string | undefined {
  if (openText(session)) return undefined;
  return session.view === 'testing' ? 'open an output first: enter' : 'open a paper first: enter';
}

function whyNotStep(state: UiState): string | undefined {
  return state.link ? whyNotRead(state) : 'still loading';
}

function whyNotHit(state: UiState): string | undefined {
  return whyNotRead(state) ?? (openText(state.session)?.search ? undefined : 'search for something first: /');
}

function whyNotTickHere({ link, session, deployment }: UiState): string | undefined {
  if (!link) return 'still loading';
  const item = currentItem(session.detail, deployment);
  if (item === undefined || !deployment)
    return deployment && deployment.checklist.length > 0
      ? 'open the checklist first: enter on CHECKLIST.md'
      : 'there is no checklist to tick';
  const done = !deployment.ticks.some((tick) => tick.item === item);
  return whyNotTick(deployment, item, done);
}

function whyNotRunAgain(state: UiState): string | undefined {
  const { link, busy, deployment } = state;
  if (!link) return 'still loading';
  const row = testingRows(deployment)[testingAt(state)];
  if (!deployment || !row) return 'nothing was tested yet';
  const suite = suiteOf(row);
  return suite ? (whyNotRerun(deployment, suite.name) ?? busy) : 'only a suite can be run again';
}

const beside = ({ session }: UiState, which: string) =>
  `${which} ${session.detail?.kind === 'output' ? 'suite' : 'paper'}`;

/** Reading papers and outputs, ticking the checklist, running a suite again. */
export const papers: readonly UiCommand[] = [
  {
    id: 'tick',
    keys: ['space', 'x'],
    shown: 'space',
    label: ({ session, deployment }) =>
      deployment?.ticks.some(({ item }) => item === currentItem(session.detail, deployment))
        ? 'untick'
        : 'tick',
    footer: 2,
    details: ['paper'],
    whyNot: whyNotTickHere,
    run: (_, { link }) => void link?.tick(),
  },
  {
    id: 'rerun',
    keys: ['R'],
    shown: 'R',
    label: 'run again',
    views: ['testing'],
    footer: 3,
    whyNot: whyNotRunAgain,
    run: (_, { link }) => void link?.rerun(),
  },
  {
    id: 'previous-paper',
    keys: ['['],
    shown: '[',
    label: (state) => beside(state, 'previous'),
    footer: 4,
    details: texts,
    whyNot: whyNotStep,
    run: (_, { link }) => void link?.stepText(-1),
  },
  {
    id: 'next-paper',
    keys: [']'],
    shown: ']',
    label: (state) => beside(state, 'next'),
    footer: 4,
    details: texts,
    whyNot: whyNotStep,
    run: (_, { link }) => void link?.stepText(1),
  },
  {
    id: 'search',
    keys: ['/'],
    shown: '/',
    label: 'search',
    footer: 3,
    details: texts,
    whyNot: whyNotRead,
    run: beginSearch,
  },
  {
    id: 'next-hit',
    keys: ['.', 'enter'],
    shown: '. enter',
    label: 'next place found',
    footer: 2,
    details: texts,
    whyNot: whyNotHit,
    run: (store) => stepHit(store, 1),
  },
  {
    id: 'previous-hit',
    keys: [','],
    shown: ',',
    label: 'place found before',
    footer: 3,
    details: texts,
    whyNot: whyNotHit,
    run: (store) => stepHit(store, -1),
  },
];
