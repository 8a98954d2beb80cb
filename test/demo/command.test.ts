import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const demo = path.resolve(import.meta.dirname, '../../.build/demo.js');
const run = (...args: string[]) =>
  spawnSync(process.execPath, [demo, ...args], { encoding: 'utf8', input: '' });

describe('npm run demo', () => {
  it('says that it needs a terminal, and what works without one', () => {
    const { status, stderr } = run();
    expect(status).toBe(2);
    expect(stderr).toContain('--headless');
  });

  it('refuses an option it does not know', () => {
    const { status, stderr } = run('--headles');
    expect(status).toBe(2);
    expect(stderr).toContain('usage: npm run demo');
  });
});
