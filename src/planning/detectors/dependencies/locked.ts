import { nameOf } from '../detector.ts';

const readable = new Set(['gemfile.lock', 'cargo.lock', 'poetry.lock', 'uv.lock']);

/** Lockfiles short enough to be compared; a JavaScript one has tens of thousands of lines for a hundred packages. */
export function isReadableLock(path: string): boolean {
  return readable.has(nameOf(path));
}

/** Packages from elsewhere that a lockfile pins, with their versions; the project's own are none. */
export function lockedPackages(path: string, text: string): Map<string, string> {
  return nameOf(path) === 'gemfile.lock' ? gems(text) : tables(text);
}

/** What Bundler fetches: the specs of its sources, except those of `PATH`, which are the project's own. */
function gems(text: string): Map<string, string> {
  const packages = new Map<string, string>();
  let source = '';
  for (const line of text.split('\n')) {
    if (/^[A-Z]/u.test(line)) source = line.trim();
    const match = /^ {4}([\w.-]{1,200}) \((\d[\w.]{0,60})/u.exec(line);
    if (match && source !== 'PATH') packages.set(match[1] ?? '', match[2] ?? '');
  }
  return packages;
}

/** `[[package]]` tables of Cargo, Poetry and uv; one of Cargo or uv without a distant source is the project's own. */
function tables(text: string): Map<string, string> {
  const packages = new Map<string, string>();
  for (const block of text.split('[[package]]').slice(1)) {
    const name = /^name = "([^"]{1,200})"/mu.exec(block)?.[1];
    const version = /^version = "([^"]{1,100})"/mu.exec(block)?.[1];
    const own =
      /^source = \{ (?:editable|virtual|directory) = /mu.test(block) ||
      (!/^(?:source|files|description|optional) = /mu.test(block) && !block.includes('[package.source]'));
    if (name !== undefined && version !== undefined && !own) packages.set(name, version);
  }
  return packages;
}
