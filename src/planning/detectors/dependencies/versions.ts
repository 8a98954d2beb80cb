import type { Statement } from '../statements.ts';

/** What became of packages: name → version or range, on both sides. A new major version may break. */
export function compareVersions(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Statement[] {
  const statements: Statement[] = [];
  for (const [name, version] of after) {
    const old = before.get(name);
    if (old === undefined)
      statements.push({ text: `adds ${name}${version === '' ? '' : ` ${version}`}`, breaks: false });
    else if (old !== version) {
      const major = isMajor(old, version);
      statements.push({
        text: `${name} ${old || 'any'} → ${version || 'any'}${major ? ' (major)' : ''}`,
        breaks: major,
      });
    }
  }
  for (const name of before.keys())
    if (!after.has(name)) statements.push({ text: `removes ${name}`, breaks: false });
  return statements;
}

/** Whether the first number differs. */
function isMajor(old: string, now: string): boolean {
  const numbers = (version: string) => /\d{1,9}/u.exec(version);
  const [a, b] = [numbers(old), numbers(now)];
  return a !== null && b !== null && a[0] !== b[0];
}
