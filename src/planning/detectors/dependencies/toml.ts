/** Sections whose entries are packages, by manifest; the first group is a package whose section it is. */
const tables: Readonly<Record<string, RegExp>> = {
  'cargo.toml': /(?:^|\.)(?:dev-|build-)?dependencies(?:\.([\w-]{1,200}))?$/u,
  pipfile: /^(?:dev-)?packages$/u,
  'pyproject.toml': /^tool\.poetry\.(?:(?:group\.[\w-]{1,100}\.)?(?:dev-)?dependencies)$/u,
  'libs.versions.toml': /^(?:versions|libraries|plugins)$/u,
};

/** Lists of requirements in a pyproject.toml: section and key, joined. */
const lists =
  /^(?:project\.dependencies|project\.optional-dependencies\.[^.]+|dependency-groups\.[^.]+|build-system\.requires|tool\.pdm\.dev-dependencies\.[^.]+|tool\.uv\.dev-dependencies)$/u;

/** Whether packages of this manifest are read from its tables. */
export function isTomlManifest(name: string): boolean {
  return Object.hasOwn(tables, name);
}

/**
 * The packages a TOML manifest asks for, with their versions or ranges. It is read by lines and sections, which is how
 * every tool writes it; what a section of another name holds (a linter's rules, addresses, the own version) is none.
 */
export function tomlPackages(name: string, text: string): Map<string, string> {
  const packages = new Map<string, string>();
  const table = tables[name];
  if (!table) return packages;
  let section = '';
  let list = false;
  for (const raw of text.split('\n')) {
    const line = raw.slice(0, 2000).trim();
    if (line === '' || line.startsWith('#')) continue;
    if (list) {
      requirements(line, packages);
      list = !/^\]|\]\s*(?:#.*)?$/u.test(line.replace(/"[^"]*"|'[^']*'/gu, ''));
      continue;
    }
    const head = /^\[\[?\s*([^\]]{1,300}?)\s*\]/u.exec(line);
    if (head && !line.includes('=')) {
      section = (head[1] ?? '').replaceAll(/["']/gu, '');
      continue;
    }
    if (head) section = (head[1] ?? '').replaceAll(/["']/gu, '');
    const entry = /^["']?([\w.-]{1,200})["']?\s*=\s*(.*)$/u.exec(line);
    if (!entry) continue;
    const [, key = '', value = ''] = entry;
    if (name === 'pyproject.toml' && lists.test(`${section}.${key}`)) {
      const open = value.replace(/"[^"]*"|'[^']*'/gu, '');
      if (open.startsWith('[')) requirements(value, packages);
      list = open.startsWith('[') && !open.includes(']');
      continue;
    }
    const match = table.exec(section);
    if (!match) continue;
    const own = match[1];
    if (own !== undefined) {
      if (key === 'version') packages.set(own, quoted(value));
      else if (!packages.has(own)) packages.set(own, '');
    } else if (key !== 'python' && !/\bversion\.ref\b/u.test(value)) packages.set(key, quoted(value));
  }
  return packages;
}

/** `"1.0"`, or the `version` of an inline table; nothing for a path or an address. */
function quoted(value: string): string {
  const plain = /^["']([^"']{0,100})["']/u.exec(value)?.[1];
  return plain ?? /\bversion\s*=\s*["']([^"']{0,100})["']/u.exec(value)?.[1] ?? '';
}

/** The requirements on a line of a list, as PEP 508 writes them. */
function requirements(line: string, packages: Map<string, string>): void {
  for (const [, written = ''] of line.matchAll(/["']([^"']{1,300})["']/gu)) {
    const match = /^([A-Za-z\d][\w.-]{0,200})(?:\[[^\]]{0,200}\])?\s*([^;]{0,100})/u.exec(written);
    if (match) packages.set(match[1] ?? '', (match[2] ?? '').trim());
  }
}
