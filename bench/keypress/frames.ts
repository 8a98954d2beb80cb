/** A piece of a row in one style, as a terminal showed it. */
export interface Piece {
  text: string;
  color?: string;
  bold?: boolean;
  dim?: boolean;
  inverse?: boolean;
}

/** What a bare program draws, one entry a key: rows of pieces, or the rows of a table. */
export type Frames =
  | { kind: 'list'; frames: Piece[][][] }
  | { kind: 'table'; columns: string[]; frames: string[][][] };
