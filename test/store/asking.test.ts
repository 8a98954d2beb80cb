import { afterEach, describe, expect, it, vi } from 'vitest';
import { handleKey } from '../../components/input.ts';
import type { Command } from '../../src/domain/command.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, type UiStore } from '../../store/create-store.ts';
import { showView } from '../../store/say.ts';
import type { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { tell } from '../harness/stories.ts';

let store: UiStore | undefined;
afterEach(() => {
  store?.getState().link?.detach();
  store = undefined;
});

async function opened(story: Parameters<typeof tell>[0]) {
  const commands: Command['kind'][] = [];
  const fake: FakeOrchestrator = tell(story, { onCommand: ({ kind }) => commands.push(kind) });
  const opened = createUiStore({ columns: 120, rows: 40 }, 0);
  store = opened;
  attach(opened, fake, { actor: { name: 'Ada', face: 'ui' }, now: Date.now });
  await vi.waitFor(() => expect(opened.getState().discovery.status).toBe('loaded'));
  const press = (...keys: string[]) => keys.forEach((key) => handleKey(opened, key));
  return { store: opened, fake, commands, press, asked: () => opened.getState().session.dialog?.title };
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a question', () => {
  it('U3 is not answered by keys that came together with the one that led to it', async () => {
    const { store, commands, press, asked } = await opened('rolling');
    await vi.waitFor(() => expect(store.getState().deployment).toBeDefined());
    press(...'history');
    expect(asked()).toBe('Roll back?');
    await turn();
    expect(commands).toEqual([]);
    expect(asked()).toBe('Roll back?');
    press('y');
    await vi.waitFor(() => expect(commands).toEqual(['abort']));
  });

  it('U3 that took a while does not come over what is being typed meanwhile', async () => {
    const { store, fake, press, asked } = await opened('none');
    press('r', ':');
    await vi.waitFor(() => expect(store.getState().busy).toBeUndefined());
    press('y');
    expect(asked()).toBeUndefined();
    expect(store.getState().session.picker?.text).toBe('y');
    expect(store.getState().session.toast?.text).toBe(
      'Not asked while you type: r asks for the rollback again.',
    );
    press('esc', 'r');
    await vi.waitFor(() => expect(asked()).toBe('Roll back?'));
    expect(fake.rolledBack).toEqual([]);
    showView(store, 'history');
  });
});
