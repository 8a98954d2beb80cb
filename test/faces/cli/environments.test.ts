import { describe, expect, it } from 'vitest';
import type { EnvironmentReport } from '../../../src/engine/orchestrator.ts';
import { FakeOrchestrator, type FakeOptions } from '../../harness/fake-orchestrator.ts';
import { JournalBuilder, v1 } from '../../harness/journal.ts';
import { runCommand } from '../../harness/shell.ts';

const production: EnvironmentReport = {
  state: {
    name: 'production',
    description: undefined,
    url: 'http://127.0.0.1:8080',
    deployed: v1,
    serving: false,
    active: undefined,
  },
  lock: { kind: 'held', deployment: 'd1', owner: 'Ada', since: '2026-01-01T00:00:00.000Z', pid: undefined },
  places: [],
  drift: [{ about: 'process', tone: 'bad', text: 'no process of v1 runs \u001b[2J' }],
  problems: [],
};

const ran = (args: string[], options: FakeOptions = {}) =>
  runCommand(args, { open: async () => new FakeOrchestrator({ reports: () => [production], ...options }) });

describe('E2 environments as lines', () => {
  it('lists each with what is wrong and what to do about it, safe to print', async () => {
    const { code, out } = await ran(['env', 'list']);
    expect(code).toBe(0);
    expect(out).toContain('production  NOT SERVING  v1 (111111111111)');
    expect(out).toContain('the process behind it is gone: `orchestrate unlock --env production`');
    expect(out).toContain('✖ no process of v1 runs');
    expect(out).not.toContain('\u001b');
  });

  it('gives the same as one document a line', async () => {
    const { out } = await ran(['env', 'list', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'orchestra/environment-list@1',
      environments: [{ name: 'production', serving: false, lock: { owner: 'Ada' } }],
    });
    const { out: one } = await ran(['env', 'show', '--json']);
    expect(JSON.parse(one)).toMatchObject({ schema: 'orchestra/environment@1', name: 'production' });
  });

  it('ends a check with 1 where something is not as it should be, with 0 where all is', async () => {
    expect((await ran(['env', 'check'])).code).toBe(1);
    const fine: EnvironmentReport = { ...production, lock: { kind: 'free' }, drift: [] };
    expect((await ran(['env', 'check'], { reports: () => [fine] })).code).toBe(0);
    expect((await ran(['env', 'check', 'nowhere'])).code).toBe(78);
  });
});

describe('C1 what the screen shows, without a terminal', () => {
  const running = () => new JournalBuilder().requested().staged();

  it('gives every event of a deployment, a line each', async () => {
    const journal = running();
    const { out } = await ran(['history', journal.id, '--events', '--json'], { running: journal });
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(journal.events.length);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'deployment.waiting' });
    const { out: words } = await ran(['history', journal.id, '--events'], { running: journal });
    expect(words.trim().split('\n')).toHaveLength(journal.events.length);
  });

  it('gives a paper by its name, and says which there are', async () => {
    const documents = { 'guide.md': ['# Guide'] };
    const journal = running();
    expect(
      (await ran(['history', journal.id, '--paper', 'guide.md'], { running: journal, documents })).out,
    ).toBe('# Guide\n');
    const missing = await ran(['history', journal.id, '--paper', 'none.md'], { running: journal, documents });
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('expected one of guide.md, test-plan.md, rollback.md');
  });

  it('says with the help which command shows which view, and ends with 2 as ever', async () => {
    const { code, err } = await ran([]);
    expect(code).toBe(2);
    expect(err).toContain('Environments env list, env show, env compare');
  });
});
