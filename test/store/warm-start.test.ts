import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { warmStartLine, warmStartLines } from '../../components/discovery/warm-start-line.ts';
import type { Discovery } from '../../src/domain/feature.ts';
import { emptyChangeLearning } from '../../src/domain/risk/change-learning.ts';
import { withWords, type WarmStart } from '../../src/domain/risk/warm-start.ts';
import { createUiStore } from '../../store/create-store.ts';
import { createWarmStartLook } from '../../store/warm-start.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';

const discovery: Discovery = {
  schema: 'orchestra/discovery@1',
  base: { ref: 'main', sha: 'a'.repeat(40) },
  head: { ref: 'dev', sha: 'b'.repeat(40) },
  features: [],
  deployment: { risk: 'low', probability: 1, suggestedStrategy: 'blue-green' },
  notes: [],
};
const learning = (done: number) => withWords({ state: 'learning', done, of: 1000 });
const ready = () => {
  const { labels, score } = emptyChangeLearning();
  const learned = { commits: 1000, score, labels: { ...labels, good: 900, fixed: 60 } };
  return withWords({ state: 'ready', done: 0, of: 0, learned });
};

function screen(warmStarts: WarmStart[]) {
  const store = createUiStore({ columns: 120, rows: 40 }, 0);
  const look = createWarmStartLook(store, new FakeOrchestrator({ warmStarts }));
  const texts = () => warmStartLine(store.getState()).map((line) => line.map(({ text }) => text).join(''));
  return { store, look, texts };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('learning from the git history, on the screen', () => {
  it('N2 says how far it is while it goes on, and then that what waits can be judged anew', async () => {
    const { look, texts, store } = screen([learning(0), learning(600), ready()]);
    look.begin(discovery);
    await vi.advanceTimersByTimeAsync(10);
    expect(texts()).toEqual(['learning from the git history: 0 of 1,000 commits']);
    await vi.advanceTimersByTimeAsync(700);
    expect(texts()).toEqual(['learning from the git history: 600 of 1,000 commits']);
    await vi.advanceTimersByTimeAsync(700);
    expect(texts()).toEqual(['learned from 1,000 commits: u judges anew']);
    const pane = warmStartLines(store.getState(), 200).flat();
    expect(pane.map(({ text }) => text).join(' ')).toContain(
      '900 changes without a known defect, 0 taken back, 60 fixed within a year',
    );
    // Nothing more is looked at until somebody discovers again.
    expect(vi.getTimerCount()).toBe(0);
  });

  it('N2 where it has been done before, or is turned off, no line says anything', async () => {
    for (const stands of [ready(), withWords({ state: 'off', done: 0, of: 0 })]) {
      const { look, texts } = screen([stands]);
      look.begin(discovery);
      await vi.advanceTimersByTimeAsync(3000);
      expect(texts()).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it('a screen that is left looks no more', async () => {
    const { look } = screen([learning(0)]);
    look.begin(discovery);
    await vi.advanceTimersByTimeAsync(1000);
    look.stop();
    await vi.advanceTimersByTimeAsync(2000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
