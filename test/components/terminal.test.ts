import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../harness/folder.ts';
import { uiTerminals } from '../harness/ui-terminal.ts';

const folder = temporaryFolders();
const open = uiTerminals();

describe('the full-screen terminal', () => {
  it('U1 opens on the alternate screen and gives the old one back after q', async () => {
    const t = open(['shop']);
    await t.waitFor('refuse expired tokens');
    expect(t.buffer()).toBe('alternate');
    t.press('q');
    expect(await t.exited).toBe(0);
    expect(t.buffer()).toBe('normal');
    expect(t.raw.endsWith('\u001b[?25h') || t.raw.includes('\u001b[?25h')).toBe(true);
    expect(t.screen().trim()).toBe('');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('gives the old screen back on %s', async (signal, code) => {
    const t = open(['shop']);
    await t.waitFor('refuse expired tokens');
    t.signal(signal);
    expect(await t.exited).toBe(code);
    expect(t.buffer()).toBe('normal');
    expect(t.screen().trim()).toBe('');
  });

  it.each(['crash', 'reject'])(
    'gives the old screen back after a %s, and says what happened',
    async (how) => {
      const t = open(['shop', how]);
      await t.waitFor('refuse expired tokens');
      t.signal('SIGUSR2');
      expect(await t.exited).toBe(1);
      expect(t.buffer()).toBe('normal');
      expect(t.screen()).toContain('orchestrate stopped: out of luck');
      expect(t.screen()).not.toContain('    at ');
    },
  );

  it('says on leaving that a deployment under way goes on', async () => {
    const t = open(['running']);
    await t.waitFor('canary');
    t.press('q');
    expect(await t.exited).toBe(0);
    expect(t.screen()).toContain('20261121_101500 goes on');
  });

  it('draws although CI is set, and without a colour where NO_COLOR is', async () => {
    const t = open(['shop'], { env: { PATH: process.env['PATH'] ?? '', CI: 'true', NO_COLOR: '1' } });
    await t.waitFor('refuse expired tokens');
    // oxlint-disable-next-line no-control-regex
    expect(t.raw).not.toMatch(/\u001b\[[0-9;]*m/);
  });

  it.each([
    [80, 24],
    [120, 40],
    [250, 70],
  ])('fills %i × %i without a broken line', async (cols, rows) => {
    const t = open(['shop'], { cols, rows });
    await t.waitFor('refuse expired tokens');
    t.press('2');
    await t.waitFor('✔ proved');
    const lines = t.lines();
    expect(lines[0]).toMatch(/^┌ orchestra ─.*─┐$/u);
    expect(lines[rows - 2]).toMatch(/^└ .*─┘$/u);
    for (const line of lines.slice(1, rows - 2)) expect(line).toMatch(/^│.*│$/u);
  });

  it('redraws whole after the window was made smaller and larger again', async () => {
    const t = open(['shop'], { cols: 120, rows: 40 });
    await t.waitFor('refuse expired tokens');
    for (const [cols, rows] of [
      [80, 24],
      [140, 50],
    ] as const) {
      t.resize(cols, rows);
      await t.waitFor((screen) => {
        const lines = screen.split('\n');
        return (
          [...(lines[0] ?? '')].length === cols &&
          (lines[0] ?? '').endsWith('┐') &&
          (lines[rows - 2] ?? '').endsWith('┘') &&
          lines.filter((line) => line.startsWith('┌')).length === 1
        );
      });
    }
    expect(t.raw).not.toContain('\u001b[3J');
  });

  it('U5 takes keys that arrive in one piece', async () => {
    const t = open(['shop']);
    await t.waitFor('refuse expired tokens');
    t.press('2jjx');
    await t.waitFor(/▸ \[ \] feat\(cart\): baskets/u);
    await t.waitFor('Leaving out pr-799 drops pr-801');
  });

  it('never lets hostile commits, authors and reasons act on the terminal', async () => {
    const t = open(['hostile']);
    await t.waitFor('8 features');
    t.press('jjjj');
    await t.waitFor('5 of 8');
    t.press('enter');
    await t.waitFor('overview');
    t.press('esc', '2');
    await t.waitFor('✔ proved');
    expect(t.title).toBe('');
    expect(t.raw).not.toContain('stolen title\u0007');
    expect(t.raw).not.toMatch(/[\u0080-\u009f\u202e]/u);
    const lines = t.lines();
    expect(lines[0]).toMatch(/^┌ orchestra/u);
    expect(lines.filter((line) => line.startsWith('│')).every((line) => line.endsWith('│'))).toBe(true);
    expect(t.cursor()).toEqual({ x: 0, y: 23 });
  });

  it('W2 scrolls through ten thousand deployments', async () => {
    const t = open(['many']);
    await t.waitFor('refuse expired tokens');
    t.press('H');
    await t.waitFor('1 of 10000');
    t.press('j'.repeat(60));
    await t.waitFor('61 of 10000');
    t.press('G');
    const screen = await t.waitFor('10000 of 10000');
    expect(screen).toContain('▸ 20260101_000001');
    t.press('/');
    t.press('number 777');
    await t.waitFor(/of 19\b/u);
    t.press('enter', 'enter');
    await t.waitFor('because');
  });

  it('takes clicks and the wheel where they are wanted, and gives the mouse back', async () => {
    const t = open(['shop'], { env: { PATH: process.env['PATH'] ?? '', ORCHESTRA_MOUSE: '1' } });
    await t.waitFor('refuse expired tokens');
    expect(t.raw).toContain('\u001b[?1000h\u001b[?1006h');
    // Row 3 of the stages, in two pieces as a slow line brings them; its digits are no keys.
    t.press('\u001b[<0;5;', '3M');
    await t.waitFor('Selection · all recommended');
    t.press('\u001b[<0;5;2M\u001b[<0;5;2m');
    await t.waitFor('5 features · ');
    t.press('q');
    expect(await t.exited).toBe(0);
    expect(t.raw.lastIndexOf('\u001b[?1006l\u001b[?1000l')).toBeGreaterThan(
      t.raw.lastIndexOf('\u001b[?1000h'),
    );
  });

  it('leaves the mouse to the terminal until somebody asks for it', async () => {
    const t = open(['shop']);
    await t.waitFor('refuse expired tokens');
    expect(t.raw).not.toContain('\u001b[?1000h');
    t.press(':', 'mouse on', 'enter');
    await t.waitFor('Click on a row');
    expect(t.raw).toContain('\u001b[?1000h\u001b[?1006h');
    t.signal('SIGTERM');
    expect(await t.exited).toBe(143);
    expect(t.raw.lastIndexOf('\u001b[?1000l')).toBeGreaterThan(t.raw.lastIndexOf('\u001b[?1000h'));
  });

  it('shows the tour once, beside the stages, and any key ends it and does its job', async () => {
    const env = { PATH: process.env['PATH'] ?? '', XDG_CONFIG_HOME: folder(), ORCHESTRA_TOUR: '' };
    const first = open(['shop'], { env });
    const screen = await first.waitFor('Welcome to orchestra');
    expect(screen).toMatch(/^┌ orchestra ─/u);
    expect(screen).toContain('6   Learning');
    first.press('enter');
    await first.waitFor('Choosing, and the proof');
    first.press('2');
    await first.waitFor('Selection · all recommended');
    await first.close();
    const again = open(['shop'], { env });
    await again.waitFor('refuse expired tokens');
    expect(again.screen()).not.toContain('Welcome');
  });
});
