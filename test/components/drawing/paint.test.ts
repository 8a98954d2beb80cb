import chalk from 'chalk';
import { afterEach, describe, expect, it } from 'vitest';
import { paint } from '../../../components/drawing/paint.ts';

const { level } = chalk;
afterEach(() => {
  chalk.level = level;
});

describe('painted text', () => {
  it('has the colours that Ink has names for, and ends what it begins', () => {
    chalk.level = 3;
    expect(paint('a', { colour: 'gray' })).toBe('\u001b[90ma\u001b[39m');
    expect(paint('a', { colour: '#102030', bold: true })).toBe(
      '\u001b[1m\u001b[38;2;16;32;48ma\u001b[39m\u001b[22m',
    );
    expect(paint('a', { colour: 'ansi256(7)' })).toBe('\u001b[38;5;7ma\u001b[39m');
    expect(paint('a', { inverse: true })).toBe('\u001b[7ma\u001b[27m');
  });

  it('is as it was where there are no colours, and where nothing is asked for', () => {
    chalk.level = 0;
    expect(paint('a', { colour: 'red', bold: true, inverse: true })).toBe('a');
    chalk.level = 1;
    expect(paint('a', {})).toBe('a');
    expect(paint('', { colour: 'red' })).toBe('');
    expect(paint('a', { colour: 'no such colour' })).toBe('a');
  });
});
