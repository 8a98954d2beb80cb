import { safeText } from './safe-text.ts';

/**
 * `text` from outside as Markdown that shows exactly that text: no markup, no HTML, no link. For use within a line or
 * a table cell, at its start too.
 */
export function md(text: string, max = 300): string {
  return safeText(text, max)
    .trim()
    .replace(/[\\`*[\]<>|~]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/:\/\//g, '\\://')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
    .replace(/^(?:[-+#=]|\d+(?=[.)](?:\s|$)))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** `text` as a code span, whatever backticks it holds; safe in a table cell. */
export function code(text: string, max = 300): string {
  const safe = safeText(text, max).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || safe === '' ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** Lines as an indented-proof fenced block that none of them can close. */
export function codeBlock(lines: readonly string[], language = ''): string {
  const safe = lines.map((line) => safeText(line, 1000));
  const longest = Math.max(
    2,
    ...safe.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...safe, fence].join('\n');
}

/** A table; its cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
export const steps = (items: readonly string[]): string =>
  items.map((item, i) => `${i + 1}. ${item}`).join('\n');
export const ticks = (items: readonly { done: boolean; text: string }[]): string =>
  items.map(({ done, text }) => `- [${done ? 'x' : ' '}] ${text}`).join('\n');

/** Blocks with an empty line between; undefined ones fall out. */
export function blocks(...parts: (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`;
}
