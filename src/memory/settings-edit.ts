import { isDeepStrictEqual } from 'node:util';
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { EditPath, EditValue, SettingEdit } from '../domain/improvement.ts';
import { asBlock, asFlow } from './settings-writing.ts';
import { printPath } from './settings-problems.ts';

/** Values that aliases repeat, as where settings are read. */
const maxAliases = 100;

/**
 * The text of an `orchestra.yaml` with some values set: every other line, comment and blank stays as it is where that can
 * be, and in any case the file then says what it said before, with exactly these changes. Throws `cannot-edit` (78) where
 * that is not so, as where a value comes from an alias. Pure.
 */
export function editSettings(text: string, edits: readonly SettingEdit[]): string {
  return edits.reduce((now, edit) => editOnce(now, edit), text);
}

function editOnce(text: string, { path, value }: SettingEdit): string {
  const document = parsed(text);
  const wanted = document && changedData(dataOf(document), path, value);
  if (!document || wanted === undefined) throw cannot(path, value);
  for (const attempt of [() => spliced(text, document, path, value), () => printed(text, path, value)]) {
    const after = attempt();
    const again = after === undefined ? undefined : parsed(after);
    if (after !== undefined && again && isDeepStrictEqual(dataOf(again), wanted)) return after;
  }
  throw cannot(path, value);
}

function cannot(path: EditPath, value: EditValue | undefined): OrchestraError {
  const what = value === undefined ? 'taken away' : `set to ${asFlow(value)}`;
  return new OrchestraError('cannot-edit', `${printPath(path)} cannot be ${what} by itself`, {
    exit: exitCode.config,
    hint: 'It stands under an alias or anchor, or is written in an unusual way: change it by hand.',
  });
}

function parsed(text: string): Document.Parsed | undefined {
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  return document.errors.length === 0 ? document : undefined;
}

/** What it says; undefined where its aliases repeat too much. */
function dataOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch {
    return undefined;
  }
}

/** Data with one change; undefined where there is no such place. What was given stays as it is. */
function changedData(data: unknown, [key, ...rest]: EditPath, value: EditValue | undefined): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) {
    if (typeof key !== 'number' || key < 0 || key >= data.length) return undefined;
    if (rest.length === 0 && value === undefined) return data.toSpliced(key, 1);
    const inner = changedData(data[key], rest, value);
    return inner === undefined ? undefined : data.with(key, inner);
  }
  if (typeof key !== 'string' || (data !== undefined && data !== null && typeof data !== 'object'))
    return undefined;
  if (rest.length === 0 && value === undefined) return undefined;
  const before = Object.entries(data ?? {});
  const inner = changedData(before.find(([name]) => name === key)?.[1], rest, value);
  return inner === undefined
    ? undefined
    : Object.fromEntries([...before.filter(([name]) => name !== key), [key, inner]]);
}

/** With the library's own printing, which keeps comments and order, and may set blanks and quotes otherwise. */
function printed(text: string, path: EditPath, value: EditValue | undefined): string | undefined {
  const document = parsed(text);
  if (!document) return undefined;
  try {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
    return document.toString({ lineWidth: 0 });
  } catch {
    // An alias on the way, or a scalar where a collection is needed.
    return undefined;
  }
}

/** With only the characters changed that have to be; undefined where it is not written the usual way. */
function spliced(
  text: string,
  document: Document.Parsed,
  path: EditPath,
  value: EditValue | undefined,
): string | undefined {
  let node: unknown = document.contents;
  for (const [i, key] of path.entries()) {
    if (isAlias(node) || !isCollection(node)) return undefined;
    const last = i === path.length - 1;
    if (last && value === undefined) return withoutItem(text, node, key);
    const child: unknown = node.get(key, true);
    if (child === undefined && value !== undefined)
      return isMap(node) && typeof key === 'string'
        ? withPair(text, node, key, path.slice(i + 1), value)
        : undefined;
    if (last && value !== undefined) return replaced(text, child, value);
    node = child;
  }
  return undefined;
}

const rangeOf = (node: unknown): readonly [number, number, number] | undefined =>
  (isNode(node) && node.range) || undefined;

/** A scalar or a list on one line gives way to another value. */
function replaced(text: string, node: unknown, value: EditValue): string | undefined {
  const range = rangeOf(node);
  if (!range || range[0] === range[1]) return undefined;
  const oneLine = !text.slice(range[0], range[1]).includes('\n');
  if (!oneLine || (isCollection(node) && node.flow !== true)) return undefined;
  return text.slice(0, range[0]) + asFlow(value) + text.slice(range[1]);
}

/** A key more at the end of a map. */
function withPair(
  text: string,
  map: YAMLMap,
  key: string,
  rest: EditPath,
  value: EditValue,
): string | undefined {
  const whole = rest.reduceRight<EditValue>((inner, name) => ({ [name]: inner }), value);
  if (rest.some((name) => typeof name === 'number')) return undefined;
  const range = rangeOf(map);
  if (!range) return undefined;
  if (map.flow === true) {
    const end = text.lastIndexOf('}', range[1] - 1);
    const inside = map.items.length === 0 ? '' : ', ';
    const before = text.slice(0, end).trimEnd();
    const padding = text.slice(before.length, end);
    return `${before}${inside}${map.items.length === 0 ? ' ' : ''}${key}: ${asFlow(whole)}${padding || ' '}${text.slice(end)}`;
  }
  const [first] = map.items;
  const start = rangeOf(first?.key)?.[0];
  const last = endOf(map);
  if (start === undefined || last === undefined) return undefined;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = asBlock(key, whole).map((line) => indent + line);
  const at = lineEnd(text, last);
  return text.slice(0, at) + eol + lines.join(eol) + text.slice(at);
}

/** The place after the last character that a node says something with: no comment and no blank line behind it. */
function endOf(node: unknown): number | undefined {
  if (isCollection(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (isMap(node) && typeof last === 'object' && last !== null && 'key' in last && 'value' in last)
      return isScalar(last.value) && last.value.value === null
        ? rangeOf(last.key)?.[1]
        : (endOf(last.value) ?? rangeOf(last.key)?.[1]);
    return endOf(last);
  }
  return rangeOf(node)?.[1];
}

/** The end of the line that a place stands on, before its line break; a place right behind a break belongs to the line before. */
function lineEnd(text: string, place: number): number {
  let at = place;
  while (at > 0 && (text[at - 1] === '\n' || text[at - 1] === '\r')) at -= 1;
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** A list without one of its items. */
function withoutItem(text: string, list: YAMLMap | YAMLSeq, key: string | number): string | undefined {
  if (!isSeq(list) || typeof key !== 'number' || list.items.length < 2) return undefined;
  const [before, item, after] = [key - 1, key, key + 1].map((i) => rangeOf(list.items[i]));
  if (!item) return undefined;
  if (list.flow === true)
    return after
      ? text.slice(0, item[0]) + text.slice(after[0])
      : before && text.slice(0, before[1]) + text.slice(item[1]);
  // The whole line of an item that has one of its own.
  const from = text.lastIndexOf('\n', item[0]) + 1;
  const to = lineEnd(text, item[1]);
  if (!/^\s*-\s+$/u.test(text.slice(from, item[0]))) return undefined;
  return (
    text.slice(0, from) +
    text.slice(Math.min(text.length, text.indexOf('\n', to) < 0 ? to : text.indexOf('\n', to) + 1))
  );
}
