import type { Statement } from '../statements.ts';
import type { Model } from './model.ts';
import { readAlter } from './sql-alter.ts';
import { columnOf } from './sql-columns.ts';
import { NameReader } from './sql-names.ts';
import { sqlStatements, type SqlToken, sqlTokens } from './sql-tokens.ts';

/** A statement with the object it makes, takes away or renames, so that a script can be read as a whole. */
interface Act extends Statement {
  creates?: string;
  drops?: string;
  /** Old and new name of a table. */
  renames?: readonly [from: string, to: string];
  /** The table it changes. */
  on?: string;
}

const kinds = [
  'TABLE',
  'VIEW',
  'INDEX',
  'TYPE',
  'SCHEMA',
  'DATABASE',
  'FUNCTION',
  'PROCEDURE',
  'TRIGGER',
  'SEQUENCE',
  'EXTENSION',
  'DOMAIN',
];
/** What holds data, or what old code asks for by name. */
const losing = new Set(['TABLE', 'VIEW', 'TYPE', 'SCHEMA', 'DATABASE', 'SEQUENCE', 'FUNCTION', 'PROCEDURE']);
const modifiers = [
  'OR',
  'REPLACE',
  'TEMP',
  'TEMPORARY',
  'UNLOGGED',
  'MATERIALIZED',
  'UNIQUE',
  'GLOBAL',
  'LOCAL',
  'FOREIGN',
  'EXTERNAL',
  'RECURSIVE',
  'CLUSTERED',
  'NONCLUSTERED',
  'CONCURRENTLY',
  'ALTER',
  'CONSTRAINT',
  'VIRTUAL',
  'DICTIONARY',
];

/** What a script of SQL, in any dialect, does to a database that is in use. It never throws. */
export function readSql(text: string): Statement[] {
  const acts = sqlStatements(sqlTokens(text)).flatMap(readStatement);
  const warned = /\b(?:data|values?)\b[^\n]{0,80}\bwill be lost\b/iu.test(text);
  return asWhole(acts, warned).map(({ text: said, breaks }) => ({ text: said, breaks }));
}

/** The tables a script of `CREATE TABLE`s declares. */
export function sqlModel(text: string): Model {
  const model: Model = new Map();
  for (const tokens of sqlStatements(sqlTokens(text))) {
    const reader = new NameReader(tokens);
    if (!reader.skip('CREATE')) continue;
    while (reader.skip(...modifiers));
    if (!reader.skip('TABLE')) continue;
    reader.skipIfExists();
    const table = reader.name();
    if (table === undefined || !reader.bracketed()) continue;
    const columns = reader.list().flatMap((part) => columnOf(part) ?? []);
    model.set(table, new Map(columns.map(({ name, column }) => [name, column])));
  }
  return model;
}

function readStatement(tokens: SqlToken[]): Act[] {
  const reader = new NameReader(tokens);
  if (reader.skip('CREATE')) return create(reader);
  if (reader.skip('DROP')) return drop(reader);
  if (reader.skip('ALTER')) return alter(reader);
  if (reader.skip('RENAME')) return renameTables(reader);
  if (reader.skip('TRUNCATE')) {
    reader.skip('TABLE');
    reader.skipIfExists();
    reader.skip('ONLY');
    return [{ text: `empties table ${reader.name() ?? '?'}`, breaks: true }];
  }
  if (reader.skip('DELETE')) {
    reader.skip('FROM');
    reader.skip('ONLY');
    const table = reader.name() ?? '?';
    return [
      {
        text: `deletes ${reader.has('WHERE', 'USING', 'JOIN') ? '' : 'all '}rows of ${table}`,
        breaks: true,
        on: table,
      },
    ];
  }
  if (reader.skip('UPDATE')) {
    reader.skip('ONLY');
    const table = reader.name() ?? '?';
    const every = !reader.has('WHERE', 'FROM', 'JOIN', 'LIMIT');
    return [
      { text: `${every ? 'rewrites every row' : 'rewrites rows'} of ${table}`, breaks: every, on: table },
    ];
  }
  if (reader.skip('EXEC', 'EXECUTE') && /^(?:sys\.)?sp_rename$/iu.test(reader.name() ?? '')) {
    const [from = '?', to = '?'] = reader
      .rest()
      .filter(({ kind }) => kind === 'string')
      .map(({ text }) => text);
    return [{ text: `renames ${from} to ${to}`, breaks: true }];
  }
  return [];
}

function create(reader: NameReader): Act[] {
  const replaces = reader.is('OR');
  while (reader.skip(...modifiers));
  const kind = kinds.find((word) => reader.skip(word));
  if (kind === undefined) return [];
  reader.skip('CONCURRENTLY');
  reader.skipIfExists();
  const named = kind !== 'INDEX' || !reader.is('ON');
  const name = named ? reader.name() : '';
  if (name === undefined) return [];
  const key = `${kind} ${name}`;
  if (kind === 'TABLE') return [{ text: `adds table ${name}`, breaks: false, creates: key }];
  if (kind === 'INDEX') {
    reader.skip('ON');
    reader.skip('ONLY');
    const table = reader.name() ?? '?';
    return [
      {
        text: `adds index ${name === '' ? 'on' : `${name} on`} ${table}`,
        breaks: false,
        creates: key,
        on: table,
      },
    ];
  }
  return [
    { text: `${replaces ? 'replaces' : 'adds'} ${kind.toLowerCase()} ${name}`, breaks: false, creates: key },
  ];
}

function drop(reader: NameReader): Act[] {
  while (reader.skip(...modifiers));
  const kind = kinds.find((word) => reader.skip(word));
  if (kind === undefined) return [];
  reader.skip('CONCURRENTLY');
  reader.skipIfExists();
  const acts: Act[] = [];
  for (;;) {
    const name = reader.name();
    if (name === undefined) return acts;
    acts.push({
      text: `drops ${kind.toLowerCase()} ${name}`,
      breaks: losing.has(kind),
      drops: `${kind} ${name}`,
    });
    const next = reader.rest()[0];
    if (kind === 'FUNCTION' || next?.kind !== 'mark' || next.text !== ',') return acts;
    reader = new NameReader(reader.rest().slice(1));
  }
}

function alter(reader: NameReader): Act[] {
  if (reader.skip('TYPE')) {
    const type = reader.name() ?? '?';
    if (reader.skip('ADD')) {
      reader.skip('VALUE');
      reader.skipIfExists();
      const value = reader.rest()[0];
      return [{ text: `adds ${value?.text ?? 'a value'} to type ${type}`, breaks: false }];
    }
    if (!reader.skip('RENAME')) return [];
    const [from, , to] = reader.skip('VALUE') ? reader.rest() : [undefined, undefined, reader.rest()[1]];
    return [
      {
        text: from
          ? `renames ${from.text} of type ${type} to ${to?.text ?? '?'}`
          : `renames type ${type} to ${to?.text ?? '?'}`,
        breaks: true,
        ...(!from && to && { creates: `TYPE ${to.text}`, drops: `TYPE ${type}` }),
      },
    ];
  }
  while (reader.skip('FOREIGN'));
  if (!reader.skip('TABLE')) return [];
  reader.skipIfExists();
  reader.skip('ONLY');
  const table = reader.name();
  if (table === undefined) return [];
  const { statements, rename } = readAlter(table, reader.rest());
  return [
    ...statements.map((statement) => ({ ...statement, on: table })),
    ...(rename === undefined ? [] : [renaming(table, rename)]),
  ];
}

function renaming(from: string, to: string): Act {
  const schema = from.includes('.') && !to.includes('.') ? from.slice(0, from.lastIndexOf('.') + 1) : '';
  return { text: `renames table ${from} to ${schema}${to}`, breaks: true, renames: [from, `${schema}${to}`] };
}

function renameTables(reader: NameReader): Act[] {
  if (!reader.skip('TABLE')) return [];
  const from = reader.name();
  return from !== undefined && reader.skip('TO') ? [renaming(from, reader.name() ?? '?')] : [];
}

/**
 * One script as a whole: what it does to a table it has made itself harms nobody; a table rebuilt under its own name
 * (SQLite and ClickHouse alter tables so) and an object dropped to be made anew are told as that.
 */
function asWhole(acts: readonly Act[], warned: boolean): Act[] {
  const made = new Set<string>();
  const dropped = new Set(acts.flatMap(({ drops }) => drops ?? []));
  const movedAway = new Set(acts.flatMap(({ renames }) => renames?.[0] ?? []));
  const own = (table: string | undefined) => table !== undefined && made.has(`TABLE ${table}`);
  const told: Act[] = [];
  const forget = (key: string) => {
    const at = told.findIndex(({ creates, drops }) => creates === key || drops === key);
    if (at >= 0) told.splice(at, 1);
  };
  for (const act of acts) {
    if (act.renames) {
      const [from, to] = act.renames;
      if (own(from) && (dropped.has(`TABLE ${to}`) || movedAway.has(to))) {
        forget(`TABLE ${from}`);
        forget(`TABLE ${to}`);
        const aside = told.findIndex(({ renames }) => renames?.[0] === to);
        if (aside >= 0) told.splice(aside, 1);
        told.push({ text: `rebuilds table ${to}`, breaks: warned });
        made.add(`TABLE ${to}`);
        continue;
      }
      if (own(from)) {
        forget(`TABLE ${from}`);
        told.push({ text: `adds table ${to}`, breaks: false, creates: `TABLE ${to}` });
        made.add(`TABLE ${to}`);
        continue;
      }
    }
    if (act.drops !== undefined && made.has(act.drops) && act.creates === undefined) {
      forget(act.drops);
      continue;
    }
    if (own(act.on)) continue;
    if (act.creates !== undefined) {
      const [kind = '', name = ''] = act.creates.split(' ', 2);
      // ClickHouse drops a view as a table.
      const before = told.findIndex(({ drops }) => drops === act.creates || drops === `TABLE ${name}`);
      made.add(act.creates);
      if (before >= 0 && act.drops === undefined) {
        told.splice(before, 1);
        const rows = kind === 'TABLE';
        told.push({
          text: `replaces ${kind.toLowerCase()} ${name}${rows ? ', its rows are lost' : ''}`,
          breaks: rows,
        });
        continue;
      }
    }
    told.push(act);
  }
  return told;
}
