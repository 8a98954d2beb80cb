import { Frames } from '../screen/frames.ts';

/** The terminal as the writer needs it: one of `terminal.ts`, or any other stream. */
export interface Screen {
  write(text: string): unknown;
  columns?: number;
  /** What is on it. */
  frames?: Frames;
}

/** What Ink calls `log-update`. */
export interface ScreenWriter {
  (frame: string): void;
  clear(): void;
  done(): void;
  sync(): void;
  setCursorPosition(): void;
  isCursorDirty(): boolean;
  willRender(): boolean;
}

const nothing = () => undefined;

/** Stands in for Ink's `log-update`, which erases the last frame row by row and writes the new one below what it left. */
function create(screen: Screen): ScreenWriter {
  const frames =
    screen.frames ??
    new Frames(
      (drawn) => drawn,
      () => ({ columns: screen.columns ?? 80, rows: Number.POSITIVE_INFINITY }),
    );
  const draw = (frame: string) => {
    const text = frames.draw(frame);
    if (text !== '') screen.write(text);
  };
  return Object.assign(draw, {
    clear: () => frames.lose(),
    done: nothing,
    sync: nothing,
    setCursorPosition: nothing,
    isCursorDirty: () => false,
    willRender: () => true,
  });
}

export default { create };
