import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { RealTerminal } from './terminal.ts';

const folder = path.join(import.meta.dirname, '../golden');

/** Whether the golden screens are to be written anew: `UPDATE_GOLDEN=1 npm test -- golden`. */
export const updating = process.env['UPDATE_GOLDEN'] === '1';

/** How long a screen must stand still to be taken for settled when it is kept, milliseconds. */
const stillMs = 500;

/** The screen with what moves by itself standing still. */
function settled(screen: string): string {
  return `${screen.replaceAll(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠋').trimEnd()}\n`;
}

async function standStill(terminal: RealTerminal): Promise<string> {
  for (let before = ''; ;) {
    const now = settled(terminal.screen());
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, stillMs));
  }
}

/** Fails unless the terminal comes to show the screen that is kept as `test/golden/<name>.txt`; keeps it when updating. */
export async function expectGolden(terminal: RealTerminal, name: string): Promise<void> {
  const file = path.join(folder, `${name}.txt`);
  if (updating) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, await standStill(terminal));
    return;
  }
  expect(existsSync(file), `${name} is kept; UPDATE_GOLDEN=1 npm test -- golden keeps it`).toBe(true);
  const kept = readFileSync(file, 'utf8');
  try {
    await terminal.waitFor((screen) => settled(screen) === kept, 8000);
  } catch {
    expect(settled(terminal.screen()), `${name}; UPDATE_GOLDEN=1 npm test -- golden keeps the new one`).toBe(
      kept,
    );
  }
}
