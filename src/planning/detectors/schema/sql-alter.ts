import type { Statement } from '../statements.ts';
import { columnOf } from './sql-columns.ts';
import { NameReader } from './sql-names.ts';
import { isWord, splitCommas, type SqlToken } from './sql-tokens.ts';

/** What `ALTER TABLE table …` does, one statement an action; `rename` tells of the table itself. */
export interface AlterResult {
  statements: Statement[];
  rename?: string;
}

const notColumns = [
  'CONSTRAINT',
  'PRIMARY',
  'UNIQUE',
  'FOREIGN',
  'INDEX',
  'KEY',
  'CHECK',
  'PARTITION',
  'PROJECTION',
  'FULLTEXT',
  'SPATIAL',
  'EXCLUDE',
  'GENERATED',
  'SYSTEM',
  'PERIOD',
  'STATISTICS',
  'DEFAULT',
];

/** Reads the actions behind the table's name. */
export function readAlter(table: string, tokens: readonly SqlToken[]): AlterResult {
  const result: AlterResult = { statements: [] };
  let verb: string | undefined;
  for (const part of splitCommas(tokens)) {
    const known = isWord(part[0], 'ADD', 'DROP', 'ALTER', 'MODIFY', 'CHANGE', 'RENAME');
    const reader = new NameReader(known ? part.slice(1) : part);
    // SQL Server writes the verb once: `ADD a int, b int`.
    if (known) verb = part[0]?.text.toUpperCase();
    else if (verb !== 'ADD' && verb !== 'DROP') continue;
    const say = (text: string, breaks = false) => result.statements.push({ text, breaks });
    if (verb === 'ADD') add(table, reader, say);
    else if (verb === 'DROP') drop(table, reader, say);
    else if (verb === 'ALTER') alterColumn(table, reader, say);
    else if (verb === 'MODIFY' || verb === 'CHANGE') modify(table, reader, verb === 'CHANGE', say);
    else if (verb === 'RENAME') {
      const to = rename(table, reader, say);
      if (to !== undefined) result.rename = to;
    }
    if (!known) continue;
    verb = verb === 'ADD' || verb === 'DROP' ? verb : undefined;
  }
  return result;
}

type Say = (text: string, breaks?: boolean) => void;

function add(table: string, reader: NameReader, say: Say): void {
  reader.skip('COLUMN');
  reader.skipIfExists();
  if (reader.is('FOREIGN') || (reader.is('CONSTRAINT') && reader.has('FOREIGN')))
    return say(`adds a foreign key to ${table}`);
  if (reader.is('UNIQUE') || (reader.is('CONSTRAINT') && reader.has('UNIQUE')))
    return say(`adds a unique constraint to ${table}`);
  if (reader.is('CHECK') || (reader.is('CONSTRAINT') && reader.has('CHECK')))
    return say(`adds a check to ${table}`);
  if (reader.is(...notColumns)) return;
  for (const part of reader.list()) {
    const column = columnOf(part);
    if (column) say(addsColumn(table, column.name, column.obligatory), column.obligatory);
  }
}

/** Old code's inserts fail on a new column that must be given a value and has none of its own. */
export function addsColumn(table: string, column: string, obligatory: boolean): string {
  return `adds column ${table}.${column}${obligatory ? ', NOT NULL without a default' : ''}`;
}

function drop(table: string, reader: NameReader, say: Say): void {
  const explicit = reader.skip('COLUMN');
  reader.skipIfExists();
  if (!explicit && reader.is('CONSTRAINT', 'FOREIGN', 'CHECK', 'PRIMARY', 'UNIQUE')) {
    const kind = reader.is('FOREIGN') ? 'foreign key' : reader.is('PRIMARY') ? 'primary key' : 'constraint';
    return say(`drops a ${kind} of ${table}`);
  }
  if (!explicit && reader.is('PARTITION')) return say(`drops a partition of ${table}`, true);
  if (!explicit && reader.is(...notColumns)) return;
  for (const part of reader.list()) {
    const name = new NameReader(part).name();
    if (name !== undefined) say(`drops column ${table}.${name}`, true);
  }
}

function alterColumn(table: string, reader: NameReader, say: Say): void {
  if (!reader.skip('COLUMN') && reader.is('INDEX', 'CONSTRAINT', 'CHECK')) return;
  reader.skipIfExists();
  const name = reader.name();
  if (name === undefined) return;
  const column = `${table}.${name}`;
  if (reader.skip('SET')) {
    if (reader.is('NOT')) say(`makes ${column} NOT NULL`, true);
    else if (reader.is('DEFAULT')) say(`changes the default of ${column}`);
    else if (reader.is('DATA')) {
      reader.skip('DATA');
      reader.skip('TYPE');
      say(`changes ${column} to ${reader.type()}`, true);
    }
  } else if (reader.skip('DROP')) {
    if (reader.is('NOT')) say(`makes ${column} nullable`);
    else if (reader.is('DEFAULT')) say(`removes the default of ${column}`);
  } else if (reader.skip('TYPE')) say(`changes ${column} to ${reader.type()}`, true);
  else if (!reader.is('ADD', 'RESTART', 'RESET') && !reader.done())
    say(`changes ${column} to ${reader.type()}${reader.has('NOT') ? ' NOT NULL' : ''}`, true);
}

function modify(table: string, reader: NameReader, renames: boolean, say: Say): void {
  reader.skip('COLUMN');
  reader.skipIfExists();
  const from = reader.name();
  const to = renames ? reader.name() : from;
  if (from === undefined || to === undefined) return;
  if (from !== to) return say(`renames column ${table}.${from} to ${table}.${to}`, true);
  say(`changes ${table}.${to} to ${reader.type()}${reader.has('NOT') ? ' NOT NULL' : ''}`, true);
}

/** The table's new name, where it is the table that is renamed. */
function rename(table: string, reader: NameReader, say: Say): string | undefined {
  if (reader.is('INDEX', 'KEY', 'CONSTRAINT')) return undefined;
  if (reader.skip('TO') || reader.skip('AS')) return reader.name();
  const column = reader.skip('COLUMN');
  const from = reader.name();
  if (from !== undefined && reader.skip('TO')) {
    const to = reader.name();
    if (to !== undefined) say(`renames column ${table}.${from} to ${table}.${to}`, true);
    return undefined;
  }
  return column ? undefined : from;
}
