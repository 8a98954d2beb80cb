import type { FileDiff } from '../../diff.ts';
import type { Sides } from '../sides.ts';

/**
 * Whether every changed line stands in the body of a function at a module's top, where no export can be: told by the
 * lines as every formatter leaves them. What is not certain is no body, and is parsed.
 */
export function onlyInBodies(file: FileDiff, { before, after }: Sides): boolean {
  if (file.status !== 'modified' || file.path.includes('.d.')) return false;
  return inBodies(file.removed, before) && inBodies(file.added, after);
}

function inBodies(changed: FileDiff['added'], text: string): boolean {
  if (changed.length === 0) return true;
  const lines = text.split('\n');
  // Changed lines come in order: what one looked through for its outer line, the next need not.
  let [looked, found] = [-1, -1];
  return changed.every(({ line, text: own }) => {
    if (own.trim() === '') return true;
    if (!/^[ \t]/u.test(own)) return false;
    let at = line - 2;
    while (at > looked && !/^\S/u.test(lines[at] ?? '')) at -= 1;
    if (at <= looked) at = found;
    [looked, found] = [Math.max(looked, line - 2), at];
    const outer = lines[at] ?? '';
    return opensBody(outer) || (opensClass(outer) && inMember(lines, at, line - 1));
  });
}

/** Whether a line of the class that begins at `opening` stands in the body of one of its members; indexes from 0. */
function inMember(lines: readonly string[], opening: number, line: number): boolean {
  const first = lines.slice(opening + 1, line + 1).find((one) => one.trim() !== '') ?? '';
  const margin = indentOf(first);
  if (indentOf(lines[line] ?? '') <= margin) return false;
  let at = line - 1;
  while (at > opening && (lines[at]?.trim() === '' || indentOf(lines[at] ?? '') > margin)) at -= 1;
  return at > opening && opensMember(lines[at] ?? '');
}

/** A module without those bodies, which is a fraction of it to parse; one with anything at its left edge stays. */
export function withoutBodies(text: string): string {
  const kept: string[] = [];
  let body: string[] | undefined;
  /** Where the members of the class begin that is being read; undefined outside one, −1 until its first. */
  let margin: number | undefined;
  for (const line of text.split('\n')) {
    const edge = margin === undefined ? 0 : Math.max(0, margin);
    const inside = line.trim() === '' || indentOf(line) > edge;
    if (body && inside) {
      body.push(line);
      continue;
    }
    if (body && !line.trimStart().startsWith('}')) kept.push(...body);
    body = undefined;
    kept.push(line);
    if (/^\S/u.test(line)) {
      margin = opensClass(line) ? -1 : undefined;
      if (opensBody(line)) body = [];
    } else if (margin === -1 && line.trim() !== '') margin = indentOf(line);
    if (margin !== undefined && margin > 0 && indentOf(line) === margin && opensMember(line)) body = [];
  }
  return kept.concat(body ?? []).join('\n');
}

/** Characters before a line's first that is no space. */
function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A line at the left edge behind which the members of a class begin. */
function opensClass(line: string): boolean {
  return (
    line.length <= longestOpening && /^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b.*\{$/u.test(line)
  );
}

/** A line of a class behind which the body of a method begins, or of a function kept in a property. */
function opensMember(line: string): boolean {
  const own = line.trim();
  if (own.length > longestOpening || !own.endsWith('{') || opensType.test(own)) return false;
  // `name: () => {` declares a type; `name = () => {` is a function.
  return isBalanced(own) && (!/=>\s*\{$/u.test(own) || /^(?:[\w$]+ )*#?[\w$]+ = /u.test(own));
}

/** A line at the left edge behind which a function's body begins: its only line, or the last of its parameters. */
function opensBody(line: string): boolean {
  if (line.length > longestOpening || !line.endsWith('{') || opensType.test(line)) return false;
  return isBalanced(line) && (line.startsWith(')') || opensFunction.test(line) || opensConstant.test(line));
}

const opensFunction = /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b/u;
/** A function kept in a constant; `name: () => {` declares a type. */
const opensConstant =
  /^(?:export\s+)?(?:const|let|var)\s+[\w$]+(?:\s*:[^=]*)?\s=\s(?:async\s+)?(?:function\b|[(<].*=>\s*\{$)/u;

const longestOpening = 1000;
/** The brace of a type or of an object, not of a body. */
const opensType = /(?:[:<|&?=]|\b(?:is|keyof|extends))\s*\{$/u;

/** Whether parameters end on this line: those that begin on it, or on one before when it begins with their end. */
function isBalanced(line: string): boolean {
  const count = (char: string) => line.replaceAll('=>', '').split(char).length;
  if (count('<') !== count('>')) return false;
  return line.startsWith(')') ? count('(') === count(')') - 1 : count('(') === count(')') && count('(') > 1;
}
