import { safeText } from './safe-text.ts';

/** Marks before a test's name, and what runners add after it: a duration, a directive. */
const before = /^(?:not ok \d*\s*-?|[✖✗×●]|FAIL(?:ED)?\b:?|--- FAIL:|test\b)\s*/u;
const after = /(?:\s+\(\d[\d.]*\s?m?s\)|\s+\d+\s?ms|\s+\.\.\. FAILED)$/u;

/** What a test is called in the line that says it failed. */
export function caseName(line: string): string {
  const text = line.trim();
  const name = text.replace(before, '').replace(after, '').trim();
  return safeText(name === '' ? text : name, 200);
}
