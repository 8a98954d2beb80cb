import { afterEach, describe, expect, it, vi } from 'vitest';
import { dependantsOf } from '../../src/domain/dependencies.ts';
import { closeSelection } from '../../src/planning/closure.ts';
import { attach } from '../../store/attach.ts';
import { perform } from '../../store/commands/registry.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { answerPicker } from '../../store/picker.ts';
import { rolloutNow } from '../../store/rollout.ts';
import { changeOf, totalsOf } from '../../store/selection/totals.ts';
import { tellToggle, toggled } from '../../store/selection/toggle.ts';
import { FakeOrchestrator, type FakeOptions } from '../harness/fake-orchestrator.ts';
import { discoveryOf, feature, shopFeatures } from '../harness/features.ts';

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
    expect(opened.getState().discovery.status).toBe('loaded');
    expect(opened.getState().environment).toBe('production');
  });
  setSession(opened, { view: 'selection' });
  return { store: opened, fake };
}

const selected = (s: UiStore) => s.getState().selection.closed?.selected;
const optionsOf = (s: UiStore) => s.getState().session.picker?.options ?? [];
const pick = (s: UiStore, ...keys: string[]) => {
  for (const key of keys) answerPicker(s, key);
};

describe('the strategies of selection', () => {
  it('S2 are listed with what each comes to, the one in force under the cursor', async () => {
    const { store } = await opened();
    perform(store, 'strategy');
    expect(optionsOf(store).map(({ label, hint, whyNot }) => `${label}: ${whyNot ?? hint}`)).toEqual([
      'all recommended (now): 3 features · +363 −32',
      'critical only: 1 feature · +41 −7',
      'everything: 5 features · +387 −38',
      'custom, as it was: nothing was chosen one by one yet: space does',
      'custom, from nothing: nothing ships',
    ]);
    expect(store.getState().session.picker?.at).toBe(0);
  });

  it('S2 everything takes all that waits', async () => {
    const { store } = await opened();
    perform(store, 'strategy');
    pick(store, 'down', 'down', 'enter');
    expect(store.getState().selection.strategy).toBe('all');
    expect(selected(store)).toHaveLength(5);
  });

  it('S2 give a choice of one’s own back as it was, also after beginning from nothing', async () => {
    const { store } = await opened();
    store.getState().link?.toggle('pr-820');
    const own = selected(store);
    perform(store, 'strategy');
    expect(optionsOf(store)[3]?.label).toBe('custom, as it was (now)');
    pick(store, 'up', 'up', 'enter');
    expect(selected(store)).toEqual(['pr-812']);
    perform(store, 'strategy');
    pick(store, 'down', 'down', 'down', 'enter');
    expect(store.getState().selection.strategy).toBe('custom');
    expect(selected(store)).toEqual([]);
    perform(store, 'strategy');
    expect(optionsOf(store)[4]?.label).toBe('custom, from nothing (now)');
    pick(store, 'up', 'enter');
    expect(selected(store)).toEqual(own);
  });
});

describe('the rollout strategy', () => {
  it('T1 is what the risk suggests until another is picked, and goes into the deployment', async () => {
    const { store, fake } = await opened();
    expect(rolloutNow(store.getState())).toEqual({
      name: 'canary',
      reason: 'the deployment is HIGH RISK',
      picked: false,
    });
    perform(store, 'rollout-strategy');
    await vi.waitFor(() => expect(optionsOf(store)).toHaveLength(4));
    expect(optionsOf(store)[0]).toMatchObject({
      label: 'as usual: canary (now)',
      hint: 'the deployment is HIGH RISK; changes with it',
    });
    expect(optionsOf(store)[1]?.hint).toBe('5 → 25 → 50 → 100 %, 40 s at least: the way of canary');
    pick(store, 'down', 'down', 'enter');
    expect(rolloutNow(store.getState())).toMatchObject({ name: 'blue-green', picked: true });
    await store.getState().link?.next();
    expect(fake.deployed).toEqual([expect.objectContaining({ strategy: 'blue-green' })]);
  });

  it('T1 is left to the engine where nobody picked one, or went back to the usual one', async () => {
    const { store, fake } = await opened();
    for (const keys of [
      ['down', 'enter'],
      ['up', 'enter'],
    ] as const) {
      perform(store, 'rollout-strategy');
      await vi.waitFor(() => expect(optionsOf(store)).toHaveLength(4));
      pick(store, ...keys);
    }
    await store.getState().link?.next();
    expect(fake.deployed[0]).not.toHaveProperty('strategy');
  });

  it('T1 names the reason of one that the environment cannot do, and does not take it', async () => {
    const { store } = await opened();
    perform(store, 'rollout-strategy');
    await vi.waitFor(() => expect(optionsOf(store)[3]?.whyNot).toBe('production names no flag: add one'));
    pick(store, 'down', 'down', 'down', 'enter');
    expect(store.getState().session.picker).toBeDefined();
    expect(store.getState().rollout).toBeUndefined();
  });

  it('T1 is picked for one environment: another keeps its own', async () => {
    const { store } = await opened();
    store.setState({ rollout: { environment: 'staging', strategy: 'recreate' } });
    expect(rolloutNow(store.getState())).toMatchObject({ name: 'canary', picked: false });
    store.setState(({ environments }) => ({
      environments: environments.map((e) => ({ ...e, strategy: 'rolling' })),
    }));
    expect(rolloutNow(store.getState())).toMatchObject({ name: 'rolling', reason: 'the environment’s own' });
  });
});

describe('what a change of the choice does', () => {
  it('S2 is the difference of everything that ships, each file counted once', () => {
    const discovery = discoveryOf(shopFeatures());
    const before = closeSelection(discovery.features, ['pr-812']);
    const after = closeSelection(discovery.features, ['pr-812', 'pr-801']);
    const change = changeOf(discovery, before, after);
    expect(change?.was).toMatchObject({ features: 1, files: 1, additions: 41, deletions: 7 });
    expect(change?.is).toMatchObject({ features: 3, files: 3, additions: 363, deletions: 32 });
    expect(changeOf(discovery, after, after)).toBeUndefined();
    expect(changeOf(discovery, undefined, after)).toBeUndefined();
    const shared = discoveryOf([
      feature('a', { files: [{ path: 'x', status: 'modified', additions: 1, deletions: 0 }] }),
      feature('b', { files: [{ path: 'x', status: 'modified', additions: 1, deletions: 0 }] }),
    ]);
    expect(totalsOf(shared, closeSelection(shared.features, ['a', 'b'])).files).toBe(1);
  });

  it('D6 follows a chain of ten thousand features in both directions, and tells of it in a few sentences', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      feature(`pr-${i + 1}`, {
        dependsOn: i === 0 ? [] : [{ id: `pr-${i}`, because: [{ kind: 'line', path: 'a.ts', line: 3 }] }],
      }),
    );
    const discovery = discoveryOf(chain);
    const all = closeSelection(chain, ['pr-10000']);
    expect(all.selected).toHaveLength(10_000);
    expect(all.added.at(0)).toEqual({ id: 'pr-1', because: ['pr-2 needs pr-1: a.ts:3 was written there'] });
    expect(dependantsOf(chain, 'pr-1')).toHaveLength(9999);
    expect(toggled(discovery, ['pr-10000', 'pr-7'], all, 'pr-8')).toEqual(['pr-7']);
    const none = closeSelection(chain, []);
    const { told, untold } = tellToggle(discovery, none, all, 'pr-10000');
    expect(told[0]).toBe('Selecting pr-10000 brings pr-1: pr-2 needs it: a.ts:3 was written there.');
    expect(told.length + untold).toBe(9999);
    expect(told.length).toBeLessThan(100);
    expect(tellToggle(discovery, all, none, 'pr-1').told[0]).toBe(
      'Leaving out pr-1 drops pr-2, which needs it: a.ts:3 was written there.',
    );
  });
});
