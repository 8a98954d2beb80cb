import { afterEach, describe, expect, it, vi } from 'vitest';
import { agentLines, stuckLines } from '../../components/production/attention.ts';
import { statusLines } from '../../components/status-lines.ts';
import type { ActiveAgent } from '../../src/domain/agents.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { lookWhatItWaitsFor } from '../../store/attention.ts';
import { perform } from '../../store/commands/registry.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../harness/journal.ts';

const text = (lines: readonly (readonly { text: string }[])[]) =>
  lines.map((line) => line.map((span) => span.text).join('')).join('\n');

let store: UiStore | undefined;
afterEach(() => store?.getState().link?.detach());

async function rollingOut(fake: FakeOrchestrator): Promise<UiStore> {
  const opened = createUiStore({ columns: 120, rows: 40 }, 1000);
  store = opened;
  attach(opened, fake, { actor: { name: 'Ada', face: 'ui', pid: 7 }, now: () => 1000 });
  await vi.waitFor(() => expect(opened.getState().session.view).toBe('production'));
  await vi.waitFor(() => expect(opened.getState().deployment).toBeDefined());
  await lookWhatItWaitsFor(opened, fake);
  return opened;
}

const running = () =>
  new JournalBuilder().requested().staged().advance('testing').tested().advance('learning').rollingOut(1);

describe('W5 on the screen', () => {
  it('a conductor that does not answer is said everywhere, with what one can do', async () => {
    const fake = new FakeOrchestrator({ running: running() });
    fake.conductor = { kind: 'silent', pid: 4242, forMs: 12_000 };
    const opened = await rollingOut(fake);
    const pane = text(stuckLines(opened.getState().attended, 100));
    expect(pane).toContain('! stuck: it waits for its conductor (pid 4242) to answer, for 12 s');
    expect(pane).toContain('a: orchestrate deploy abort --force --env production');
    setSession(opened, { view: 'history', toast: undefined });
    const line = text(statusLines(opened.getState(), 118));
    expect(line).toMatch(
      /^ ! 20261121_101500 is stuck: it waits for its conductor .* 5 shows what one can do\.$/,
    );
  });

  it('a ends it by force there, after a question that begins on no', async () => {
    const fake = new FakeOrchestrator({ running: running() });
    fake.conductor = { kind: 'silent', pid: 4242, forMs: 12_000 };
    const opened = await rollingOut(fake);
    perform(opened, 'abort');
    const { dialog } = opened.getState().session;
    expect(dialog).toMatchObject({
      title: 'End it by force?',
      chosen: 'no',
      intent: { kind: 'abort', force: true },
    });
    await opened.getState().link?.confirm(dialog?.intent ?? { kind: 'abort', id: '' });
    expect([fake.forced, fake.asked]).toEqual([['20261121_101500'], []]);
  });

  it('a is an abort as ever where the conductor answers, and nothing is said', async () => {
    const opened = await rollingOut(new FakeOrchestrator({ running: running() }));
    expect(stuckLines(opened.getState().attended, 100)).toEqual([]);
    perform(opened, 'abort');
    expect(opened.getState().session.dialog).toMatchObject({
      title: 'Roll back?',
      intent: { kind: 'abort' },
    });
    expect(opened.getState().session.dialog?.intent).not.toHaveProperty('force');
  });
});

describe('M10 on the screen', () => {
  const agent: ActiveAgent = { name: 'Ada', kind: 'person', deployment: 'd', role: 'requested' };

  it('who else works on it is said, and oneself is not', () => {
    const attended = (...agents: Partial<ActiveAgent>[]) => ({
      id: 'd',
      attention: undefined,
      agents: agents.map((one): ActiveAgent => ({ ...agent, ...one })),
    });
    const conductor = { name: 'conductor', kind: 'worker', role: 'conducts', pid: 9 } as const;
    expect(agentLines(attended(agent, conductor), 7)).toEqual([]);
    expect(agentLines(attended(agent, conductor, { role: 'watches', pid: 7 }), 7)).toEqual([]);
    expect(
      text(
        agentLines(
          attended(
            { kind: 'agent', tool: 'claude' },
            conductor,
            { role: 'watches', pid: 7 },
            { name: 'Grace', role: 'watches', pid: 8 },
          ),
          7,
        ),
      ),
    ).toBe('here   Ada (claude) asked · conductor (pid 9) · Grace watches (pid 8)');
  });
});
