import type { EditValue } from '../domain/improvement.ts';

/** Words that YAML, or an older reader of it, takes for something else than text. */
const reserved = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

const isMapValue = (value: EditValue): value is { readonly [key: string]: EditValue } =>
  typeof value === 'object' && !Array.isArray(value);

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const plain = /^[A-Za-z][A-Za-z0-9_-]*$|^\d+(?:\.\d+)?(?:ms|[smh])$/u.test(value);
  return plain && !reserved.has(value.toLowerCase()) ? value : JSON.stringify(value);
}

/** A value on one line, as YAML writes it: `[5, 25, 100]`, `{ days: mon-fri }`, `"09:00"`. */
export function asFlow(value: EditValue): string {
  if (Array.isArray(value)) return `[${value.map(asFlow).join(', ')}]`;
  if (isMapValue(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${asFlow(inner)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  return typeof value === 'object' ? '[]' : scalar(value);
}

/** A key and its value as lines of a block, the key at their margin; lists of maps an item a block, other lists on one line. */
export function asBlock(key: string, value: EditValue): string[] {
  if (isMapValue(value) && Object.keys(value).length > 0)
    return [`${key}:`, ...inner(value).map((line) => `  ${line}`)];
  if (Array.isArray(value) && value.length > 0 && value.every(isMapValue))
    return [
      `${key}:`,
      ...value.flatMap((item) => inner(item).map((line, i) => `  ${i === 0 ? '- ' : '  '}${line}`)),
    ];
  return [`${key}: ${asFlow(value)}`];
}

function inner(value: { readonly [key: string]: EditValue }): string[] {
  return Object.entries(value).flatMap(([key, one]) => asBlock(key, one));
}
