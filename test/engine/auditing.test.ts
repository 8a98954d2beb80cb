import { describe, expect, it } from 'vitest';
import type { AuditAct, AuditEntry } from '../../src/domain/audit.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import { withAudit } from '../../src/engine/auditing.ts';
import type { AuditTrail } from '../../src/ports/audit.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../harness/journal.ts';

const ana = { name: 'Ana', face: 'cli' } as const;

/** A trail on a disk that can be full. */
function fakeTrail() {
  const acts: AuditAct[] = [];
  const disk = { full: false };
  const trail: AuditTrail = {
    async record(act): Promise<AuditEntry> {
      if (disk.full) throw new OrchestraError('audit-write', 'no space', { exit: 74, hint: 'make room' });
      acts.push(act);
      return {
        ...act,
        schema: 'orchestra/audit@1',
        seq: acts.length,
        at: '',
        prev: '',
        hash: '',
      } as AuditEntry;
    },
    entries: async function* () {},
    verify: async () => ({ entries: 0, problems: [], more: 0, end: 'unknown' }),
  };
  return { trail, acts, disk };
}

function audited(engine = new FakeOrchestrator({ running: new JournalBuilder().requested() })) {
  const { trail, acts, disk } = fakeTrail();
  const told: string[] = [];
  return {
    engine,
    acts,
    disk,
    told,
    calls: withAudit(engine, { audit: trail, tell: (line) => told.push(line) }),
  };
}

const deployment = {
  environment: 'production',
  what: { kind: 'version', ref: 'v2' },
  by: ana,
  why: 'it is time',
  through: 'learning',
  unattended: false,
} as const;

describe('acts in the audit trail', () => {
  it('W4 are written down before they are done, and again with how they went', async () => {
    const { calls, acts, engine } = audited();
    const id = await calls.deploy(deployment);
    await calls.command(id, { kind: 'promote', full: true }, ana, 'all well');
    await calls.rollback({ environment: 'production', by: ana, unattended: false });
    await calls.unlock({ environment: 'production', by: ana });
    expect(acts.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'deploy.requested production',
      `deploy.done ${id}`,
      `command.requested ${id}`,
      `command.done ${id}`,
      'rollback.requested production',
      expect.stringMatching(/^rollback.done /),
      'unlock.requested production',
      'unlock.done production',
    ]);
    expect(acts[0]).toMatchObject({ who: ana, why: 'it is time', details: { what: 'version', ref: 'v2' } });
    expect(acts[2]).toMatchObject({ why: 'all well', details: { kind: 'promote', full: true } });
    expect(engine.deployed).toHaveLength(1);
  });

  it('W4 are not done where they cannot be written down', async () => {
    const { calls, disk, engine, told } = audited();
    disk.full = true;
    await expect(calls.deploy(deployment)).rejects.toMatchObject({ code: 'audit-write', exit: 74 });
    await expect(calls.command('x', { kind: 'promote' }, ana)).rejects.toMatchObject({ code: 'audit-write' });
    await expect(calls.unlock({ environment: 'production', by: ana })).rejects.toMatchObject({ exit: 74 });
    expect([engine.deployed, engine.asked, engine.unlocked, told]).toEqual([[], [], [], []]);
  });

  it('W4 that take back are done all the same, and that is said', async () => {
    const { calls, disk, engine, told } = audited();
    disk.full = true;
    await calls.rollback({ environment: 'production', by: ana, unattended: false });
    for (const kind of ['abort', 'reject', 'pause'] as const) await calls.command('x', { kind }, ana);
    await calls.forceEnd({ id: 'x', by: ana }).catch(() => undefined);
    expect(told.some((line) => line.startsWith('force-end.requested of x'))).toBe(true);
    expect(engine.rolledBack).toEqual(['production']);
    expect(engine.asked.map(({ command }) => command)).toEqual(['abort', 'reject', 'pause']);
    expect(told[0]).toBe('rollback.requested of production is not in the audit trail: no space');
    expect(told).toHaveLength(10);
  });

  it('W4 that fail are written down with their error', async () => {
    const engine = new FakeOrchestrator();
    engine.deploy = async () => {
      throw new OrchestraError('locked', 'production is held by Ben', { exit: 5, hint: 'wait' });
    };
    const { calls, acts } = audited(engine);
    await expect(calls.deploy(deployment)).rejects.toMatchObject({ code: 'locked' });
    expect(acts[1]).toMatchObject({
      action: 'deploy.failed',
      details: { code: 'locked', error: 'production is held by Ben' },
    });
  });

  it('are done once where only the answer cannot be written', async () => {
    const { calls, disk, engine, told, acts } = audited();
    const inner = engine.deploy.bind(engine);
    engine.deploy = async (request) => {
      disk.full = true;
      return inner(request);
    };
    await calls.deploy(deployment);
    expect([acts.length, told.length]).toEqual([1, 1]);
  });

  it('a selection is written down when it is another one, not each time it is saved', async () => {
    const { calls, acts } = audited();
    const selection = { schema: 'orchestra/selection@1' as const, selected: ['a', 'b'], added: [] };
    await calls.saveSelection(selection, ana);
    await calls.saveSelection({ ...selection, selected: ['b', 'a'] }, ana);
    await calls.saveSelection({ ...selection, selected: ['a'] }, ana);
    expect(acts.map(({ details }) => details?.['selected'])).toEqual([['a', 'b'], ['a']]);
  });
});
