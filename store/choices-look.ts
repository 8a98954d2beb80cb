import type { Actor } from '../src/domain/actor.ts';
import { agreementLines, choicesLines } from '../src/domain/choices-lines.ts';
import type { ChoicesReport } from '../src/domain/choices-report.ts';
import { counted } from '../src/domain/counted.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { askLate } from './asking.ts';
import { setSession, type UiStore } from './create-store.ts';
import { oneRequest } from './one-request.ts';
import { tell } from './say.ts';
import type { Dialog } from './state.ts';

/** What was learned of people's choices; every method answers through the store and never throws. */
export interface ChoicesLook {
  /** Opens what was learned of people's choices. */
  showChoices(): Promise<void>;
  /** Prepares the dialog that forgets it. */
  askForgetChoices(): Promise<void>;
  /** Forgets it, and looks again at what waits. */
  forgetChoices(): Promise<void>;
}

/** Habits that a dialog names. */
const mostNamed = 6;

function forgetDialog({ changes, deployments, leanings }: ChoicesReport): Dialog {
  const moves = leanings.filter(({ state }) => state === 'moves');
  return {
    title: 'Forget your choices?',
    rows: [
      { label: 'learned', value: `${counted(changes, 'change')}, ${counted(deployments, 'deployment')}` },
      ...moves.slice(0, mostNamed).map(({ text }) => ({ label: 'moves', value: safeText(text, 200) })),
      ...(moves.length > mostNamed ? [{ label: '', value: `and ${moves.length - mostNamed} more` }] : []),
    ],
    effect: [
      'What was chosen so far moves no advice any more. It is kept in a file; records and other patterns stay.',
    ],
    yes: 'Forget',
    chosen: 'no',
    intent: { kind: 'forget-choices' },
  };
}

/** Reads what was learned of choices for the screen, and forgets it at a person's word. */
export function createChoicesLook(
  store: UiStore,
  orchestrator: Orchestrator,
  { actor, refresh }: { actor: Actor; refresh: () => Promise<void> },
): ChoicesLook {
  const busily = (busy: string, work: () => Promise<void>) => oneRequest(store, busy, work);

  return {
    showChoices: () =>
      busily('your choices are being read', async () => {
        const report = await orchestrator.choices();
        const lines = [...choicesLines(report), '', ...agreementLines(report.agreement)];
        setSession(store, {
          detail: { kind: 'text', title: 'Your choices', lines },
          scroll: 0,
          scrollLimit: 0,
        });
      }),
    askForgetChoices: () =>
      busily('your choices are being read', async () => {
        const report = await orchestrator.choices();
        if (report.changes === 0) tell(store, 'Nothing was learned of your choices yet.');
        else askLate(store, forgetDialog(report), 'the palette has it');
      }),
    forgetChoices: () =>
      busily('your choices are being forgotten', async () => {
        const { backup, changes } = await orchestrator.clearChoices({ by: actor });
        tell(
          store,
          `Forgotten: ${counted(changes, 'change')}${backup === null ? '' : `; kept in ${safeText(backup.split('/').slice(-2).join('/'), 200)}`}.`,
        );
        await refresh();
      }),
  };
}
