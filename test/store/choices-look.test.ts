import { describe, expect, it } from 'vitest';
import { createChoicesLook } from '../../store/choices-look.ts';
import { createUiStore } from '../../store/create-store.ts';
import { chosenFrom, learnedFrom } from '../harness/choices.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { feature } from '../harness/features.ts';

const actor = { name: 'Ana', face: 'ui' } as const;
const patterns = () =>
  learnedFrom(
    Array.from({ length: 8 }, (_, n) =>
      chosenFrom(
        n,
        [feature(`f${n}`, { files: [] }), feature(`c${n}`, { type: 'chore', title: 'chore: x', files: [] })],
        { take: [`f${n}`] },
      ),
    ),
  );

function screen(engine: FakeOrchestrator) {
  const store = createUiStore({ columns: 120, rows: 40 }, 0);
  let looked = 0;
  const refresh = async () => {
    looked += 1;
  };
  const look = createChoicesLook(store, engine, { actor, refresh });
  return { store, look, looked: () => looked, session: () => store.getState().session };
}

describe('M6 what people chose, on the screen', () => {
  it('is shown with what it moves', async () => {
    const { look, session, store } = screen(new FakeOrchestrator({ patterns: patterns() }));
    await look.showChoices();
    const { detail } = session();
    expect(detail).toMatchObject({ kind: 'text', title: 'Your choices' });
    expect(JSON.stringify(detail)).toContain(
      'You left out 8 of 8 chore changes (75–100 %): moved to optional',
    );
    expect(store.getState().busy).toBeUndefined();
  });

  it('is forgotten after a question that stands on no, and what waits is looked at again', async () => {
    const engine = new FakeOrchestrator({ patterns: patterns() });
    const { look, session, looked } = screen(engine);
    await look.askForgetChoices();
    expect(session().dialog).toMatchObject({ chosen: 'no', intent: { kind: 'forget-choices' } });
    expect(JSON.stringify(session().dialog)).toContain('you left out 8 of 8 chore changes');
    expect(engine.cleared).toEqual([]);
    await look.forgetChoices();
    expect(engine.cleared).toEqual(['Ana']);
    expect(session().toast?.text).toBe(
      'Forgotten: 16 changes; kept in exports/choices-20261121_101520.json.',
    );
    expect(looked()).toBe(1);
  });

  it('asks nothing where there is nothing to forget, and says what failed', async () => {
    const nothing = screen(new FakeOrchestrator());
    await nothing.look.askForgetChoices();
    expect(nothing.session().dialog).toBeUndefined();
    expect(nothing.session().toast?.text).toBe('Nothing was learned of your choices yet.');
    const engine = new FakeOrchestrator();
    engine.choices = () => Promise.reject(new Error('no disk'));
    const broken = screen(engine);
    await broken.look.showChoices();
    expect(broken.session().toast?.text).toContain('no disk');
    expect(broken.store.getState().busy).toBeUndefined();
  });
});
