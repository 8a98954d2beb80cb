import { setSession } from '../create-store.ts';
import { keepPersonal } from '../personal.ts';
import { isActive } from '../reasons.ts';
import { tell } from '../say.ts';
import type { UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

const whyNoLink = ({ link }: UiState) => (link ? undefined : 'still loading');

/** What concerns the program as a whole. */
export const program: readonly UiCommand[] = [
  {
    id: 'environment',
    keys: ['e'],
    shown: 'e',
    label: 'environment',
    whyNot: ({ deployment, environments }) =>
      isActive(deployment)
        ? `${deployment.id} is under way in ${deployment.environment}`
        : environments.length < 2
          ? 'there is only one environment'
          : undefined,
    run: (_, { link }) => link?.cycleEnvironment(),
  },
  {
    id: 'refresh',
    keys: ['u'],
    shown: 'u',
    label: 'look again',
    whyNot: whyNoLink,
    run: (_, { link }) => void link?.refresh(),
  },
  {
    id: 'audit',
    keys: [],
    shown: '',
    label: 'audit trail: who did what',
    whyNot: whyNoLink,
    run: (_, { link }) => void link?.askAudit(),
  },
  {
    id: 'choices',
    keys: [],
    shown: '',
    label: 'your choices: what they move',
    whyNot: whyNoLink,
    run: (_, { link }) => void link?.showChoices(),
  },
  {
    id: 'forget-choices',
    keys: [],
    shown: '',
    label: 'forget your choices',
    whyNot: whyNoLink,
    run: (_, { link }) => void link?.askForgetChoices(),
  },
  {
    id: 'mouse',
    keys: [],
    shown: '',
    label: ({ session }) => (session.mouse ? 'mouse off' : 'mouse on'),
    run(store, { session }) {
      const mouse = !session.mouse;
      setSession(store, { mouse });
      const kept = keepPersonal(store, { mouse }) ? '' : ' It is so until you leave: it cannot be kept.';
      tell(
        store,
        mouse
          ? `Click on a row, a stage or a key below; the wheel scrolls. Text is selected with shift held down.${kept}`
          : `The mouse is the terminal's again.${kept}`,
      );
    },
  },
  {
    id: 'tour',
    keys: [],
    shown: '',
    label: 'show the tour',
    run: (store) => setSession(store, { tour: 0, help: false }),
  },
];

/** The keys that every screen ends its footer with. */
export const leaving: readonly UiCommand[] = [
  {
    id: 'help',
    keys: ['?'],
    shown: '?',
    label: 'help',
    footer: 1,
    run: (store, { session }) => setSession(store, { help: !session.help, scroll: 0, scrollLimit: 0 }),
  },
  {
    id: 'quit',
    keys: ['q', 'ctrl+c'],
    shown: 'q',
    label: 'quit; what runs goes on',
    footer: 1,
    run: (store) => setSession(store, { quitting: true }),
  },
];
