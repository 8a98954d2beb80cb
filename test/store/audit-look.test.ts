import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { nextEntry } from '../../src/domain/audit.ts';
import { createUiStore } from '../../store/create-store.ts';
import { createAuditLook } from '../../store/audit-look.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

describe('who did what, on the screen', () => {
  it('W4 is a list that typing narrows; picking an entry tells all of it', async () => {
    const store = createUiStore({ columns: 120, rows: 40 }, 0);
    const engine = new FakeOrchestrator();
    const who = { name: 'Ana', face: 'cli' } as const;
    engine.audit = [
      nextEntry(
        { action: 'deploy.requested', who, subject: 'production', why: 'it is time' },
        undefined,
        new Date(0),
        digest,
      ),
    ];
    await createAuditLook(store, engine).askAudit();
    const { picker } = store.getState().session;
    expect(picker?.options[0]).toMatchObject({
      label: '01-01 00:00 Ana: deploy requested',
      hint: 'production, it is time',
    });
    picker?.options[0]?.run(store);
    expect(JSON.stringify(store.getState().session)).toContain('because it is time');
    expect(store.getState().busy).toBeUndefined();
  });
});
