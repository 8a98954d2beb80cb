import { afterEach, describe, expect, it, vi } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { answerPicker } from '../../store/picker.ts';
import { perform } from '../../store/commands/registry.ts';
import { FakeOrchestrator, type FakeOptions, pastDeployments } from '../harness/fake-orchestrator.ts';
import { discoveryOf, shopFeatures } from '../harness/features.ts';
import { JournalBuilder } from '../harness/journal.ts';

let store: UiStore | undefined;

afterEach(() => {
  store?.getState().link?.detach();
  store = undefined;
});

async function opened(options: FakeOptions = {}): Promise<{ store: UiStore; fake: FakeOrchestrator }> {
  const fake = new FakeOrchestrator(options);
  const opened = createUiStore({ columns: 120, rows: 40 }, 0);
  store = opened;
  attach(opened, fake, { actor: { name: 'Ada', face: 'ui' }, now: Date.now });
  await vi.waitFor(() => {
    expect(opened.getState().discovery.status).not.toBe('loading');
    expect(opened.getState().history.status).toBe('loaded');
    expect(opened.getState().config.status).not.toBe('loading');
  });
  return { store: opened, fake };
}

describe('while nothing happens', () => {
  it('U5 deployments that began elsewhere are looked for often, what starts git more seldom', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { fake } = await opened();
      const reads = vi.spyOn(fake, 'environments');
      const looks = vi.spyOn(fake, 'active');
      for (let second = 0; second < 60; second += 2) {
        vi.advanceTimersByTime(2000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(looks).toHaveBeenCalledTimes(30);
      expect(reads).toHaveBeenCalledTimes(10);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what was found damaged', () => {
  it('M1 is said until a person presses a key, the first of it whole, with the way to the rest', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const warnings = ['config.json could not be read \u001b[31m(line 5)', 'patterns too'];
      const { store } = await opened({ warnings });
      await vi.waitFor(() => expect(store.getState().session.toast?.text).toContain('config.json'));
      vi.advanceTimersByTime(60_000);
      const text = store.getState().session.toast?.text ?? '';
      expect(text).toMatch(/\(line 5\) · and 1 more: `orchestrate doctor` names all of it$/);
      expect(text).not.toContain('\u001b');
    } finally {
      vi.useRealTimers();
    }
  });
});

const selected = (s: UiStore) => s.getState().selection.closed?.selected;

describe('selecting', () => {
  it('S2 starts from what is recommended, with what that needs', async () => {
    const { store } = await opened();
    expect(selected(store)).toEqual(['pr-812', 'pr-801', 'pr-799']);
    expect(store.getState().selection.strategy).toBe('recommended');
  });

  it('S2 starts from what was saved, as far as it still waits, and names what does not', async () => {
    const saved = { schema: 'orchestra/selection@1' as const, selected: ['pr-820'], added: [] };
    const { store } = await opened({ saved });
    expect(store.getState().selection.wanted).toEqual(['pr-820']);
    const { store: later } = await opened({ saved: { ...saved, selected: ['pr-820', 'pr-1'] } });
    expect(later.getState().selection).toMatchObject({
      strategy: 'custom',
      wanted: ['pr-820'],
      told: ['pr-1 is no longer waiting: its commits are not on dev.'],
    });
  });

  it('D6 brings the closure along and says why', async () => {
    const { store } = await opened();
    store.getState().link?.askStrategy();
    for (const key of ['down', 'enter']) answerPicker(store, key);
    expect(selected(store)).toEqual(['pr-812']);
    store.getState().link?.toggle('pr-803');
    expect(selected(store)).toEqual(['pr-812', 'pr-803', 'pr-801', 'pr-799']);
    expect(store.getState().selection.told).toEqual([
      'Selecting pr-803 brings pr-801: src/cart.ts imports what is made there.',
      'Selecting pr-803 brings pr-799: pr-801 needs it: cart.ts:88 was written there.',
    ]);
  });

  it('D6 drops the dependants of what is left out and says why', async () => {
    const { store } = await opened();
    store.getState().link?.toggle('pr-799');
    expect(selected(store)).toEqual(['pr-812']);
    expect(store.getState().selection.told).toEqual([
      'Leaving out pr-799 drops pr-801, which needs it: cart.ts:88 was written there.',
    ]);
  });

  it('N1 proves only what was chosen last, and shows what the proof needed', async () => {
    const signals: AbortSignal[] = [];
    const { store, fake } = await opened({
      prove: async (selection, signal) => {
        if (signal) signals.push(signal);
        return {
          ...selection,
          selected: [...selection.selected, 'pr-820'],
          proof: { ok: true, tree: 'abc', rounds: 2, complement: { ok: true, conflicts: [] } },
        };
      },
    });
    store.getState().link?.toggle('pr-812');
    store.getState().link?.toggle('pr-812');
    await vi.waitFor(() =>
      expect(store.getState().selection.proof).toMatchObject({ kind: 'proved', needs: [{ id: 'pr-820' }] }),
    );
    expect(signals.filter((s) => !s.aborted)).toHaveLength(1);
    expect(fake.saved?.selected).toContain('pr-820');
  });

  it('S2 keeps nothing where nobody chose, and the choice with what was known where somebody did', async () => {
    const { store, fake } = await opened();
    await vi.waitFor(() => expect(store.getState().selection.proof.kind).toBe('proved'));
    expect(fake.saved).toBeUndefined();
    store.getState().link?.toggle('pr-820');
    await vi.waitFor(() => expect(fake.saved?.choice?.wanted).toEqual(['pr-812', 'pr-801', 'pr-820']));
    expect(fake.saved?.choice?.known).toHaveLength(5);
  });

  it('S2 takes no longer what was rolled back since it was chosen, and says so', async () => {
    const { store, fake } = await opened();
    store.getState().link?.toggle('pr-803');
    const back = shopFeatures().map((f) =>
      f.id === 'pr-801' ? { ...f, takenBackIn: '20261121_101500', reason: 'It was rolled back.' } : f,
    );
    fake.discover = async () => discoveryOf(back);
    await store.getState().link?.refresh();
    const { selection } = store.getState();
    expect(selection).toMatchObject({ strategy: 'custom', wanted: ['pr-812'] });
    expect(selection.told).toEqual([
      'pr-801 is left out: it was rolled back. You can take it again.',
      'pr-803 is left out too: it needs pr-801.',
    ]);
    store.getState().link?.toggle('pr-801');
    await store.getState().link?.refresh();
    expect(store.getState().selection.wanted).toEqual(['pr-812', 'pr-801']);
  });

  it('D6 leaves out what the proof brought along by dropping what does not apply without it', async () => {
    const { store } = await opened({
      prove: async (selection) => ({
        ...selection,
        selected: [...selection.selected, 'pr-820'],
        added: [
          ...selection.added,
          { id: 'pr-820', because: ['pr-812 needs pr-820: a.ts conflicts without it'] },
        ],
        proof: { ok: true, tree: 'abc', rounds: 2, complement: { ok: true, conflicts: [] } },
      }),
    });
    await vi.waitFor(() => expect(store.getState().selection.proof.kind).toBe('proved'));
    store.getState().link?.toggle('pr-820');
    expect(store.getState().selection.wanted).toEqual(['pr-801']);
    expect(store.getState().selection.told).toEqual([
      'Leaving out pr-820 drops pr-812, which does not apply without it.',
    ]);
  });

  it('N1 proves one selection at a time, however fast it is toggled', async () => {
    let running = 0;
    let most = 0;
    const { store } = await opened({
      prove: async (selection, signal) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return selection;
      },
    });
    await vi.waitFor(() => expect(running).toBe(1));
    for (let i = 0; i < 100; i += 1) store.getState().link?.toggle('pr-812');
    await vi.waitFor(() => expect(store.getState().selection.proof.kind).toBe('proving'));
    await vi.waitFor(() => expect(running).toBe(1));
    expect(most).toBe(1);
  });

  it('does not go on with a selection that does not apply', async () => {
    const { store } = await opened({
      prove: async (selection) => ({
        ...selection,
        proof: {
          ok: false,
          tree: '',
          rounds: 1,
          complement: { ok: false, conflicts: [{ id: 'pr-801', path: 'cart.ts' }] },
        },
      }),
    });
    await vi.waitFor(() => expect(store.getState().selection.proof.kind).toBe('refused'));
    setSession(store, { view: 'selection' });
    perform(store, 'next');
    expect(store.getState().session.toast?.text).toContain('leave out what conflicts');
  });
});

describe('a deployment', () => {
  it('goes from selection to the rollout, and asks before users are touched', async () => {
    const { store, fake } = await opened({
      onCommand: (command, journal) => {
        if (command.kind !== 'advance') return;
        if (command.through === 'testing') journal.advance('testing').tested();
        if (command.through === 'learning') journal.advance('learning').rollingOut();
      },
    });
    const at = () => store.getState().deployment?.status;
    setSession(store, { view: 'selection' });
    perform(store, 'next');
    await vi.waitFor(() => expect(store.getState().session.view).toBe('staging'));
    expect(fake.deployed[0]).toMatchObject({
      environment: 'production',
      through: 'staging',
      what: { kind: 'select', wanted: { kind: 'ids', ids: ['pr-812', 'pr-801'] } },
    });
    fake.journal?.staged();
    fake.publish();
    await vi.waitFor(() => expect(at()).toEqual({ kind: 'waiting', after: 'staging' }));
    perform(store, 'next');
    await vi.waitFor(() => expect(at()).toEqual({ kind: 'waiting', after: 'testing' }));
    expect(store.getState().session.view).toBe('testing');
    perform(store, 'next');
    const { dialog } = store.getState().session;
    expect(dialog).toMatchObject({ title: 'Start the rollout?', chosen: 'no' });
    expect(dialog?.rows.map((r) => r.label)).toEqual([
      'environment',
      'from → to',
      'strategy',
      'risk',
      'tests',
      'takes',
    ]);
    expect(fake.asked.map((a) => a.command)).toEqual(['advance']);
    await store.getState().link?.confirm(dialog?.intent ?? { kind: 'abort', id: '' });
    await vi.waitFor(() => expect(store.getState().deployment?.weight.actual).toBe(5));
    expect(store.getState().session.view).toBe('production');
  });

  it('U5 is rolled back by r: an abort while it rolls out', async () => {
    const running = new JournalBuilder()
      .requested()
      .staged()
      .advance('testing')
      .tested()
      .advance('learning')
      .rollingOut();
    const { store, fake } = await opened({ running });
    await vi.waitFor(() => expect(store.getState().session.view).toBe('production'));
    await vi.waitFor(() => expect(store.getState().deployment?.weight.actual).toBe(5));
    perform(store, 'roll-back');
    const { dialog } = store.getState().session;
    expect(dialog?.intent).toEqual({ kind: 'abort', id: running.id });
    expect(dialog?.effect.join(' ')).toContain('from 5 % to 0 % at once');
    await store.getState().link?.confirm({ kind: 'abort', id: running.id });
    expect(fake.asked).toEqual([{ command: 'abort', id: running.id }]);
  });

  it('U5 is rolled back by r afterwards: a new deployment of the version before', async () => {
    const { store, fake } = await opened({ rows: pastDeployments(3) });
    await vi.waitFor(() => expect(store.getState().environments).toHaveLength(1));
    perform(store, 'roll-back');
    await vi.waitFor(() => expect(store.getState().session.dialog?.title).toBe('Roll back?'));
    const { dialog } = store.getState().session;
    expect(dialog?.rows[1]?.value).toBe('v3 (3333333) → v1 (1111111)');
    await store.getState().link?.confirm(dialog?.intent ?? { kind: 'abort', id: '' });
    expect(fake.rolledBack).toEqual(['production']);
  });

  it('says why r does nothing on a first deployment', async () => {
    const running = new JournalBuilder()
      .requested({ stable: null })
      .staged()
      .advance('testing')
      .tested()
      .advance('learning')
      .rollingOut();
    const { store, fake } = await opened({ running });
    await vi.waitFor(() => expect(store.getState().deployment?.weight.actual).toBe(5));
    perform(store, 'roll-back');
    expect(store.getState().session.toast?.text).toContain('first deployment: there is no earlier version');
    expect(fake.asked).toEqual([]);
  });

  it('leaves who looks at Production there when a deployment begins elsewhere', async () => {
    const { store, fake } = await opened();
    setSession(store, { view: 'production' });
    fake.journal = new JournalBuilder().requested().staged();
    await vi.waitFor(() => expect(store.getState().deployment).toBeDefined(), 5000);
    expect(store.getState().session.view).toBe('production');
  });

  it('reads history and changes anew once it has ended', async () => {
    const running = new JournalBuilder()
      .requested()
      .staged()
      .advance('testing')
      .tested()
      .advance('learning')
      .rollingOut();
    const { store, fake } = await opened({ running });
    const before = vi.spyOn(fake, 'discover');
    running.finished('rolled_back');
    fake.publish();
    await vi.waitFor(() => expect(store.getState().deployment?.status.kind).toBe('finished'));
    await vi.waitFor(() => expect(before).toHaveBeenCalled());
  });
});

describe('what cannot be read', () => {
  it('becomes a card with its next step, and the rest goes on', async () => {
    const { store } = await opened({
      settings: new OrchestraError('no-config', 'There is no orchestra.yaml.', {
        hint: 'Run `orchestrate init`.',
      }),
      discovery: discoveryOf(shopFeatures()),
    });
    expect(store.getState().config).toMatchObject({
      status: 'failed',
      problem: { hint: 'Run `orchestrate init`.' },
    });
    expect(selected(store)).toHaveLength(3);
    setSession(store, { view: 'selection' });
    perform(store, 'next');
    expect(store.getState().session.toast?.text).toContain('orchestrate init');
  });

  it('says why when nothing can be discovered', async () => {
    const { store } = await opened({
      discovery: new OrchestraError('not-a-repository', '/x is no repository.', { hint: 'Run git init.' }),
    });
    expect(store.getState().discovery).toMatchObject({
      status: 'failed',
      problem: { code: 'not-a-repository' },
    });
  });
});
