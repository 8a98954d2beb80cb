import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit.ts';
import { openAuditTrail } from '../../src/memory/audit-trail.ts';
import { bundler } from '../harness/bundle.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const bundle = bundler();
let writer = '';
beforeAll(async () => {
  writer = await bundle(fileURLToPath(new URL('children/audit-writer.ts', import.meta.url)));
});

const ana = { name: 'Ana', face: 'cli' } as const;
const act = (n: number) => ({ action: 'selection.saved', who: ana, subject: `n${n}` });

function trailIn(dir: string) {
  const problems: string[] = [];
  const head = path.join(dir, 'state', 'audit-head.json');
  const memory = path.join(dir, 'memory');
  const open = () =>
    openAuditTrail({ dir: memory, head, clock: stoppedClock(), onProblem: (line) => problems.push(line) });
  const file = path.join(memory, 'audit.ndjson');
  return {
    open,
    trail: open(),
    problems,
    head,
    file,
    lines: () => readFileSync(file, 'utf8').split('\n').slice(0, -1),
  };
}

async function all(entries: AsyncIterable<AuditEntry>): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

describe('the audit trail', () => {
  it('W4 numbers and chains its entries, newest first for readers, also across openings', async () => {
    const { open, lines } = trailIn(folder());
    for (let i = 1; i <= 5; i += 1) expect((await open().record(act(i))).seq).toBe(i);
    expect(lines()).toHaveLength(5);
    expect((await all(open().entries())).map(({ subject }) => subject)).toEqual([
      'n5',
      'n4',
      'n3',
      'n2',
      'n1',
    ]);
    expect(await open().verify()).toEqual({ entries: 5, problems: [], more: 0, end: 'known' });
  });

  it('reads nothing where there is none, and makes nothing by looking', async () => {
    const { trail, file } = trailIn(folder());
    expect(await all(trail.entries())).toEqual([]);
    expect(await trail.verify()).toMatchObject({ entries: 0, problems: [], end: 'unknown' });
    expect(existsSync(path.dirname(file))).toBe(false);
  });

  it('N4 cuts off a torn end wherever it broke, says so, notes it, and loses nothing before it', async () => {
    const dir = folder();
    const { trail, file } = trailIn(dir);
    await trail.record(act(1));
    const first = readFileSync(file);
    await trail.record(act(2));
    const whole = readFileSync(file);
    const second = whole.subarray(first.length);
    for (let kept = 1; kept < second.length - 1; kept += 7) {
      const { trail: again, file: torn, problems, lines, head } = trailIn(folder());
      await again.record(act(1));
      const before = readFileSync(torn).length;
      appendFileSync(torn, second.subarray(0, kept));
      expect((await again.verify()).problems.map(({ kind }) => kind)).toEqual(['torn']);
      expect((await again.record(act(3))).seq).toBe(3);
      expect(problems.join()).toContain(`${kept} bytes were cut off`);
      expect(lines().map((line) => JSON.parse(line).action)).toEqual([
        'selection.saved',
        'trail.cut',
        'selection.saved',
      ]);
      expect(readFileSync(torn).subarray(0, before)).toEqual(first);
      expect(await again.verify()).toEqual({ entries: 3, problems: [], more: 0, end: 'known' });
      rmSync(path.dirname(head), { recursive: true });
    }
  });

  it('N4 keeps a last entry that lacks only its line end', async () => {
    const { trail, file, lines, problems } = trailIn(folder());
    await trail.record(act(1));
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    expect((await trail.record(act(2))).seq).toBe(2);
    expect(lines()).toHaveLength(2);
    expect(problems).toEqual([]);
    expect((await trail.verify()).problems).toEqual([]);
  });

  it('W4 goes on after a damaged line, wherever it stands, and names it', async () => {
    for (const [at, rubbish] of [
      [1, 'rubbish'],
      [2, '\u0000'.repeat(300_000)],
      [2, 'x'.repeat(3_000_000)],
    ] as const) {
      const { trail, file, lines } = trailIn(folder());
      for (let i = 1; i <= 3; i += 1) await trail.record(act(i));
      writeFileSync(file, `${lines().toSpliced(at, 1, rubbish).join('\n')}\n`);
      await trail.record(act(4));
      const verdict = await trail.verify();
      expect(verdict.problems.map(({ kind, line }) => `${kind} ${line}`)).toEqual([`unreadable ${at + 1}`]);
      let skipped = 0;
      const found = await all(trail.entries(() => (skipped += 1)));
      expect(found.filter(({ action }) => action === 'selection.saved')).toHaveLength(
        // The last one is known to whoever comes next, and written again.
        at === 2 ? 4 : 3,
      );
      expect(skipped).toBe(1);
    }
  });

  it('W4 notices that its end was cut off, also after later entries, and that all of it is gone', async () => {
    const { trail, file, lines } = trailIn(folder());
    for (let i = 1; i <= 5; i += 1) await trail.record(act(i));
    writeFileSync(file, `${lines().slice(0, 3).join('\n')}\n`);
    expect((await trail.verify()).problems).toMatchObject([
      { kind: 'shortened', line: 4, text: expect.stringContaining('entries 4 to 5 are missing') },
    ]);
    await trail.record(act(6));
    expect((await trail.verify()).problems).toMatchObject([{ kind: 'removed', line: 4 }]);
    rmSync(file);
    expect((await trail.verify()).problems).toMatchObject([{ kind: 'shortened' }]);
  });

  it('says that its end is not known where the state folder is gone or damaged', async () => {
    const { trail, head } = trailIn(folder());
    await trail.record(act(1));
    writeFileSync(head, '{"seq":');
    expect(await trail.verify()).toMatchObject({ problems: [], end: 'unknown' });
    rmSync(head);
    expect(await trail.verify()).toMatchObject({ problems: [], end: 'unknown' });
    await trail.record(act(2));
    expect(await trail.verify()).toMatchObject({ problems: [], end: 'known' });
  });

  it('W4 eight processes lose no entry and do not fork the chain', async () => {
    const { trail, lines, file, head } = trailIn(folder());
    const codes = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const child = spawn(process.execPath, [writer, path.dirname(file), head, `p${i}`, '15'], {
          stdio: 'inherit',
        });
        return (await once(child, 'exit'))[0];
      }),
    );
    expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
    const verdict = await trail.verify();
    expect(verdict).toEqual({ entries: 120, problems: [], more: 0, end: 'known' });
    expect(new Set(lines().map((line) => JSON.parse(line).subject)).size).toBe(120);
  });

  it('follows no link out of the memory, and says 74 where it cannot write', async () => {
    const dir = folder();
    const { trail, file } = trailIn(dir);
    await trail.record(act(1));
    rmSync(file);
    const elsewhere = path.join(dir, 'elsewhere');
    writeFileSync(elsewhere, 'mine\n');
    symlinkSync(elsewhere, file);
    await expect(trail.record(act(2))).rejects.toMatchObject({ code: 'audit-write', exit: 74 });
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine\n');
    rmSync(file);
    if (process.getuid?.() === 0) return;
    chmodSync(path.dirname(file), 0o500);
    try {
      await expect(trail.record(act(2))).rejects.toMatchObject({ code: 'audit-write', exit: 74 });
    } finally {
      chmodSync(path.dirname(file), 0o700);
    }
  });

  it('writes the next entry by reading only the end of a long trail', async () => {
    const { trail, file, lines } = trailIn(folder());
    await trail.record(act(1));
    const [first = ''] = lines();
    // What stands far before the end may be anything: it is not looked at.
    writeFileSync(file, `${'unreadable\n'.repeat(500_000)}${first}\n`);
    expect((await trail.record(act(2))).seq).toBe(2);
  });
});
