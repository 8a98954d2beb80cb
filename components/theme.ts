import { createContext, useContext } from 'react';
import { type Palette, paletteOf, type Tone } from './palettes.ts';

export type { Tone };

/** The colours of what is drawn below; `App` gives those of the theme. */
export const PaletteContext = createContext<Palette>(paletteOf('dark', 3));

/** The colours to draw with, by tone. Nothing is drawn in a colour that does not come from here. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}

/** `color` for a `Text`, or nothing where the terminal's own colour is meant. */
export function coloured(colour: string | undefined): { color?: string } {
  return colour === undefined ? {} : { color: colour };
}

/** `borderColor` for a `Box`, or nothing where the terminal's own colour is meant. */
export function bordered(colour: string | undefined): { borderColor?: string } {
  return colour === undefined ? {} : { borderColor: colour };
}

/** A piece of a line in one style. Its text must be safe to draw already. */
export interface Span {
  text: string;
  tone?: Tone;
  bold?: boolean;
}

export type Line = readonly Span[];

/** A span; the shortest way to write a line. */
export function span(text: string, tone?: Tone, bold?: boolean): Span {
  return { text, ...(tone ? { tone } : {}), ...(bold ? { bold } : {}) };
}

export const blank: Line = [];
