/** A colour as a terminal knows it: its own foreground, one of the 256 of its palette, or red, green and blue. */
export type Colour =
  | { kind: 'default' }
  | { kind: 'palette'; index: number }
  | { kind: 'rgb'; value: number };

/** One character on a terminal's screen. */
export interface Cell {
  text: string;
  /** Columns it takes: 0 behind a wide character, else 1 or 2. */
  width: number;
  colour: Colour;
  bold: boolean;
  dim: boolean;
  inverse: boolean;
}

/** The screen's rows, top to bottom, each as wide as the terminal. */
export type Screen = readonly (readonly Cell[])[];
