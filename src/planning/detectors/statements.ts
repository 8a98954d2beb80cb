import { safeText } from '../../domain/safe-text.ts';

/** One thing a change does, as a person would say it: `drops column users.email`. */
export interface Statement {
  text: string;
  /** Old code, old data or a caller of today may not survive it. */
  breaks: boolean;
}

/** Statements told of one change, and the characters of each. */
const most = 20;
const widest = 160;

const rest = /^and (\d{1,9}) more$/u;

/** Statements in the order to read them: what breaks first, each once, at most `most`, then `and n more`. */
export function tell(statements: readonly Statement[]): string[] {
  const ordered = [
    ...statements.filter(({ breaks }) => breaks),
    ...statements.filter(({ breaks }) => !breaks),
  ];
  return bounded(ordered.map(({ text }) => text));
}

/** Told lists of changes that ship together as one. */
export function mergeTold(lists: readonly (readonly string[] | undefined)[]): string[] {
  return bounded(lists.flatMap((list) => list ?? []));
}

function bounded(texts: readonly string[]): string[] {
  let untold = 0;
  const told = new Set<string>();
  for (const text of texts) {
    const more = rest.exec(text);
    if (more) untold += Number(more[1]);
    else told.add(safeText(text, widest));
  }
  const list = [...told];
  untold += Math.max(0, list.length - most);
  return untold > 0 ? [...list.slice(0, most), `and ${untold} more`] : list;
}
