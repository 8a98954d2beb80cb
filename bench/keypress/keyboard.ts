import { setTimeout as pause } from 'node:timers/promises';
import headless from '@xterm/headless';
import { spawn } from '@lydell/node-pty';
import type { Piece } from './frames.ts';
import { rowPieces } from './row-pieces.ts';

const size = { cols: 200, rows: 50 };
/** A frame is over when nothing has come for so long: more than the longest pause that ink makes between two frames. */
const quietMs = 45;
const patienceMs = 20_000;
const endOfFrame = '\u001b[?2026l';

/** What one key brought about: milliseconds to the last byte, bytes, and how many frames they made. */
export interface Answer {
  ms: number;
  bytes: number;
  frames: number;
}

/** A program in a pseudo-terminal of 200 × 50 whose answers to keys are timed. */
export class Keyboard {
  private readonly pty: ReturnType<typeof spawn>;
  private readonly term = new headless.Terminal({ ...size, allowProposedApi: true });
  private unread = '';
  private bytes = 0;
  private frames = 0;
  private last = 0;

  constructor(program: string, args: readonly string[]) {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      LANG: 'C.UTF-8',
    };
    this.pty = spawn(process.execPath, [program, ...args], { name: 'xterm-256color', ...size, env });
    this.pty.onData((data) => {
      this.last = performance.now();
      this.unread += data;
      this.bytes += data.length;
      for (let at = data.indexOf(endOfFrame); at >= 0; at = data.indexOf(endOfFrame, at + 1))
        this.frames += 1;
    });
  }

  get pid(): number {
    return this.pty.pid;
  }

  /** Presses keys `apartMs` apart, and waits until the screen stands still; the time counts from the last key. */
  async press(keys: string, apartMs = 0): Promise<Answer> {
    this.bytes = 0;
    this.frames = 0;
    const start = performance.now();
    let pressed = start;
    for (const [i, key] of [...keys].entries()) {
      while (performance.now() < start + i * apartMs) await pause(1);
      pressed = performance.now();
      this.pty.write(key);
    }
    while (this.last < pressed || performance.now() - this.last < quietMs) {
      if (performance.now() - pressed > patienceMs) throw new Error('A key brought no frame.');
      await pause(5);
    }
    return { ms: this.last - pressed, bytes: this.bytes, frames: this.frames };
  }

  /** Waits until the screen shows `text`. */
  async shows(text: string): Promise<void> {
    const until = performance.now() + patienceMs;
    while (!(await this.lines()).some((line) => line.includes(text))) {
      if (performance.now() > until)
        throw new Error(`It never showed ${text}:\n${(await this.lines()).join('\n')}`);
      await pause(50);
    }
    while (performance.now() - this.last < 300) await pause(20);
  }

  private async emulate(): Promise<void> {
    const text = this.unread;
    this.unread = '';
    await new Promise<void>((resolve) => {
      this.term.write(text, resolve);
    });
  }

  async lines(): Promise<string[]> {
    await this.emulate();
    const { active } = this.term.buffer;
    return Array.from({ length: size.rows }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
  }

  /** The screen as rows of pieces, plain spaces at their ends left out. */
  async pieces(): Promise<Piece[][]> {
    await this.emulate();
    return Array.from({ length: size.rows - 1 }, (_, y) => rowPieces(this.term, y));
  }

  /** The text of a table on the screen: its columns by the words of the row that `head` begins, then each row's cells. */
  async table(head: string): Promise<{ columns: string[]; rows: string[][] }> {
    const lines = await this.lines();
    const top = lines.findIndex((line) => line.includes(head));
    const title = lines[top] ?? '';
    const first = title.lastIndexOf('│', title.indexOf(head)) + 2;
    const words = [...title.matchAll(/[^\s│]+/gu)].filter(({ index }) => index > first);
    const starts = [first, ...words.map(({ index }) => index)];
    const cells = (y: number) => starts.map((x, i) => this.cells(y, x, starts[i + 1] ?? size.cols - 2));
    const rows = lines
      .slice(top + 1)
      .flatMap((_, i) => (lines[top + 1 + i]?.[first - 2] === '│' ? [cells(top + 1 + i)] : []));
    return {
      columns: [' ', ...words.map(([word]) => word)],
      rows: rows.filter((row) => row.some((cell) => cell.trim() !== '')),
    };
  }

  private cells(y: number, from: number, to: number): string {
    return this.term.buffer.active.getLine(y)?.translateToString(false, from, to).trimEnd() ?? '';
  }

  close(): void {
    this.pty.kill('SIGKILL');
  }
}
