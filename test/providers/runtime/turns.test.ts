import { describe, expect, it } from 'vitest';
import { createTurns } from '../../../providers/runtime/turns.ts';

describe('turns', () => {
  it('does what was asked for under one key in the order of asking, another key’s meanwhile', async () => {
    const inTurn = createTurns();
    const said: string[] = [];
    let finish = () => {};
    const held = new Promise<void>((resolve) => (finish = resolve));
    const first = inTurn('a', async () => {
      said.push('first begins');
      await held;
      said.push('first ends');
    });
    const second = inTurn('a', async () => void said.push('second'));
    await inTurn('b', async () => void said.push('other'));
    finish();
    await Promise.all([first, second]);
    expect(said).toEqual(['first begins', 'other', 'first ends', 'second']);
  });

  it('tells who asked of a failure, and goes on', async () => {
    const inTurn = createTurns();
    const failing = inTurn('a', () => Promise.reject(new Error('no')));
    const next = inTurn('a', () => Promise.resolve(7));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe(7);
  });
});
