import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { auditHash, canonicalJson, nextEntry, type AuditEntry } from '../../src/domain/audit.ts';
import { readChain } from '../../src/domain/audit-chain.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const ana = { name: 'Ana', face: 'cli', host: 'one', pid: 7 } as const;
const at = new Date('2026-11-21T10:00:00.000Z');

function trail(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let i = 0; i < length; i += 1)
    entries.push(
      nextEntry(
        { action: 'deploy.requested', who: ana, subject: `d${i}`, why: 'why' },
        entries.at(-1),
        at,
        digest,
      ),
    );
  return entries;
}

const lines = (entries: readonly object[]) => entries.map((entry) => JSON.stringify(entry));

function forgedOf(entry: AuditEntry | undefined): string {
  const changed = { ...entry, why: 'another' };
  return JSON.stringify({ ...changed, hash: auditHash(changed, digest) });
}

function verdictOf(texts: readonly string[], head?: { seq: number; hash: string }) {
  const reader = readChain(digest, head);
  for (const text of texts) reader.take(text);
  return reader.end();
}

const kinds = (texts: readonly string[], head?: { seq: number; hash: string }) =>
  verdictOf(texts, head).problems.map(({ kind, line }) => `${kind} ${line}`);

describe('the chain of the audit trail', () => {
  const whole = trail(8);
  const head = whole.at(-1);
  if (!head) throw new TypeError('no head');

  it('W4 finds nothing wrong with what was written', () => {
    expect(verdictOf(lines(whole), head)).toEqual({ entries: 8, problems: [], more: 0, end: 'known' });
    expect(verdictOf([], undefined)).toEqual({ entries: 0, problems: [], more: 0, end: 'unknown' });
  });

  it('W4 names an entry that was altered, whichever field it is', () => {
    const changes = [
      { why: 'another' },
      { subject: 'x' },
      { at: '2020-01-01T00:00:00.000Z' },
      { who: { name: 'Eve', face: 'cli' } },
      { details: { more: 1 } },
      { added: true },
    ];
    for (const change of changes)
      expect(
        kinds(lines(whole.map((entry, i) => (i === 3 ? { ...entry, ...change } : entry))), head),
      ).toEqual(['altered 4']);
  });

  it('W4 names an entry whose hash was made anew, by the one after it', () => {
    const forged = whole.map((entry, i) => {
      if (i !== 3) return entry;
      const changed = { ...entry, why: 'another' };
      return { ...changed, hash: auditHash(changed, digest) };
    });
    expect(kinds(lines(forged), head)).toEqual(['unlinked 5']);
  });

  it('W4 names what is missing in the middle, what changed places, what stands twice and what cannot be read', () => {
    const all = lines(whole);
    expect(kinds(all.toSpliced(3, 1), head)).toEqual(['removed 4']);
    const [d, e] = [all[3] ?? '', all[4] ?? ''];
    expect(kinds(all.toSpliced(3, 2, e, d), head)).toEqual(['reordered 5']);
    expect(kinds(all.toSpliced(4, 0, forgedOf(whole[3])), head)).toEqual(['reordered 5']);
    expect(kinds(all.toSpliced(3, 1, '{"torn'), head)).toEqual(['unreadable 4']);
    expect(verdictOf(all.toSpliced(2, 3), head).problems[0]?.text).toBe(
      'entries 3 to 5 are missing (3 entries) before line 3',
    );
  });

  it('takes the same entry once more, written late by a stopped writer, for nothing', () => {
    const all = lines(whole);
    expect(verdictOf([...all, all[3] ?? ''], head)).toEqual({
      entries: 8,
      problems: [],
      more: 0,
      end: 'known',
    });
  });

  it('W4 names an end that was cut off, and a trail that was replaced as a whole, where the last entry is known', () => {
    expect(kinds(lines(whole.slice(0, 6)), head)).toEqual(['shortened 7']);
    expect(kinds([], head)).toEqual(['shortened 1']);
    const other = trail(7);
    const replaced = [
      ...other,
      nextEntry({ action: 'reset', who: ana, subject: 'x' }, other.at(-1), at, digest),
    ];
    expect(kinds(lines(replaced), head)).toEqual(['rewritten 8']);
    expect(verdictOf(lines(whole.slice(0, 6)))).toMatchObject({ problems: [], end: 'unknown' });
  });

  it('W4 takes a key given twice and other spaces for altered, though they parse to the same', () => {
    const all = lines(whole);
    const twice = (all[3] ?? '').replace('"why":"why"', '"why":"evil","why":"why"');
    expect(kinds(all.toSpliced(3, 1, twice), head)).toEqual(['altered 4']);
    expect(kinds(all.toSpliced(3, 1, `${all[3]} `), head)).toEqual(['altered 4']);
  });

  it('survives what nests deeper than the stack goes, and keys that are JavaScript’s own', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const [first = ''] = lines(whole);
    const texts = [first.replace('{', `{"deep":${deep},`), first.replace('{', '{"__proto__":{"x":1},'), deep];
    expect(verdictOf(texts).problems.length).toBeGreaterThanOrEqual(3);
    expect(canonicalJson({ b: [1, { d: null, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":null}]}');
  });

  it('names a hundred problems and counts the rest', () => {
    const verdict = verdictOf(Array.from({ length: 250 }, () => 'x'));
    expect([verdict.problems.length, verdict.more]).toEqual([100, 150]);
  });
});

describe('an entry', () => {
  it('is one short safe line, whatever the reason and the details say', () => {
    const entry = nextEntry(
      {
        action: 'deploy.requested',
        who: { name: 'A\u001b[31mna\n', face: 'cli' },
        subject: 'x\r\ny',
        why: `\u001b]0;title\u0007${'long '.repeat(20_000)}\n{"seq":1}`,
        details: {
          ['__proto__']: 'evil',
          list: Array.from({ length: 500 }, (_, i) => `item ${i}`),
          none: undefined,
          number: Number.NaN,
          big: 'y'.repeat(100_000),
        },
      },
      undefined,
      at,
      digest,
    );
    const line = JSON.stringify(entry);
    expect(line.length).toBeLessThan(4000);
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(JSON.stringify(JSON.parse(line))).toBe(line);
    expect(Object.keys(entry.details ?? {})).toEqual(['list', 'number', 'big']);
    expect(entry.details?.['list']).toHaveLength(21);
    expect(verdictOf([line]).problems).toEqual([]);
  });

  it('keeps what else is known of who did it', () => {
    const who = { ...ana, kind: 'agent', tool: 'some-agent' } as const;
    expect(nextEntry({ action: 'reset', who, subject: 'memory' }, undefined, at, digest).who).toEqual(who);
  });
});
