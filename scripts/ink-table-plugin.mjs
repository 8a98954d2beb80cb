// ink-table is CommonJS and requires ink, which is ESM with top-level await: no Node can load that pair
// as it stands. This turns that one file's `require` calls into imports, for the bundler and for vitest.
import path from 'node:path';

const wanted = `${path.sep}ink-table${path.sep}dist${path.sep}index.js`;

/** A rolldown and vite plugin; it changes ink-table's own module and nothing else. */
export function inkTable() {
  return {
    name: 'ink-table-as-esm',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0].endsWith(wanted)) return null;
      const imports = [];
      const body = code.replace(/require\(["']([^"']+)["']\)/g, (_, name) => {
        const local = `__import${imports.length}`;
        // ink is a module, the others are CommonJS with one default.
        imports.push(`import ${name === 'ink' ? `* as ${local}` : local} from ${JSON.stringify(name)};`);
        return local;
      });
      return {
        code: `${imports.join('\n')}\nconst exports = {};\n${body}\nexport default exports.default;\n`,
        map: null,
      };
    },
  };
}
