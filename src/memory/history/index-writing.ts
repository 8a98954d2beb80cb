import type { DeploymentFacts } from '../../domain/deployment-facts.ts';
import type { HistoryRow } from '../../domain/memory.ts';
import { columnsOf, factColumnsOf, type Kept } from './columns.ts';
import type { Entry } from './entries.ts';
import { HistoryRows } from './history-rows.ts';
import type { Place } from './place.ts';

/** Rows in one line of columns: as many are read again from their records where the line is damaged. */
const perLine = 512;

/** Rows and their facts as columns, some hundred a line. */
export function linesOfRows(kept: readonly Kept[], facts: ReadonlyMap<string, DeploymentFacts>): Entry[] {
  const lines: Entry[] = [];
  for (let from = 0; from < kept.length; from += perLine) {
    const some = kept.slice(from, from + perLine);
    const known = some.flatMap(({ row: { id } }) => {
      const found = facts.get(id);
      return found ? ([[id, found]] as const) : [];
    });
    lines.push(columnsOf(some));
    if (known.length > 0) lines.push(factColumnsOf(new Map(known)));
  }
  return lines;
}

/** The same of rows with their facts in them. */
export function linesOfWholeRows(rows: readonly HistoryRow[]): Entry[] {
  return linesOfRows(
    rows.map((row) => ({ row, place: 'history' })),
    new Map(rows.flatMap(({ id, facts }) => (facts ? [[id, facts] as const] : []))),
  );
}

/** Takes in facts as entries tell them. */
export function takeFacts(into: Map<string, DeploymentFacts>, entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'row' && entry.row.facts) into.set(entry.row.id, entry.row.facts);
    else if (entry.kind === 'facts')
      for (const [i, id] of entry.id.entries()) {
        const facts = entry.facts[i];
        if (facts) into.set(id, facts);
      }
  }
}

/**
 * Entries that say in columns what a file's entries say line by line: what is gone or moved of files before it first, then the
 * rows as they are in the end.
 */
export function compacted(entries: readonly Entry[]): Entry[] {
  const rows = new HistoryRows();
  const gone = new Set<string>();
  const moved = new Map<string, Place>();
  const facts = new Map<string, DeploymentFacts>();
  takeFacts(facts, entries);
  for (const entry of entries) {
    rows.apply(entry);
    if (entry.kind === 'gone') for (const id of entry.ids) gone.add(id);
    if (entry.kind === 'moved') for (const id of entry.ids) moved.set(id, entry.to);
    const put = entry.kind === 'row' ? [entry.row.id] : entry.kind === 'rows' ? entry.id : [];
    for (const id of put) moved.delete(id);
  }
  const lines: Entry[] = [];
  if (gone.size > 0) lines.push({ kind: 'gone', ids: [...gone] });
  for (const to of ['history', 'archive', 'nowhere'] as const) {
    const ids = [...moved].flatMap(([id, place]) => (place === to && !rows.get(id) ? [id] : []));
    if (ids.length > 0) lines.push({ kind: 'moved', ids, to });
  }
  return [...lines, ...linesOfRows(rows.kept, facts)];
}
