import { afterEach, describe, expect, it, vi } from 'vitest';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { rollOutDialog } from '../../store/dialogs.ts';
import { answerDialog } from '../../store/asking.ts';
import { perform, whyNot } from '../../store/commands/registry.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { hook } from '../harness/action.ts';
import { drive } from '../harness/drive.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { plan } from '../harness/plan.ts';

let store: UiStore | undefined;
afterEach(() => {
  store?.getState().link?.detach();
  store = undefined;
});

async function opened(): Promise<{ store: UiStore; fake: FakeOrchestrator }> {
  const fake = new FakeOrchestrator({});
  const opened = createUiStore({ columns: 120, rows: 40 }, 0);
  store = opened;
  attach(opened, fake, { actor: { name: 'Ada', face: 'ui' }, now: Date.now });
  await vi.waitFor(() => expect(opened.getState().history.status).toBe('loaded'));
  await vi.waitFor(() => expect(opened.getState().environment).toBeDefined());
  return { store: opened, fake };
}

const held = () =>
  drive({ plan: plan({ actions: [hook('before-phase', { onFailure: 'pause' })] }) })
    .until('act')
    .failAction().d;
const running = () => drive().until('observe').d;

describe('what a person may do at the screen', () => {
  it('T3 `t` tries again where a check failed; `p` says that it will not go on by itself', async () => {
    const { store, fake } = await opened();
    store.setState({ deployment: held() });
    expect(whyNot('pause', store.getState())).toContain('t tries it again');
    perform(store, 'retry');
    await vi.waitFor(() => expect(fake.asked).toEqual([expect.objectContaining({ command: 'retry' })]));
    expect(whyNot('retry', { ...store.getState(), deployment: running() })).toBe(
      'nothing waits to be tried again',
    );
    expect(whyNot('retry', { ...store.getState(), deployment: undefined })).toBe(
      'no deployment is under way',
    );
  });

  it('T3 who asked for a deployment is not offered to approve it where another person has to', async () => {
    const { store } = await opened();
    const asked = (name: string, byAnother = true): Deployment => {
      const { d } = drive({ plan: plan({ approval: { byAnother, timeoutMs: 1000 } }) }).until('observe');
      return {
        ...d,
        by: { name, face: 'cli' },
        approval: { kind: 'requested', phase: 1, since: d.updatedAt },
        status: { kind: 'paused', reason: 'all traffic needs an approval', since: d.updatedAt },
      };
    };
    const why = (deployment: Deployment) => whyNot('promote', { ...store.getState(), deployment });
    expect(why(asked('Ada'))).toBe('another person has to approve it: Ada asked for it');
    expect(why(asked('Bo'))).toBeUndefined();
    expect(why(asked('Ada', false))).toBeUndefined();
    expect(why(running())).toBeUndefined();
  });

  it('T5 a destructive migration needs its word typed; no single key can mean yes', async () => {
    const { store, fake } = await opened();
    const losing = drive({ plan: plan({ destructive: ['emails: drops column users.email'] }) }).d;
    const type = (...keys: string[]) => {
      for (const key of keys) answerDialog(store, key);
    };
    setSession(store, { dialog: rollOutDialog(losing) });
    type('y', 'enter', 'tab', 'enter');
    expect(store.getState().session.dialog?.typed).toBe('y');
    type('backspace', ...'destructive');
    expect(fake.asked).toEqual([]);
    type('enter');
    await vi.waitFor(() => expect(fake.asked).toEqual([expect.objectContaining({ command: 'advance' })]));
    setSession(store, { dialog: rollOutDialog(losing) });
    type('q', 'esc');
    expect(store.getState().session.dialog).toBeUndefined();
  });

  it('W5 `U` frees an environment only where nobody stands behind it, and asks first', async () => {
    const { store, fake } = await opened();
    perform(store, 'unlock');
    await vi.waitFor(() => expect(store.getState().session.toast?.text).toContain('is not locked'));
    const lock = { kind: 'held', deployment: 'd1', owner: 'Bo', since: '2026-03-02' } as const;
    fake.lock = { ...lock, pid: 42 };
    perform(store, 'unlock');
    await vi.waitFor(() => expect(store.getState().session.toast?.text).toContain('process 42'));
    expect(store.getState().session.dialog).toBeUndefined();
    fake.lock = { ...lock, pid: undefined };
    await vi.waitFor(() => expect(store.getState().busy).toBeUndefined());
    perform(store, 'unlock');
    await vi.waitFor(() => expect(store.getState().session.dialog?.title).toBe('Unlock?'));
    answerDialog(store, 'enter');
    expect(fake.unlocked, 'it stands on no').toEqual([]);
    perform(store, 'unlock');
    await vi.waitFor(() => expect(store.getState().session.dialog).toBeDefined());
    answerDialog(store, 'y');
    await vi.waitFor(() => expect(fake.unlocked).toHaveLength(1));
  });
});
