import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nextEntry, type AuditAct } from '../../src/domain/audit.ts';
import { auditLine } from '../../src/domain/audit-words.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const who = { name: 'Ana', face: 'cli' } as const;
const line = (act: Omit<AuditAct, 'who' | 'subject'>) =>
  auditLine(nextEntry({ ...act, who, subject: 'd1' }, undefined, new Date(0), digest))
    .split('  ')
    .slice(3);

describe('an entry of the audit trail, as people read it', () => {
  it('W4 names the command that was given, and what became of it', () => {
    expect(line({ action: 'command.requested', details: { kind: 'abort', forced: 7 }, why: 'slow' })).toEqual(
      ['abort asked', 'd1', '[forced 7]', 'because slow'],
    );
    expect(line({ action: 'command.done', details: { kind: 'abort', refused: false } })).toEqual([
      'abort taken up',
      'd1',
    ]);
    expect(line({ action: 'command.done', details: { kind: 'pause', refused: 'it is over' } })).toEqual([
      'pause refused',
      'd1',
      '[refused it is over]',
    ]);
  });

  it('W4 does not call a deployment done that has only begun', () => {
    expect(line({ action: 'deploy.requested' })).toEqual(['deploy requested', 'd1']);
    expect(line({ action: 'deploy.done' })).toEqual(['deploy begun', 'd1']);
  });

  it('E3 has no password and no token, whoever wrote one into a reason or an error', () => {
    const [, , ...words] = line({
      action: 'deploy.failed',
      why: 'retry with password=hunter2 and ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      details: { error: 'https://ann:s3cret@git.test refused', did: ['token: abcdefgh'] },
    });
    expect(words).toEqual([
      '[error https://***@git.test refused; did token: ***]',
      'because retry with password=*** and ***',
    ]);
  });

  it('gives no reason where none was said', () => {
    expect(line({ action: 'unlock.requested', why: ' ' })).toEqual(['unlock requested', 'd1']);
  });
});
