import { readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import type { Piece } from '../keypress/frames.ts';
import { rowPieces } from '../keypress/row-pieces.ts';

/** Milliseconds since the epoch, finer than `Date.now`; the same clock in every process of the machine. */
export const now = () => performance.timeOrigin + performance.now();

const frameBegins = '\u001b[?2026h';

/** A program in a real pseudo-terminal, its screen kept by a terminal emulator, its frames and their times counted. */
export class Screen {
  readonly pid: number;
  /** When each frame began to arrive, milliseconds since the epoch. */
  readonly frames: number[] = [];
  /** Bytes that were written. */
  bytes = 0;
  private readonly pty: ReturnType<typeof spawn>;
  private readonly term: InstanceType<typeof headless.Terminal>;
  private readonly watchers = new Set<(screen: string, at: number) => void>();
  private readonly ended: Promise<void>;
  private tail = '';

  constructor(
    args: readonly string[],
    options: { cwd: string; env: Record<string, string>; cols: number; rows: number },
  ) {
    const { cols, rows, cwd, env } = options;
    this.term = new headless.Terminal({ cols, rows, allowProposedApi: true, scrollback: 0 });
    this.pty = spawn(process.execPath, [...args], { name: 'xterm-256color', cols, rows, cwd, env });
    this.pid = this.pty.pid;
    this.ended = new Promise((resolve) => {
      this.pty.onExit(() => resolve());
    });
    this.pty.onData((data) => {
      const at = now();
      this.bytes += data.length;
      // A mark may be cut in two by the pipe.
      const text = this.tail + data;
      const begun = text.split(frameBegins).length - 1;
      this.tail = text.slice(-(frameBegins.length - 1));
      for (let i = 0; i < begun; i++) this.frames.push(at);
      this.term.write(data, () => {
        if (this.watchers.size === 0) return;
        const screen = this.text();
        for (const watcher of this.watchers) watcher(screen, at);
      });
    });
  }

  text(): string {
    const { active } = this.term.buffer;
    return Array.from(
      { length: this.term.rows },
      (_, i) => active.getLine(active.baseY + i)?.translateToString(true) ?? '',
    ).join('\n');
  }

  /** What is on it now, all but its last row, which Ink keeps free. */
  pieces(): Piece[][] {
    return Array.from({ length: this.term.rows - 1 }, (_, y) => rowPieces(this.term, y));
  }

  press(keys: string): void {
    this.pty.write(keys);
  }

  /** When what arrived made the screen show `wanted`, milliseconds since the epoch. */
  shows(wanted: RegExp, withinMs = 60_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.watchers.delete(look);
        reject(new Error(`The screen never showed ${String(wanted)}. It shows:\n${this.text()}`));
      }, withinMs);
      const look = (screen: string, at: number) => {
        if (!wanted.test(screen)) return;
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve(at);
      };
      this.watchers.add(look);
      look(this.text(), now());
    });
  }

  /** Seconds of CPU that the process has taken so far. */
  cpu(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // Times 14 and 15, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** Resident memory in MB (10⁶ bytes). */
  memory(): number {
    const line = /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    return (Number(line?.[1]) * 1024) / 1e6;
  }

  async close(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.ended;
    this.term.dispose();
  }
}
