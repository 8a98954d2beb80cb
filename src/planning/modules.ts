import type { FileDiff } from './diff.ts';

/** What a unit's files export and import anew, as their lines say; whom that makes it need is for `ModuleLinks` to find. */
export interface ModuleFacts {
  /** Names newly exported, by the file that does. */
  exports: { path: string; names: string[] }[];
  /** Imports on added lines, by the file that has them. */
  imports: { path: string; of: Import[] }[];
}

/** One import: what is named after `from`, the line it is on (0: unknown), and for relative ones the names taken. */
export interface Import {
  target: string;
  line: number;
  names?: string[];
}

const script = /\.[cm]?[jt]sx?$|\.(?:vue|svelte|astro)$/u;
const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]{1,300})\1/gu;
const named =
  /\bimport\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^}]{1,2000})\}\s*from\s*(["'])(\.{1,2}\/[^"'\n]{1,300})\2|\{([^}]{1,2000})\}\s*=\s*require\s*\(\s*(["'])(\.{1,2}\/[^"'\n]{1,300})\5/gu;
const exported =
  /^\s*export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|const|let|var|enum)\s+(\w+)|^\s*(?:module\.)?exports\.(\w+)\s*=/u;
const python = /^\s*from\s+(\.+[\w.]*|[\w.]+)\s+import\s+|^\s*import\s+([\w.]+)/u;

/** Whether a file is a Python module, whose imports are dotted names. */
export function isPython(path: string): boolean {
  return /\.pyi?$/u.test(path);
}

/** Reads the imports and exports of a diff's added lines. */
export function readModules(files: readonly FileDiff[]): ModuleFacts {
  const facts: ModuleFacts = { exports: [], imports: [] };
  for (const file of files) {
    if (file.added.length === 0) continue;
    const names = script.test(file.path) ? newExports(file) : [];
    if (names.length > 0) facts.exports.push({ path: file.path, names });
    const imports = isPython(file.path)
      ? pythonImports(file)
      : script.test(file.path)
        ? scriptImports(file)
        : [];
    if (imports.length > 0) facts.imports.push({ path: file.path, of: imports });
  }
  return facts;
}

const exportOn = (text: string) => exported.exec(text)?.slice(1).find(Boolean);

function newExports(file: FileDiff): string[] {
  const before = new Set(file.removed.map(({ text }) => exportOn(text)));
  const names = file.added.map(({ text }) => exportOn(text));
  return [...new Set(names)].filter((name): name is string => name !== undefined && !before.has(name));
}

function pythonImports(file: FileDiff): Import[] {
  return file.added.flatMap(({ text, line }) => {
    const module = python.exec(text);
    const target = module?.[1] ?? module?.[2];
    return target === undefined ? [] : [{ target, line }];
  });
}

function scriptImports(file: FileDiff): Import[] {
  const found: Import[] = [];
  for (const { text, line } of file.added)
    for (const match of text.matchAll(specifier)) found.push({ target: match[2] ?? '', line });
  // A list of names may go over several lines.
  const text = file.added.map((line) => line.text).join('\n');
  for (const match of text.matchAll(named)) {
    const names = (match[1] ?? match[4] ?? '').split(',').map(
      (name) =>
        name
          .trim()
          .replace(/^type\s+/u, '')
          .split(/\s+as\s+|\s*:\s*/u)[0] ?? '',
    );
    const target = match[3] ?? match[6] ?? '';
    for (const name of new Set(names.filter(Boolean)))
      found.push({
        target,
        line: file.added.find((at) => at.text.includes(name))?.line ?? 0,
        names: [name],
      });
  }
  return found;
}
