import headless from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import { Frames } from '../../../components/screen/frames.ts';

let term: InstanceType<typeof headless.Terminal>;
let frames: Frames;
let written: string[];
afterEach(() => term.dispose());

function open(cols: number, rows: number): (frame: string) => void {
  term = new headless.Terminal({ cols, rows, allowProposedApi: true });
  written = [];
  frames = new Frames(
    (drawn) => drawn,
    () => ({ columns: term.cols, rows: term.rows }),
  );
  return (frame) => written.push(frames.draw(frame));
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
    draw('one\ntwo\n');
    expect(written).toEqual(['']);
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

  it('is everything again after the screen was lost, whatever its size', async () => {
    const draw = open(20, 5);
    draw('one\ntwo\n');
    await shown();
    term.write('garbage');
    frames.lose();
    expect(frames.lost).toBe(true);
    draw('one\ntwo\n');
    expect(frames.lost).toBe(false);
    expect((await shown()).join('\n').trim()).toBe('one\ntwo');
  });

  it('is the last frame again where no new one comes', async () => {
    const draw = open(20, 5);
    expect(frames.again()).toBe('');
    draw('one\ntwo\n');
    draw('one\n2\n');
    await shown();
    term.write('\u001b[2J');
    written.push(frames.again());
    expect((await shown()).join('\n').trim()).toBe('one\n2');
  });

  it('goes through what the terminal needs of it', () => {
    open(20, 5);
    const shouted = new Frames(
      (drawn) => drawn.replaceAll('one', 'ONE'),
      () => ({ columns: 20, rows: 5 }),
    );
    expect(shouted.draw('one\n')).toContain('ONE');
    expect(shouted.draw('one\n')).toBe('');
  });

  it('never scrolls a terminal that is too small', async () => {
    const draw = open(20, 3);
    draw('one\ntwo\nthree\nfour\nfive\n');
    expect(await shown()).toEqual(['one', 'two', 'three']);
  });
});
