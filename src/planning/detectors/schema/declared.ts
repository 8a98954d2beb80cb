import type { FileDiff } from '../../diff.ts';

const declared =
  /\.prisma$|(?:^|\/)db\/[\w-]*schema\.rb$|(?:^|\/)(?:schema|structure)(?:[._-]\w{1,40})?\.sql$/u;

/** Whether the file holds a whole schema as it should be, not a step towards it. */
export function isDeclared(path: string): boolean {
  return declared.test(path);
}

/** By its lines alone: whether one is gone, and not back, that declared a column or a table. */
export function losesDeclaration(file: FileDiff): boolean {
  const key = (text: string) => text.trim().replace(/,$/u, '').split(/\s+/u).slice(0, 2).join(' ');
  const declaration = /^\s*(?:\w+\s+\w|t\.|create_table|model\b)/u;
  const skip = /version:|^\s*(?:end|\}|\)|\/\/|--|#|@@)/u;
  const back = new Set(file.added.map(({ text }) => key(text)));
  return file.removed.some(({ text }) => declaration.test(text) && !skip.test(text) && !back.has(key(text)));
}
