import headless from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import log from '../../../components/drawing/screen-writer.ts';

let term: InstanceType<typeof headless.Terminal>;
let written: string[];
let wiped = 0;
afterEach(() => term.dispose());

function open(cols: number, rows: number) {
  term = new headless.Terminal({ cols, rows, allowProposedApi: true });
  written = [];
  return log.create({
    isTTY: true,
    write: (text: string) => written.push(text),
    getWindowSize: () => [term.cols, term.rows],
    get wiped() {
      return wiped;
    },
  });
}

async function shown(): Promise<string[]> {
  await new Promise<void>((resolve) => {
    term.write(written.splice(0).join(''), resolve);
  });
  return Array.from(
    { length: term.rows },
    (_, y) => term.buffer.active.getLine(term.buffer.active.baseY + y)?.translateToString(true) ?? '',
  );
}

describe('what is written to the screen', () => {
  it('shows each frame, whole rows to the very edge among them', async () => {
    const draw = open(6, 5);
    draw('┌────┐\n│ a  │\n└────┘\n');
    expect(await shown()).toEqual(['┌────┐', '│ a  │', '└────┘', '', '']);
    draw('┌────┐\nb\n└────┘\n');
    expect(await shown()).toEqual(['┌────┐', 'b', '└────┘', '', '']);
  });

  it('is only the rows that changed, in one piece and marked as one frame', () => {
    const draw = open(20, 5);
    draw('one\ntwo\nthree\n');
    written = [];
    draw('one\nTWO\nthree\n');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\u001b\[\?2026h.*TWO.*\u001b\[\?2026l$/u);
    expect(written[0]).not.toMatch(/one|three/u);
  });

  it('is nothing where nothing changed', () => {
    const draw = open(20, 5);
    draw('one\ntwo\n');
    written = [];
    expect(draw('one\ntwo\n')).toBe(false);
    expect(written).toEqual([]);
  });

  it('takes away the rows that a shorter frame has no more', async () => {
    const draw = open(20, 5);
    draw('one\ntwo\nthree\n');
    draw(' \n');
    expect((await shown()).join('').trim()).toBe('');
  });

  it('is everything again after the terminal was resized', async () => {
    const draw = open(20, 5);
    draw('one\ntwo\n');
    await shown();
    term.resize(30, 4);
    term.write('\u001b[2J');
    draw('one\ntwo\n');
    expect(await shown()).toEqual(['one', 'two', '', '']);
  });

  it('is everything again after the screen was wiped, whatever its size', async () => {
    const draw = open(20, 5);
    draw('one\ntwo\n');
    await shown();
    term.write('\u001b[2J');
    wiped += 1;
    draw('one\ntwo\n');
    expect((await shown()).slice(0, 2)).toEqual(['one', 'two']);
  });

  it('never scrolls a terminal that is too small', async () => {
    const draw = open(20, 3);
    draw('one\ntwo\nthree\nfour\nfive\n');
    expect(await shown()).toEqual(['one', 'two', 'three']);
  });
});
