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
  return changed.every(({ line, text: own }) => {
    if (own.trim() === '') return true;
    if (!/^[ \t]/u.test(own)) return false;
    let at = line - 2;
    while (at >= 0 && !/^\S/u.test(lines[at] ?? '')) at -= 1;
    return opensBody(lines[at] ?? '');
  });
}

/** A module without those bodies, which is a fraction of it to parse; one with anything at its left edge stays. */
export function withoutBodies(text: string): string {
  const kept: string[] = [];
  let body: string[] | undefined;
  for (const line of text.split('\n')) {
    if (body && !/^\S/u.test(line)) {
      body.push(line);
      continue;
    }
    if (body && !line.startsWith('}')) kept.push(...body);
    body = opensBody(line) ? [] : undefined;
    kept.push(line);
  }
  return kept.concat(body ?? []).join('\n');
}

/** A line at the left edge behind which a function's body begins: its only line, or the last of its parameters. */
function opensBody(line: string): boolean {
  if (line.length > 1000 || !line.endsWith('{') || /[:<|&=]\s*\{$/u.test(line)) return false;
  const count = (char: string) => line.replaceAll('=>', '').split(char).length;
  if (count('<') !== count('>')) return false;
  if (line.startsWith(')')) return count('(') === count(')') - 1;
  return /^(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b/u.test(line) && count('(') === count(')');
}
