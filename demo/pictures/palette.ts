import type { Colour } from './cell.ts';

/** What a picture stands on: the terminal's own colours, where the program names none. */
export interface Paper {
  background: string;
  frame: string;
  foreground: string;
  dimmed: string;
}

export const darkPaper: Paper = {
  background: '#0d1117',
  frame: '#30363d',
  foreground: '#d6dee7',
  dimmed: '#7d8793',
};

export const lightPaper: Paper = {
  background: '#ffffff',
  frame: '#d0d7de',
  foreground: '#1f2328',
  dimmed: '#59636e',
};

/** The sixteen colours a program names; every one has a contrast of at least 4.5 to the background. */
const named = [
  '#6e7681',
  '#ff7b72',
  '#56d364',
  '#e3b341',
  '#79c0ff',
  '#d2a8ff',
  '#56d4dd',
  '#d6dee7',
  '#8b949e',
  '#ffa198',
  '#7ee787',
  '#f2cc60',
  '#a5d6ff',
  '#e2c5ff',
  '#76e3ea',
  '#f0f6fc',
];

const hex = (value: number) => `#${value.toString(16).padStart(6, '0')}`;

/** The cube and the greys of the 256 colours, as xterm defines them. */
function extended(index: number): string {
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return hex((level << 16) | (level << 8) | level);
  }
  const levels = [0, 95, 135, 175, 215, 255];
  const at = index - 16;
  const level = (n: number) => levels[n % 6] ?? 0;
  return hex((level(Math.floor(at / 36)) << 16) | (level(Math.floor(at / 6)) << 8) | level(at));
}

/** The colour to paint with, as `#rrggbb`. */
export function paint(colour: Colour, dim: boolean, paper: Paper = darkPaper): string {
  switch (colour.kind) {
    case 'default':
      return dim ? paper.dimmed : paper.foreground;
    case 'palette':
      return named[colour.index] ?? extended(colour.index);
    case 'rgb':
      return hex(colour.value);
    default:
      return colour satisfies never;
  }
}
