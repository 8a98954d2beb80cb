import { setSession } from '../create-store.ts';
import { currentEvent, eventGroups, groupWords } from '../log.ts';
import { openPicker } from '../picker.ts';
import { goToSubject, whyNotSubject } from '../subject.ts';
import type { UiCommand } from './command.ts';

const views = ['log'] as const;

/** Reading the log of events. */
export const log: readonly UiCommand[] = [
  {
    id: 'follow-log',
    keys: ['F'],
    shown: 'F',
    label: ({ log }) => (log.at === undefined ? 'following' : 'follow'),
    views,
    footer: 3,
    whyNot: ({ log }) => (log.at === undefined ? 'it follows the newest event already' : undefined),
    run: (store) => store.setState(({ log }) => ({ log: { ...log, at: undefined } })),
  },
  {
    id: 'log-events',
    keys: ['f'],
    shown: 'f',
    label: ({ log }) => (log.group === 'all' ? 'which events' : groupWords[log.group][0]),
    views,
    footer: 4,
    run: (store, { log }) =>
      openPicker(store, {
        title: 'Which events?',
        at: eventGroups.indexOf(log.group),
        options: eventGroups.map((group) => ({
          label: groupWords[group][0],
          hint: groupWords[group][1],
          run: () => store.setState((state) => ({ log: { ...state.log, group } })),
        })),
      }),
  },
  {
    id: 'log-order',
    keys: ['o'],
    shown: 'o',
    label: ({ log }) => (log.order === 'newest-last' ? 'newest first' : 'newest last'),
    views,
    footer: 7,
    run: (store) =>
      store.setState(({ log }) => ({
        log: { ...log, order: log.order === 'newest-last' ? 'newest-first' : 'newest-last' },
      })),
  },
  {
    id: 'log-of',
    keys: ['p'],
    shown: 'p',
    label: 'past deployments',
    views,
    footer: 6,
    whyNot: ({ link, history }) =>
      !link || history.status === 'loading'
        ? 'still loading'
        : history.status === 'failed'
          ? history.problem.message
          : history.rows.length === 0
            ? 'no deployment has ended yet'
            : undefined,
    run: (_, { link }) => link?.pickLog(),
  },
  {
    id: 'log-live',
    keys: ['x'],
    shown: 'x',
    label: 'back to what runs',
    views,
    whyNot: ({ log }) => (log.past ? undefined : 'no past deployment is open'),
    run: (store) => store.setState(({ log }) => ({ log: { ...log, at: undefined, past: undefined } })),
  },
  {
    id: 'go-to-subject',
    keys: ['v'],
    shown: 'v',
    label: 'go to it',
    views,
    footer: 5,
    whyNot: whyNotSubject,
    run(store, state) {
      const event = currentEvent(state);
      if (!event) return;
      setSession(store, { detail: undefined });
      goToSubject(store, event);
    },
  },
];
