import { errorOf, type ErrorLine } from './error-line.ts';
import { frameOf, type Dialect, type RawFrame } from './frame-line.ts';

/** An error as a log shows it, with where it passed; the same one again only counts. */
export interface Stack {
  name: string;
  message: string;
  /** Where it arose first. */
  frames: RawFrame[];
  count: number;
}

/** Frames of a stack that are looked at; those further out are the server's and the framework's. */
const mostFrames = 60;
/** Different stacks that are told apart; more only count. */
const mostStacks = 500;
/** Lines before a stack in which its error is looked for: messages can have several. */
const linesBefore = 6;

/** Lines that may stand between two frames of one stack. */
const between: Readonly<Record<Dialect, number>> = {
  node: 0,
  java: 0,
  dotnet: 1,
  php: 1,
  ruby: 1,
  go: 2,
  python: 3,
  rust: 4,
};

interface Open {
  dialect: Dialect;
  error: ErrorLine | undefined;
  frames: RawFrame[];
  /** Frames of what was caused by it. */
  outer: RawFrame[];
  gap: number;
}

/** The stacks in a log's lines, and how many there were of all. */
export function stacksIn(lines: Iterable<string>): { stacks: Stack[]; total: number } {
  const found = new Map<string, Stack>();
  let total = 0;
  let open: Open | undefined;
  let before: string[] = [];

  const close = () => {
    const stack = open && stackOf(open);
    open = undefined;
    before = [];
    if (!stack) return;
    total += 1;
    const key = JSON.stringify([stack.name, stack.frames.map(({ path, line }) => [path, line])]);
    const known = found.get(key);
    if (known) known.count += 1;
    else if (found.size < mostStacks) found.set(key, stack);
  };
  const begin = (dialect: Dialect, error: ErrorLine | undefined, frames: RawFrame[]) => {
    close();
    open = { dialect, error, frames, outer: [], gap: 0 };
  };

  for (const line of lines) {
    const frame = frameOf(line);
    if (frame) {
      if (open?.dialect === frame.dialect && !frame.error) {
        if (open.frames.length < mostFrames) open.frames.push(frame);
        open.gap = 0;
      } else {
        const error = frame.error ?? before.map(errorOf).findLast((one) => one !== undefined);
        begin(frame.dialect, error, [frame]);
      }
      continue;
    }
    const text = line.trimStart();
    if (open) {
      // Frames without a place belong to it too: `at Array.map (<anonymous>)`, `at …invoke0(Native Method)`.
      if (/^(?:\.\.\.|---) /u.test(text) || /^\s+at /u.test(line)) continue;
      if (/^(?:Caused by: |\[cause\]: )/u.test(text)) {
        open = {
          ...open,
          error: errorOf(text) ?? open.error,
          frames: [],
          outer: [...open.frames, ...open.outer],
          gap: 0,
        };
        continue;
      }
      if (open.dialect === 'python' && text === line && text !== '') {
        open.error = errorOf(line) ?? pythonError(line);
        close();
        continue;
      }
      open.gap += 1;
      if (open.gap > between[open.dialect]) close();
    }
    const error = line.includes(' panicked at ') || line.includes('Uncaught ') ? errorOf(line) : undefined;
    if (error?.frame) begin(error.frame.dialect, error, [error.frame]);
    else {
      before.push(line);
      if (before.length > linesBefore) before.shift();
    }
  }
  close();
  return { stacks: [...found.values()].toSorted((a, b) => b.count - a.count), total };
}

function stackOf({ dialect, error, frames, outer }: Open): Stack | undefined {
  const inner = dialect === 'python' ? frames.toReversed() : frames;
  const all = [...inner, ...outer].slice(0, mostFrames);
  return all.length === 0
    ? undefined
    : { name: error?.name ?? 'error', message: error?.message ?? '', frames: all, count: 1 };
}

/** Python's own errors need not end in `Error`: `shop.stock.SoldOut: no lamp left`. */
function pythonError(line: string): ErrorLine | undefined {
  const found = /^([A-Za-z_][\w.]{0,200})(?:: (.{0,400}))?/u.exec(line);
  return found ? { name: found[1] ?? '', message: found[2] ?? '' } : undefined;
}
