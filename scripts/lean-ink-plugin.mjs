// What the first frame would wait for, but never needs, of what ink brings along; each line of `replacements` says why.
import path from 'node:path';
import { root } from './setup.mjs';

const inkBuild = `${path.sep}ink${path.sep}build`;
const ownWidth = path.join(root, 'components', 'string-width.ts');

const replacements = {
  // React's developer tools and their web socket, which nobody installs here.
  'devtools.js': 'export {};',
  // A stack trace drawn on the screen: a crash gives the screen back and says what happened on stderr instead.
  'ErrorOverview.js': 'export default () => null;',
};

/** Texts in other people's files, and what stands there instead; a build fails when one is no longer found. */
const rewrites = {
  'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js': [
    // It fetches its own data: URL, for which Node would load all of its HTTP client.
    ['"function"!=typeof fetch', '!0'],
    // And decodes it character by character.
    [
      'var b=xa(a.slice(37)),c=new Uint8Array(b.length);for(a=0;a<b.length;++a)c[a]=b.charCodeAt(a);var d=c',
      'var d=new Uint8Array(Buffer.from(a.slice(37),"base64"))',
    ],
  ],
  '@alcalzone/ansi-tokenize/build/diff.js': [
    // Asked once for every cell of the screen, where nearly always nothing changes.
    [
      'export function diffAnsiCodes(from, to) {',
      'export function diffAnsiCodes(from, to) {\n    if (from.length === to.length && from.every((code, i) => code.code === to[i].code)) return [];',
    ],
  ],
};

/** A rolldown plugin that makes ink smaller and its first frame come sooner. */
export function leanInk() {
  return {
    name: 'lean-ink',
    resolveId(source, importer) {
      const name = path.basename(source);
      if (importer?.includes(inkBuild) && source.startsWith('.') && name in replacements)
        return `\0lean-ink:${name}`;
      // Measuring text costs 30 ms once, in Unicode tables; ours asks them only for text that needs them.
      return source === 'string-width' && importer !== ownWidth ? ownWidth : null;
    },
    load(id) {
      return id.startsWith('\0lean-ink:') ? replacements[id.slice('\0lean-ink:'.length)] : null;
    },
    transform(code, id) {
      const changes = Object.entries(rewrites).find(([file]) =>
        id.replaceAll(path.sep, '/').endsWith(file),
      )?.[1];
      if (!changes) return null;
      let changed = code;
      for (const [before, after] of changes) {
        if (!changed.includes(before))
          throw new Error(`${id} no longer contains ${before}: look at scripts/lean-ink-plugin.mjs`);
        changed = changed.replaceAll(before, after);
      }
      return { code: changed, map: null };
    },
  };
}
