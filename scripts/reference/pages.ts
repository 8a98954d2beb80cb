import { configurationReference } from './configuration.ts';
import { keysReference } from './keys.ts';

/** A page whose middle is written from the code. */
export interface Page {
  /** Its path from the repository's root. */
  file: string;
  generate: () => string;
}

export const pages: readonly Page[] = [
  { file: 'docs/configuration.md', generate: configurationReference },
  { file: 'docs/keys.md', generate: keysReference },
];

const begin = '<!-- generated: node scripts/reference.mjs -->';
const end = '<!-- end of generated -->';

/** A page's text with what stands between its markers written anew. Throws when it has no markers. */
export function withGenerated(text: string, generated: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the markers "${begin}" and "${end}" are missing`);
  return `${text.slice(0, from + begin.length)}\n\n${generated}\n${text.slice(to)}`;
}
