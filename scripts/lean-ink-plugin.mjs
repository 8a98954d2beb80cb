// What the first frame would wait for, but never needs, of what ink brings along; each line of `replacements` says why.
import path from 'node:path';
import { root } from './setup.mjs';

const inkBuild = `${path.sep}ink${path.sep}build`;
const ownGraphemes = path.join(root, 'components', 'graphemes.ts');
const ownWidth = path.join(root, 'components', 'string-width.ts');
const drawing = (name) => path.join(root, 'components', 'drawing', name);

const replacements = {
  // React's developer tools and their web socket, which nobody installs here.
  'devtools.js': 'export {};',
  // A stack trace drawn on the screen: a crash gives the screen back and says what happened on stderr instead.
  'ErrorOverview.js': 'export default () => null;',
};

/** Modules of ink that others of ours stand in for. */
const own = {
  // It writes every row of every frame, and erases the screen row by row before.
  'log-update.js': drawing('screen-writer.ts'),
};

/** Whole packages that the UI's import, and what stands there instead. */
const packages = {
  // Runs programs to learn the size of a terminal that does not tell it; ours is then 80 wide.
  'terminal-size': 'export default () => undefined;',
  // Loads `assert` to watch for the end of the process; components/terminal.ts does that, and gives the screen back.
  'signal-exit': 'export default () => () => undefined;',
  // Only for programs that let others write to the console meanwhile.
  'patch-console': 'export default () => () => undefined;',
};

/** Builtins that are there without being imported, or needed on Windows alone: each import of one costs. */
const builtins = {
  'node:process': 'export default process; export const { env } = process;',
  'node:buffer': 'export const { Buffer } = globalThis;',
  'node:os': "export default { release: () => require('node:os').release() };",
};

const lean = ['ink', 'chalk', 'ansi-escapes', 'cli-cursor', 'restore-cursor', 'is-in-ci', 'environment'].map(
  (name) => `${path.sep}node_modules${path.sep}${name}${path.sep}`,
);

/** A rewrite of the segmenter `name` of another file to components/graphemes.ts. */
function graphemesFor(name, made) {
  return [
    `const ${name} = ${made};`,
    `import { graphemes as ${name} } from ${JSON.stringify(ownGraphemes)};`,
  ];
}

/** Texts in other people's files, and what stands there instead; a build fails when one is no longer found. */
const rewrites = {
  // Loading `performance` takes Node longer than the clock behind it.
  'scheduler/cjs/scheduler.production.js': [
    ['"object" === typeof performance && "function" === typeof performance.now', 'true'],
    [
      'localPerformance = performance',
      'localPerformance = { now() { const [s, ns] = process.hrtime(); return s * 1e3 + ns / 1e6; } }',
    ],
  ],
  'ink/build/ink.js': [
    ['const startTime = performance.now();', ''],
    ['this.options.onRender?.({ renderTime: performance.now() - startTime });', ''],
    // Keys are drawn at once, what only moves later.
    [
      "import { throttle } from 'es-toolkit/compat';",
      `import { pace } from ${JSON.stringify(drawing('pace.ts'))};`,
    ],
    [
      `throttle(this.onRender, renderThrottleMs, {
                leading: true,
                trailing: true,
            });
            this.rootNode`,
      'pace.of(this.onRender);\n            this.rootNode',
    ],
    // Ours marks the beginning and the end of a frame itself, in one piece with it; and knows best whether the screen holds it.
    [
      `throttle((output) => {
                const shouldWrite = this.log.willRender(output);
                const sync = shouldSynchronize(this.options.stdout);
                if (sync && shouldWrite) {
                    this.options.stdout.write(bsu);
                }
                this.log(output);
                if (sync && shouldWrite) {
                    this.options.stdout.write(esu);
                }
            }, undefined, {
                leading: true,
                trailing: true,
            });`,
      'this.log;',
    ],
    ['else if (output !== this.lastOutput || this.log.isCursorDirty()) {', 'else {'],
    // The old picture in the new size would be drawn first; the app lays itself out anew for every size.
    [
      '        this.calculateLayout();\n        this.onRender();\n        this.lastTerminalWidth',
      '        this.calculateLayout();\n        this.lastTerminalWidth',
    ],
  ],
  'ink/build/components/App.js': [
    [
      "import FocusContext from './FocusContext.js';",
      `import FocusContext from './FocusContext.js';\nimport { pace } from ${JSON.stringify(drawing('pace.ts'))};`,
    ],
    [
      'const emitInput = useCallback((input) => {',
      'const emitInput = useCallback((input) => {\n        pace.pressed();',
    ],
  ],
  // A row whose pieces stand beside each other need not be taken apart cell by cell.
  'ink/build/output.js': [
    [
      "import sliceAnsi from 'slice-ansi';",
      `import sliceAnsi from 'slice-ansi';\nimport { compose } from ${JSON.stringify(drawing('compose.ts'))};`,
    ],
    [
      '    get() {',
      `    get() {
        const rows = compose(this.operations, this.height);
        if (rows.every((row) => row !== undefined)) return { output: rows.join('\\n'), height: rows.length };
        const slow = this.getByCell().output.split('\\n');
        return { output: rows.map((row, y) => row ?? slow[y] ?? '').join('\\n'), height: rows.length };
    }
    getByCell() {`,
    ],
  ],
  // Asked for every text of every frame: most hold nothing but colours.
  'ink/build/sanitize-ansi.js': [
    [
      'if (!hasAnsiControlCharacters(text)) {',
      'if (/^(?:[^\\0-\\x09\\x0b-\\x1f\\x7f-\\x9f]|\\x1b\\[[\\d:;]*m)*$/.test(text) || !hasAnsiControlCharacters(text)) {',
    ],
  ],
  // What they keep would grow for as long as the screen stands open.
  'ink/build/measure-text.js': [
    [
      'cache.set(text, dimensions);',
      'if (cache.size >= 100) cache.clear();\n    cache.set(text, dimensions);',
    ],
  ],
  'ink/build/wrap-text.js': [
    ['const cache = {};', 'let cache = {}; let kept = 0;'],
    [
      'cache[cacheKey] = wrappedText;',
      'if (++kept > 500) { cache = {}; kept = 0; }\n    cache[cacheKey] = wrappedText;',
    ],
  ],
  'ink/build/render-node-to-output.js': [
    // It was measured for the layout already.
    [
      "import widestLine from 'widest-line';",
      "import measureText from './measure-text.js';\nconst widestLine = (text) => measureText(text).width;",
    ],
  ],
  // It would load the tables of Unicode before anything asks for them.
  'node_modules/string-width/index.js': [
    [
      'const segmenter = new Intl.Segmenter();',
      'let kept; const segmenter = { segment: (text) => (kept ??= new Intl.Segmenter()).segment(text) };',
    ],
  ],
  // Nor do they need them for nearly all text.
  'slice-ansi/tokenize-ansi.js': [
    graphemesFor('GRAPHEME_SEGMENTER', "new Intl.Segmenter(undefined, {granularity: 'grapheme'})"),
  ],
  '@alcalzone/ansi-tokenize/build/tokenize.js': [
    graphemesFor('segmenter', 'new Intl.Segmenter(undefined, { granularity: "grapheme" })'),
  ],
  // CommonJS, which starts sooner than ES modules, knows no top-level await.
  'ink/build/reconciler.js': [
    ["await import('./devtools.js')", ''],
    ['await loadPackageJson()', '{ name: undefined, version: undefined }'],
  ],
  'yoga-layout/dist/src/index.js': [['await loadYoga()', 'loadYoga()']],
  'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js': [
    ['import.meta.url', '""'],
    // It decodes its data character by character.
    [
      'var b=xa(a.slice(37)),c=new Uint8Array(b.length);for(a=0;a<b.length;++a)c[a]=b.charCodeAt(a);var d=c',
      'var d=new Uint8Array(Buffer.from(a.slice(37),"base64"))',
    ],
    // V8 compiles WebAssembly function by function as they are called: waiting for it takes longer than doing it. (And
    // it would fetch its own data: URL, for which Node loads all of its HTTP client.)
    [
      '(function(){return w||"function"!=typeof WebAssembly.instantiateStreaming||ua(H)||"function"!=typeof fetch?c(b):fetch(H,{credentials:"same-origin"}).then(function(e){return WebAssembly.instantiateStreaming(e,d).then(b,function(f){v("wasm streaming compile failed: "+f);v("falling back to ArrayBuffer instantiation");return c(b)})})})().catch(ca);return{}})();',
      'a(new WebAssembly.Instance(new WebAssembly.Module(wa()),d));return{}})();',
    ],
    ['return loadYoga.ready', 'return loadYoga'],
  ],
  'ink-table/dist/index.js': [
    // A key that names what a row holds makes a new row, node for node, of each that scrolls.
    ['`row-${(0, object_hash_1.sha1)(row)}-${index}`', '`row-${index}`'],
    // A text for each row instead of one for each cell to lay out.
    ['(ink_1.Box, { flexDirection: "row" },', '(ink_1.Text, { wrap: "truncate-end" },'],
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
      if ((source in packages || source in builtins) && lean.some((folder) => importer?.includes(folder)))
        return `\0lean-ink:${source}`;
      if (importer?.includes(inkBuild) && source.startsWith('.')) {
        if (name in replacements) return `\0lean-ink:${name}`;
        if (name in own) return own[name];
      }
      // Measuring text costs 30 ms once, in Unicode tables; ours asks them only for text that needs them.
      return source === 'string-width' && importer !== ownWidth ? ownWidth : null;
    },
    load(id) {
      if (!id.startsWith('\0lean-ink:')) return null;
      const name = id.slice('\0lean-ink:'.length);
      return replacements[name] ?? packages[name] ?? builtins[name];
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
