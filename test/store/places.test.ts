import { afterEach, describe, expect, it, vi } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EnvironmentReport, EnvironmentState } from '../../src/engine/orchestrator.ts';
import { attach } from '../../store/attach.ts';
import { perform } from '../../store/commands/registry.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { showView } from '../../store/say.ts';
import { FakeOrchestrator, type FakeOptions } from '../harness/fake-orchestrator.ts';
import { v1 } from '../harness/journal.ts';

let store: UiStore | undefined;
afterEach(() => {
  store?.getState().link?.detach();
  store = undefined;
});

const state = (name: string): EnvironmentState => ({
  name,
  description: undefined,
  url: 'http://127.0.0.1:8080',
  deployed: v1,
  serving: true,
  active: undefined,
});
const report = (name: string): EnvironmentReport => ({
  state: state(name),
  lock: { kind: 'free' },
  places: [],
  drift: [],
  problems: [],
});
const two = { environments: [state('staging'), state('production')] };

async function opened(options: FakeOptions) {
  const opened = createUiStore({ columns: 120, rows: 40 }, 0);
  store = opened;
  attach(opened, new FakeOrchestrator({ ...two, ...options }), {
    actor: { name: 'Ada', face: 'ui' },
    now: Date.now,
  });
  await vi.waitFor(() => expect(opened.getState().environments).toHaveLength(2));
  return opened;
}

describe('looking at the environments', () => {
  it('E2 happens while their view is open, and not before', async () => {
    let looks = 0;
    const s = await opened({
      reports: () => {
        looks++;
        return ['staging', 'production'].map(report);
      },
    });
    expect(looks).toBe(0);
    showView(s, 'environments');
    await vi.waitFor(() => expect(s.getState().reports.status).toBe('loaded'));
    expect(looks).toBeGreaterThan(0);
  });

  it('E2 says what is wrong where nothing can be looked at', async () => {
    const s = await opened({
      reports: () => {
        throw new OrchestraError('bad', 'the memory cannot be read', { hint: 'Check the disk.' });
      },
    });
    showView(s, 'environments');
    await vi.waitFor(() =>
      expect(s.getState().reports).toMatchObject({
        status: 'failed',
        problem: { message: 'the memory cannot be read', hint: 'Check the disk.' },
      }),
    );
  });

  it('E2 makes the one under the cursor the one all views work on', async () => {
    const s = await opened({});
    expect(s.getState().environment).toBe('staging');
    showView(s, 'environments');
    setSession(s, { cursors: { ...s.getState().session.cursors, environments: 1 } });
    perform(s, 'use-environment');
    expect(s.getState().environment).toBe('production');
  });

  it('E2 compares the marked one with another', async () => {
    const s = await opened({ apart: { same: true } });
    showView(s, 'environments');
    perform(s, 'compare-environments');
    expect(s.getState().session.markedPlace).toBe('staging');
    setSession(s, { cursors: { ...s.getState().session.cursors, environments: 1 } });
    perform(s, 'compare-environments');
    await vi.waitFor(() =>
      expect(s.getState().session.detail).toMatchObject({
        kind: 'apart',
        a: 'staging',
        b: 'production',
        apart: { same: true },
      }),
    );
  });
});
