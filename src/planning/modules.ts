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
const specifier = /(?:\bfrom\s*|\bimport\s*(?:\(\s*)?|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]{1,300})\1/gu;
const named =
  /\bimport\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^{}]{1,2000})\}\s*from\s*(["'])(\.{1,2}\/[^"'\n]{1,300})\2|\{([^{}]{1,2000})\}\s*=\s*require\s*\(\s*(["'])(\.{1,2}\/[^"'\n]{1,300})\5/gu;
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
  const lineAt = lineFinder(file.added);
  for (const match of text.matchAll(named)) {
    const target = match[3] ?? match[6] ?? '';
    const seen = new Set<string>();
    let at = match.index + match[0].indexOf('{') + 1;
    for (const part of (match[1] ?? match[4] ?? '').split(',')) {
      const name = /^\s*(?:type\s+)?([^\s:]+)/u.exec(part)?.[1];
      if (name !== undefined && !seen.has(name)) {
        seen.add(name);
        found.push({ target, line: lineAt(at + part.indexOf(name)), names: [name] });
      }
      at += part.length + 1;
    }
  }
  return found;
}

/** Of lines that were joined: the number of the one an offset is in. Offsets must not go down. */
function lineFinder(lines: FileDiff['added']): (offset: number) => number {
  let [i, end] = [0, lines[0]?.text.length ?? 0];
  return (offset) => {
    for (; end < offset && i < lines.length - 1; end += 1 + (lines[i]?.text.length ?? 0)) i += 1;
    return lines[i]?.line ?? 0;
  };
}
