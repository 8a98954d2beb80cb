import { parseDocument } from 'yaml';

/** Larger texts are nobody's own; in characters. */
const longest = 1_000_000;

/**
 * What can be made out of a text that was meant to be JSON: YAML knows JSON, and its reader goes on after a slip. A value at the
 * place of the slip may be another than was meant. Undefined where nothing can be made out. Never throws.
 */
export function readLeniently(text: string): unknown {
  if (text.length > longest) return undefined;
  try {
    const found: unknown = parseDocument(text, { logLevel: 'silent', uniqueKeys: false }).toJS({
      maxAliasCount: 0,
    });
    return found;
  } catch {
    // It nests too deep, or refers to what is not there.
    return undefined;
  }
}
