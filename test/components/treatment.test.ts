import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltProgram, buildProgram } from '../harness/build-program.ts';
import { foreignIn } from '../harness/hostile.ts';
import { type OpenOptions, openTerminal, RealTerminal } from '../harness/terminal.ts';

let program: BuiltProgram;
let terminal: RealTerminal | undefined;

beforeAll(async () => {
  program = await buildProgram(path.join(import.meta.dirname, '../harness/ui-program.ts'));
});
afterAll(() => program.remove());
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

const env = (more: Record<string, string> = {}) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  ...more,
});

function open(args: string[], options?: OpenOptions): RealTerminal {
  terminal = openTerminal([program.file, ...args], options);
  return terminal;
}

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';

/** Whether a process is there and has not ended. */
function runs(pid: number): boolean {
  return /^[^Z]/.test(
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim(),
  );
}

async function untilGone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (!runs(pid)) return true;
    await sleep(50);
  }
  return !runs(pid);
}

describe('what is written to a terminal', () => {
  it('is whole frames, each between one pair of marks, and nothing else', async () => {
    const t = open(['shop']);
    await t.waitFor('refuse expired tokens');
    t.press('j', 'j', '2');
    await t.waitFor('✔ proved');
    const drawn = t.raw.slice(t.raw.indexOf(begin));
    for (const frame of drawn.split(end).slice(0, -1)) {
      expect(frame.startsWith(begin)).toBe(true);
      expect(frame.lastIndexOf(begin)).toBe(0);
    }
    expect(foreignIn(t.raw)).toBeUndefined();
  });

  it('leaves every mode as it found it', async () => {
    const t = open(['shop']);
    const before = t.modes();
    await t.waitFor('refuse expired tokens');
    t.press('q');
    await t.exited;
    expect(t.modes()).toEqual(before);
    expect(t.cursorShown).toBe(true);
  });

  it.each([
    ['ORCHESTRA_ASCII', '1'],
    ['LC_ALL', 'en_US.ISO-8859-1'],
  ])('is ASCII where %s=%s, in straight columns', async (name, value) => {
    const t = open(['rolling'], { env: env({ [name]: value }), cols: 120, rows: 40 });
    await t.waitFor(/HIGH RISK[^]*25 %/);
    for (const key of '123456HAEL?') {
      t.press(key);
      await sleep(60);
    }
    await t.waitFor(/Keys/);
    expect(t.raw).not.toMatch(/[^\0-~]/);
    const lines = t.lines();
    expect(lines[0]).toMatch(/^\+ orchestra - shop .*-\+$/);
    expect(lines[38]).toMatch(/^\+ .*-\+$/);
    for (const line of lines.slice(1, 38)) expect(line).toMatch(/^\|.*\|$/);
  });

  it('has the colours of the theme, which T changes and shows before it is taken', async () => {
    const t = open(['none'], { env: env({ COLORTERM: 'truecolor', ORCHESTRA_THEME: 'light' }) });
    await t.waitFor('refuse expired tokens');
    expect(t.raw).toContain('\u001b[38;2;87;96;106m');
    t.press('T');
    await t.waitFor('high contrast');
    t.press('down');
    await t.waitFor(/▸ high contrast/);
    expect(t.raw).toContain('\u001b[38;2;208;208;208m');
    t.press('\u001b');
    await t.waitFor((screen) => !screen.includes('high contrast'));
    t.press('j');
    await t.waitFor('2 of 21');
    expect(t.raw.slice(-6000)).toContain('\u001b[38;2;87;96;106m');
    expect(t.raw.slice(-6000)).not.toContain('\u001b[38;2;208;208;208m');
  });
});

describe('pasted text', () => {
  const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;

  it('is no keys', async () => {
    const t = open(['none']);
    await t.waitFor('refuse expired tokens');
    t.press(paste('2nry\ry\r'));
    const screen = await t.waitFor('Pasted text is not taken as keys.');
    expect(screen).toMatch(/▸1/);
    t.press('r');
    await t.waitFor('Roll back?');
    t.press(paste('y\ryes\r'));
    await t.waitFor('Pasted text is not taken as keys.');
    expect(t.screen()).toContain('Roll back?');
  });

  it('goes into what is being typed, as one line', async () => {
    const t = open(['none']);
    await t.waitFor('refuse expired tokens');
    t.press('/');
    await t.waitFor('/ ▏');
    t.press(paste(' expired\n\u0007tokens '));
    await t.waitFor('/ expired tokens▏');
    await t.waitFor('1 of 1');
  });
});

describe('a window that changes its size', () => {
  it('shows what a fresh one of that size shows, however fast it changed', async () => {
    const t = open(['none'], { cols: 100, rows: 30 });
    await t.waitFor('refuse expired tokens');
    for (let i = 0; i < 60; i += 1) {
      t.resize(60 + ((i * 37) % 140), 12 + ((i * 23) % 50));
      await sleep(i % 4 === 0 ? 25 : 3);
    }
    t.resize(110, 34);
    const fresh = openTerminal([program.file, 'none'], { cols: 110, rows: 34 });
    try {
      await fresh.waitFor('refuse expired tokens');
      await fresh.waitFor('1 of 21');
      const wanted = fresh.screen();
      await t.waitFor((screen) => screen === wanted, 10_000);
    } finally {
      await fresh.close();
    }
    expect(t.raw).not.toContain('\u001b[3J');
  });

  it('is drawn again where it came back to the size it had', async () => {
    const t = open(['none'], { cols: 100, rows: 30 });
    await t.waitFor('1 of 21');
    const before = t.screen();
    for (let i = 0; i < 5; i += 1) {
      t.resize(100, 31);
      t.resize(100, 30);
      await sleep(120);
      await t.waitFor((screen) => screen === before, 5000);
    }
  });
});

describe('ctrl-z, kill -TSTP, and back', () => {
  /** The program as a job of a shell. */
  function shell(): RealTerminal {
    terminal = new RealTerminal('bash', ['--norc', '--noprofile', '-i'], {
      cols: 100,
      rows: 30,
      env: env({ PS1: 'shell> ' }),
    });
    return terminal;
  }

  it.each(['ctrl-z', 'kill -TSTP'])('%s gives the screen to the shell, and fg draws it anew', async (how) => {
    const t = shell();
    await t.waitFor('shell>');
    t.press(`${process.execPath} ${program.file} none\r`);
    await t.waitFor('refuse expired tokens');
    const before = t.modes();
    if (how === 'ctrl-z') t.press('\u001a');
    else {
      const pid = spawnSync('pgrep', ['-P', String(t.pid)], { encoding: 'utf8' }).stdout.trim();
      process.kill(Number(pid), 'SIGTSTP');
    }
    await t.waitFor(/Stopped/);
    expect(t.buffer()).toBe('normal');
    expect(t.cursorShown).toBe(true);
    t.resize(90, 28);
    t.press('fg\r');
    await t.waitFor((screen) => screen.includes('refuse expired tokens') && screen.includes('▸1'));
    expect(t.buffer()).toBe('alternate');
    expect(t.modes()).toEqual(before);
    await t.waitFor(
      (screen) => screen.split('\n')[0]?.endsWith('┐') === true && screen.split('\n')[0]?.length === 90,
    );
    t.press('j');
    await t.waitFor('2 of 21');
    t.press('q');
    await t.waitFor(/fg\n[^]*shell>\s*$/);
  });

  it('goes on where no shell could ever continue it', async () => {
    const t = open(['none']);
    await t.waitFor('1 of 21');
    t.press('\u001a');
    await sleep(300);
    t.press('j');
    await t.waitFor('2 of 21');
    expect(t.buffer()).toBe('alternate');
  });
});

describe('a terminal that vanishes', () => {
  it('ends the program at once', async () => {
    const t = open(['running']);
    await t.waitFor('canary');
    t.hangUp();
    expect(await untilGone(t.pid, 3000)).toBe(true);
    // As a hang-up ends a program, not by an abort with a core dump.
    expect(await t.exited).toBe(129);
  });

  it('restores the screen on SIGQUIT too', async () => {
    const t = open(['shop']);
    await t.waitFor('refuse expired tokens');
    t.signal('SIGQUIT');
    expect(await t.exited).toBe(131);
    expect(t.buffer()).toBe('normal');
  });
});

describe('the screen, said', () => {
  it('is lines that are only ever added for a screen reader, with the keys of the screen', async () => {
    const t = open(['none'], { env: env({ ORCHESTRA_SCREEN_READER: '1' }), cols: 200, rows: 60 });
    await t.waitFor(/selected: .*fix\(auth\): refuse expired tokens/);
    t.press('j');
    await t.waitFor(/2 of 21, selected: .*feat\(cart\): baskets/);
    t.press('5r');
    await t.waitFor('Roll back?');
    t.press('\u001b[C');
    await t.waitFor('Roll back, selected');
    t.press('\u001b');
    t.press('q');
    expect(await t.exited).toBe(0);
    expect(t.raw).not.toMatch(/\u001b|\u0008/);
    expect(t.raw).not.toMatch(/[\u2500-\u259f\u2800-\u28ff▸]/u);
    expect(t.buffer()).toBe('normal');
  });

  it('takes keys line by line on a dumb terminal', async () => {
    const t = open(['none'], { env: env({ TERM: 'dumb' }), cols: 200, rows: 60 });
    await t.waitFor(/selected: .*fix\(auth\)/);
    t.press('down\r');
    await t.waitFor(/2 of 21, selected/);
    t.press('5\r');
    t.press('r\r');
    await t.waitFor('Roll back?');
    t.press('\r');
    t.press('q\r');
    expect(await t.exited).toBe(0);
    expect(t.raw).not.toContain('\u001b');
  });

  it('says what happens to a deployment', async () => {
    const t = open(['running'], { env: env({ INK_SCREEN_READER: 'true' }), cols: 200, rows: 60 });
    await t.waitFor(/phase canary 25 %/);
    expect(foreignIn(t.raw)).toBeUndefined();
  });
});
