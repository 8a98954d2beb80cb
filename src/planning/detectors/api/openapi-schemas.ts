import { entries, isRecord, member, type Resolve } from './json.ts';

/** Who has to cope with a change: what callers send is checked by us, what they receive by them. */
export type Direction = 'sent' | 'received';

export interface Comparison {
  old: unknown;
  now: unknown;
  /** What the schema is of, as a statement ends: `response 200 of GET /carts`. */
  at: string;
  direction: Direction;
  resolveOld: Resolve;
  resolveNow: Resolve;
  say: (text: string, breaks?: boolean) => void;
}

/** Properties inside properties that are compared; deeper ones, and circles, are left. */
const deepest = 8;
/** Pairs of schemas compared of one operation's part. */
const most = 2000;

/** Tells what became of properties, types, enum values and obligations. */
export function compareSchemas(comparison: Comparison): void {
  let left = most;
  const seen = new Map<unknown, Set<unknown>>();
  const visit = (oldValue: unknown, nowValue: unknown, path: string, depth: number): void => {
    const { at, direction, resolveOld, resolveNow, say } = comparison;
    const [old, now] = [resolveOld(oldValue), resolveNow(nowValue)];
    if (!isRecord(old) || !isRecord(now) || depth > deepest || (left -= 1) < 0) return;
    const met = seen.get(old) ?? new Set();
    if (met.has(now)) return;
    seen.set(old, met.add(now));
    const what = path === '' ? at : `${path} in ${at}`;
    const [from, to] = [typeOf(old), typeOf(now)];
    if (from !== undefined && to !== undefined && from !== to) {
      const widens =
        direction === 'sent' ? from === 'integer' && to === 'number' : from === 'number' && to === 'integer';
      say(`changes ${what} from ${from} to ${to}`, !widens);
    }
    compareEnums(old, now, what, direction, say);
    const [oldProperties, properties] = [
      new Map(entries(old, 'properties')),
      new Map(entries(now, 'properties')),
    ];
    const [oldRequired, required] = [names(member(old, 'required')), names(member(now, 'required'))];
    const inner = (name: string) => (path === '' ? name : `${path}.${name}`);
    for (const [name, value] of oldProperties) {
      if (!properties.has(name))
        say(`removes ${inner(name)} from ${at}`, direction === 'received' || oldRequired.has(name));
      else visit(value, properties.get(name), inner(name), depth + 1);
    }
    for (const name of properties.keys()) {
      const obligatory = direction === 'sent' && required.has(name);
      if (!oldProperties.has(name))
        say(`adds ${obligatory ? 'required ' : ''}${inner(name)} to ${at}`, obligatory);
      else if (required.has(name) && !oldRequired.has(name))
        say(`makes ${inner(name)} in ${at} required`, direction === 'sent');
      else if (!required.has(name) && oldRequired.has(name))
        say(`makes ${inner(name)} in ${at} optional`, direction === 'received');
    }
    visit(member(old, 'items'), member(now, 'items'), `${path}[]`, depth + 1);
    const [oldParts, parts] = [member(old, 'allOf'), member(now, 'allOf')];
    if (Array.isArray(oldParts) && Array.isArray(parts))
      for (const [i, part] of oldParts.slice(0, 50).entries()) visit(part, parts[i], path, depth + 1);
  };
  visit(comparison.old, comparison.now, '', 0);
}

function compareEnums(
  old: unknown,
  now: unknown,
  what: string,
  direction: Direction,
  say: Comparison['say'],
): void {
  const [from, to] = [member(old, 'enum'), member(now, 'enum')];
  if (!Array.isArray(from) || !Array.isArray(to)) return;
  const [had, has] = [names(from), names(to)];
  for (const value of had)
    if (!has.has(value)) say(`removes value ${value} of ${what}`, direction === 'sent');
  for (const value of has) if (!had.has(value)) say(`adds value ${value} to ${what}`);
}

function names(value: unknown): Set<string> {
  return new Set(Array.isArray(value) ? value.slice(0, 2000).map(String) : []);
}

function typeOf(schema: unknown): string | undefined {
  const type = member(schema, 'type');
  if (Array.isArray(type)) return type.slice(0, 10).map(String).sort().join(' | ');
  return typeof type === 'string' ? type : undefined;
}
