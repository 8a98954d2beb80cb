import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../harness/folder.ts';
import { eventually } from '../harness/http.ts';
import { randomFrom } from '../harness/random.ts';
import type { RealTerminal } from '../harness/terminal.ts';
import { uiTerminals } from '../harness/ui-terminal.ts';

const folder = temporaryFolders();
const seed = Number(process.env['ORCHESTRA_SEED'] ?? 20_261_121);
const open = uiTerminals();

/**
 * Whatever may be pressed that is no answer “yes” to anything: no `y`, and what chooses in a dialog comes twice in one
 * piece, so that the dialog stands on “No” again. `q` leaves, and the palette can; both are left out.
 */
const pressed = [
  ...'123456HAELTsSoNuUrPptaRvXeFfgGjk?/nnn xx',
  'enter',
  'enter',
  'esc',
  'up',
  'down',
  'space',
  'page-down',
  'page-up',
  'backspace',
  // After an esc the first letter belongs to it: what follows is always read as it is.
  'j\t\t',
  'jhh',
  'jll',
  'j\u001b[C\u001b[C',
  'j\u001b[D\u001b[D',
];

const whole = (screen: string) => {
  const lines = screen.split('\n');
  return (
    /^┌ orchestra ─.*─┐$/u.test(lines[0] ?? '') &&
    /^└.*┘$/u.test(lines[22] ?? '') &&
    lines.slice(1, 22).every((line) => /^[│├].*[│┤]$/u.test(line)) &&
    lines[23] === ''
  );
};

/** Goes out of whatever stands open; an esc that a key follows at once would be the beginning of something else. */
async function out(ui: RealTerminal): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    ui.press('esc');
    await sleep(50);
  }
  ui.press('L');
  await ui.waitFor(/▸ ?L +Log/u);
}

describe('hundreds of random keys in a real terminal', () => {
  it.each([
    ['shop', []],
    ['tested', ['4', 'n']],
    ['rolling', ['r']],
    ['rolledBack', ['r']],
  ] as const)(
    `leave the program alive and its screen whole, and ask for nothing without a clear yes: %s (seed ${seed})`,
    async (story, toAsk) => {
      const asks = path.join(folder(), 'asks');
      const asked = () => (existsSync(asks) ? readFileSync(asks, 'utf8') : '');
      const ui = open([story], {
        env: { PATH: process.env['PATH'] ?? '', ORCHESTRA_ASKS: asks },
      });
      await ui.waitFor(/\d features/u);
      const random = randomFrom(seed + story.length);
      const keys: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        for (let i = 0; i < 40; i += 1) {
          const key = pressed[Math.floor(random() * pressed.length)] ?? 'j';
          keys.push(key);
          ui.press(key);
          // A few at a time, as a hand does: dialogs come and go in between.
          if (i % 4 === 3) await sleep(15);
        }
        await out(ui);
        await ui.waitFor(whole);
        expect(asked(), `after ${keys.slice(-40).join(' ')}`).toBe('');
      }
      expect([ui.buffer(), ui.meddling]).toEqual(['alternate', []]);
      if (toAsk.length > 0) {
        ui.press(...toAsk);
        await ui.waitFor('[ No ]');
        ui.press('y');
        await eventually(async () => asked() !== '', 'a clear yes is asked of the engine');
      }
      ui.press('q');
      expect(await ui.exited).toBe(0);
    },
    120_000,
  );
});
