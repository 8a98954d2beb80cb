import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { parseEvent, printEvent } from '../../src/memory/event-line.ts';
import { createJournals } from '../../src/memory/journals.ts';
import { stoppedClock } from '../harness/clock.ts';
import { requested } from '../harness/deployment-events.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const id = '20260131_142500';
const at = '2026-01-31T14:25:00.000Z';
const event: Event = {
  seq: 7,
  deployment: id,
  at,
  type: 'learned',
  effect: 'learn',
  lessons: ['ünïcode "}'],
};
const line = (text: string) => Buffer.from(text.replace(/\n$/, ''));

describe('a line of a journal', () => {
  it('M1 carries a seal that tells every changed byte, and reads as the event that was written', () => {
    const whole = line(printEvent(event));
    expect(parseEvent(whole, id)).toEqual({ kind: 'event', event });
    for (let i = 0; i < whole.length; i += 1) {
      for (const flip of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(whole);
        changed.writeUInt8(whole.readUInt8(i) ^ flip, i);
        const found = parseEvent(changed, id);
        if (found.kind === 'event') expect(found.event, `byte ${i}: only the seal's own name`).toEqual(event);
      }
    }
  });

  it('of before there were seals is as good as ever', () => {
    expect(parseEvent(line(JSON.stringify(event)), id)).toEqual({ kind: 'event', event });
  });

  it('of another deployment is none of this one', () => {
    expect(parseEvent(line(printEvent(event)), '20260131_142501')).toEqual({ kind: 'damaged' });
  });

  it.each([
    ['a type nobody knows here', { type: 'region.moved', to: 'eu' }],
    ['a known type with another shape', { type: 'learned', effect: 'learn', lessons: 'none' }],
  ])('M9 that a later version wrote is newer, not damaged: %s', (_, body) => {
    const text = JSON.stringify({ seq: 7, deployment: id, at, ...body });
    const sealed = printEvent(JSON.parse(text));
    expect(parseEvent(line(sealed), id)).toEqual({ kind: 'newer', type: body.type });
    expect(parseEvent(line(sealed.replace('learn', 'learm')), id).kind).not.toBe('event');
  });
});

async function begun() {
  const dir = folder();
  const problems: string[] = [];
  const journals = createJournals({ dir, clock: stoppedClock(), onProblem: (line) => problems.push(line) });
  await journals.claim(new Date(at));
  await journals.create(id, requested(), new Date(at));
  const file = path.join(dir, 'current', id, 'journal.ndjson');
  return { journals, file, problems };
}

describe('a journal that a later version of the program writes', () => {
  it('M9 is refused with 78 by whoever needs it, and nothing of it is cut off', async () => {
    const { journals, file, problems } = await begun();
    const later = { seq: 2, deployment: id, at, type: 'region.moved', to: 'eu' };
    appendFileSync(file, `${JSON.stringify(later)}\n`);
    const before = readFileSync(file, 'utf8');
    const refused = { code: 'newer-schema', exit: 78 };
    await expect(journals.read(id)).rejects.toMatchObject(refused);
    await expect(journals.open(id)).rejects.toMatchObject(refused);
    await expect(journals.mend(id)).rejects.toMatchObject(refused);
    expect(await journals.readable(id)).toMatchObject({ newer: true, events: [{ seq: 1 }] });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(problems).toEqual([]);
  });

  it('M9 is not cut where an event before the later one is damaged either', async () => {
    const { journals, file } = await begun();
    const later = { seq: 3, deployment: id, at, type: 'region.moved', to: 'eu' };
    appendFileSync(file, `{"seq":2,"garb\n${JSON.stringify(later)}\n`);
    await expect(journals.mend(id)).rejects.toMatchObject({ code: 'newer-schema' });
  });
});

describe('the end of a journal', () => {
  it('N4 that a power cut left as zeros is cut; a whole line with a changed byte is damage, and a copy is kept', async () => {
    const { journals, file, problems } = await begun();
    const first = readFileSync(file, 'utf8');
    writeFileSync(file, `${first}{"seq":2,"dep\0\0\0\0\0\0"}\n`);
    const journal = await journals.open(id);
    expect(journal.events).toHaveLength(1);
    await journal.append([{ type: 'learned', effect: 'learn', lessons: [] }], new Date(at));
    await journal.close();
    expect(problems).toHaveLength(1);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"learn"', '"laern"'));
    await expect(journals.read(id)).rejects.toMatchObject({ code: 'bad-journal', exit: 74 });
    await journals.mend(id);
    expect(readFileSync(file, 'utf8')).toBe(first);
    expect(problems.at(-1)).toContain('from event 2 on');
  });
});
