import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HistoryRow } from '../../src/domain/memory.ts';
import type { Rest, RestRequest } from '../../src/engine/rest.ts';
import { answerDialog } from '../../store/asking.ts';
import { attach } from '../../store/attach.ts';
import { perform, whyNot } from '../../store/commands/registry.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { answerPicker } from '../../store/picker.ts';
import { shipped } from '../harness/deployment.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { plan } from '../harness/plan.ts';

let store: UiStore | undefined;
afterEach(() => {
  store?.getState().link?.detach();
  store = undefined;
});

const row = (over: Partial<HistoryRow>): HistoryRow => ({
  id: '20260131_142500',
  environment: 'production',
  kind: 'deploy',
  outcome: 'rolled_back',
  reason: '12 % of the requests failed',
  version: 'v1',
  candidate: 'v2',
  strategy: 'canary',
  features: ['a', 'b', 'c'].map((id) => ({ id, title: `feat: ${id}` })),
  by: 'Ada',
  startedAt: '2026-01-31T14:25:00.000Z',
  durationMs: 1000,
  ...over,
});

const of = {
  id: '20260131_142500',
  environment: 'production',
  outcome: 'rolled_back',
  reason: '12 % of the requests failed',
  culprit: 'Unknown: its log has no stack',
};
const suspected = ['c', 'a', 'b'].map((id, i) => ({
  id,
  title: `feat: ${id}`,
  share: 0.5 - i / 10,
  probability: 0.9,
  must: id === 'b',
}));

/** Without whom nothing is named; with somebody a draft of the others. */
function resting({ without = [] }: RestRequest): Rest {
  if (without.length === 0) return { kind: 'ask', of, suspected };
  const features = ['a', 'b', 'c'].filter((id) => !without.includes(id)).map((id) => shipped(id));
  const left = without.map((id) => ({
    id,
    title: `feat: ${id}`,
    kind: 'asked' as const,
    why: 'a person leaves it out',
  }));
  return {
    kind: 'draft',
    of,
    without: left,
    notes: ['dev has moved on by 2 commits since.'],
    draft: {
      kind: 'deploy',
      environment: 'production',
      stable: { sha: 'a'.repeat(40), name: 'v1' },
      source: {
        kind: 'selection',
        base: { ref: 'main', sha: 'a' },
        head: { ref: 'dev', sha: 'd' },
        features,
      },
      features,
      plan: plan(),
      restOf: { deployment: of.id, without: left },
    },
  };
}

async function opened(
  ...rows: HistoryRow[]
): Promise<{ store: UiStore; fake: FakeOrchestrator; asked: RestRequest[] }> {
  const fake = new FakeOrchestrator({ rows });
  const asked: RestRequest[] = [];
  fake.resting = (request) => {
    asked.push(request);
    return resting(request);
  };
  const opened = createUiStore({ columns: 120, rows: 40 }, 0);
  store = opened;
  attach(opened, fake, { actor: { name: 'Ada', face: 'ui' }, now: Date.now });
  await vi.waitFor(() => expect(opened.getState().history.status).toBe('loaded'));
  await vi.waitFor(() => expect(opened.getState().environment).toBeDefined());
  setSession(opened, { view: 'production' });
  return { store: opened, fake, asked };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('N6 `w` ships the rest of what was taken back', () => {
  it('asks whom to leave out where nobody is named, one after the other, and guesses nobody', async () => {
    const { store, asked } = await opened(row({}));
    perform(store, 'ship-rest');
    await vi.waitFor(() => expect(store.getState().session.picker?.title).toContain('its log has no stack'));
    expect(store.getState().session.picker?.options.map(({ label, hint }) => [label, hint])).toEqual([
      ['feat: c', '50 % of the blame; was thought 0.90'],
      ['feat: a', '40 % of the blame; was thought 0.90'],
      ['feat: b', '30 % of the blame; was thought 0.90; a must: what it mends stays open'],
    ]);
    answerPicker(store, 'enter');
    expect(store.getState().session.picker?.title).toBe('Without feat: c; whom else?');
    answerPicker(store, 'down');
    answerPicker(store, 'enter');
    expect(store.getState().session.picker?.title).toBe('Without feat: c, feat: a; whom else?');
    answerPicker(store, 'enter');
    await vi.waitFor(() =>
      expect(store.getState().session.dialog?.title).toBe('Ship the rest to production?'),
    );
    expect(asked.map(({ id, without }) => [id, without])).toEqual([
      [of.id, []],
      [of.id, ['c', 'a']],
    ]);
  });

  it('shows what ships, what stays out and why, risk and strategy; it stands on no, and yes builds and tests it', async () => {
    const { store, fake } = await opened(row({}));
    fake.resting = () => resting({ without: ['c'] });
    perform(store, 'ship-rest');
    await vi.waitFor(() => expect(store.getState().session.dialog).toBeDefined());
    const { dialog } = store.getState().session;
    expect(dialog).toMatchObject({
      chosen: 'no',
      effect: [expect.any(String), 'dev has moved on by 2 commits since.'],
    });
    expect(dialog?.rows).toEqual(
      expect.arrayContaining([
        { label: 'ships', value: '2 features: feat: a, feat: b' },
        { label: 'stays out', value: 'feat: c: a person leaves it out' },
        { label: 'risk', value: expect.any(String) },
        { label: 'strategy', value: expect.stringContaining('canary') },
      ]),
    );
    await settled();
    answerDialog(store, 'y');
    await vi.waitFor(() =>
      expect(fake.deployed).toEqual([
        expect.objectContaining({
          through: 'testing',
          what: { kind: 'select', wanted: { kind: 'ids', ids: ['a', 'b'] } },
        }),
      ]),
    );
  });

  it('asks again for what it was asked for: of a rollback, not for what that took back', async () => {
    const { store, asked } = await opened(
      row({ id: '20260202_090000', kind: 'rollback', outcome: 'succeeded' }),
    );
    perform(store, 'ship-rest');
    await vi.waitFor(() => expect(store.getState().session.picker).toBeDefined());
    answerPicker(store, 'enter');
    answerPicker(store, 'enter');
    await vi.waitFor(() => expect(asked.map(({ id }) => id)).toEqual(['20260202_090000', '20260202_090000']));
  });

  it('says why it cannot, and takes the deployment under the cursor of the history', async () => {
    const good = row({ id: '20260201_090000', outcome: 'succeeded' });
    const { store, asked } = await opened(good, row({}), row({ id: '20260130_090000', features: [] }));
    expect(whyNot('ship-rest', store.getState())).toBe('nothing of 20260201_090000 can be left out');
    setSession(store, { view: 'history', cursors: { ...store.getState().session.cursors, history: 1 } });
    expect(whyNot('ship-rest', store.getState())).toBeUndefined();
    perform(store, 'ship-rest');
    await vi.waitFor(() => expect(asked.map(({ id }) => id)).toEqual([of.id]));
    setSession(store, { picker: undefined, cursors: { ...store.getState().session.cursors, history: 2 } });
    await vi.waitFor(() =>
      expect(whyNot('ship-rest', store.getState())).toBe('nothing of 20260130_090000 can be left out'),
    );
  });
});
