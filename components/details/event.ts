import type { Event } from '../../src/domain/event.ts';
import type { Phase } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { eventText } from '../deployment-text.ts';
import { wrap } from '../fit.ts';
import { blank, type Line, span } from '../theme.ts';
import { field, section } from '../panes/pane.ts';

/** Entries of a list that are shown, and how deep fields of fields are; the journal has all. */
const mostEntries = 40;
const deepest = 6;

/** An event in words, then every field it has. Pure. */
export function eventLines(event: Event, phases: readonly Phase[] | undefined, width: number): Line[] {
  const { text, tone } = eventText(event, phases);
  const { seq, deployment, at, type, more: _, ...fields } = event;
  return [
    ...wrap(text, width).map((line): Line => [span(line, tone, true)]),
    blank,
    field('event', safeText(type)),
    field('at', safeText(at)),
    field('number', `${seq} of ${safeText(deployment)}`),
    ...(Object.keys(fields).length > 0 ? [blank, section('fields', width), ...treeLines(fields, width)] : []),
  ];
}

/** Fields below each other, those inside others further in. */
function treeLines(value: object, width: number, depth = 0): Line[] {
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  const shown = entries.slice(0, mostEntries);
  return [
    ...shown.flatMap(([key, child]: [string, unknown]) => fieldLines(key, child, width, depth)),
    ...(entries.length > shown.length
      ? [[span(`${indent(depth)}… and ${entries.length - shown.length} more`, 'quiet')] satisfies Line]
      : []),
  ];
}

function fieldLines(key: string, value: unknown, width: number, depth: number): Line[] {
  const label = `${indent(depth)}${labelOf(key)} `;
  if (typeof value === 'object' && value !== null) {
    const plain = inline(value);
    if (plain !== undefined)
      return wrap(`${label}${plain}`, Math.max(8, width)).map((line): Line => [span(line)]);
    if (Object.keys(value).length === 0) return [[span(label, 'quiet'), span('none', 'quiet')]];
    if (depth >= deepest) return [[span(label, 'quiet'), span('…', 'quiet')]];
    return [[span(label, 'quiet')], ...treeLines(value, width, depth + 1)];
  }
  const text = safeText(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'), 2000);
  const room = Math.max(8, width - label.length);
  return wrap(text, room).map((line, i): Line => [
    span(i === 0 ? label : ' '.repeat(label.length), 'quiet'),
    span(line),
  ]);
}

/** Numbers and words in a row read best in one line; undefined for anything else. */
function inline(value: object): string | undefined {
  const entries = Object.entries(value);
  const simple = entries.every(([, child]) => ['number', 'boolean'].includes(typeof child));
  const counted = entries.every(([key]) => /^\d+$/u.test(key));
  if (entries.length === 0 || !simple || !counted) return undefined;
  const shown = entries.slice(0, mostEntries);
  const said = shown.map(([key, child]) => (Array.isArray(value) ? String(child) : `${key}: ${child}`));
  return `${said.join(', ')}${entries.length > shown.length ? ', …' : ''}`;
}

const indent = (depth: number) => '  '.repeat(depth);

/** `errorWindowMs` → `error window ms`; an entry of a list is counted from 1. */
function labelOf(key: string): string {
  if (/^\d+$/u.test(key)) return `${Number(key) + 1}`;
  return safeText(key, 60)
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .toLowerCase();
}
