import type { Statement } from '../statements.ts';
import { type Call, callsOf, enclosing } from './calls.ts';
import { addsColumn } from './sql-alter.ts';
import { readSql } from './sql.ts';

/**
 * What a migration written in a program does. The tools (Rails, Alembic, Knex, Sequelize, TypeORM, Laravel, Ecto, Entity
 * Framework) say the same things in nearly the same words, so one vocabulary reads them all; `Django` has its own.
 */
export function readCode(text: string, language: 'ruby' | 'python' | 'other'): Statement[] {
  // C#'s type arguments stand between a call's name and its bracket.
  const calls = callsOf(
    language === 'other' ? text.replaceAll(/<[\w.?[\], ]{1,80}>(?=\()/gu, '') : text,
    language,
  );
  const made = new Set<string>();
  const statements: Statement[] = [];
  for (const [i, call] of calls.entries()) {
    const name = camel(call.name);
    const loose = call.receiver === '' && !bare.has(name);
    const opener = loose || direct.has(call.receiver) ? undefined : enclosing(calls, i, opens);
    const say = (said: string, breaks = false) => statements.push({ text: said, breaks });
    const inside = opener && alters.has(camel(opener.name)) ? tableOf(opener) : undefined;
    if (opener && !alters.has(camel(opener.name)) && name !== 'addColumn') {
      // Inside the block that makes a table everything is new.
      if (!whole.has(name)) continue;
    }
    // A chain is short; a minified line is not.
    const near = calls.slice(Math.max(0, i - 5), i + 20);
    const line = near.filter((other) => other.line === call.line);
    if (makes.has(name) && isMaking(call)) made.add(tableOf(call));
    const rule = rules[name];
    if (rule) rule(call, { inside, say, made, line });
    else if (inside !== undefined && (columnTypes.test(name) || name === 'add'))
      for (const column of name === 'timestamps'
        ? ['created_at', 'updated_at']
        : columnsOf(name === 'add' ? { ...call, values: call.values.slice(0, 1) } : call))
        addColumn(inside, columnName(name, column), call, line, say);
  }
  return statements;
}

interface Place {
  /** The table whose block it stands in. */
  inside: string | undefined;
  say: (text: string, breaks?: boolean) => void;
  made: Set<string>;
  /** The calls on its line, its own chain among them. */
  line: readonly Call[];
}

/** Receivers whose calls name their table themselves. */
const direct = new Set([
  'op',
  'queryInterface',
  'queryRunner',
  'migrationBuilder',
  'schema',
  'Schema',
  'knex',
]);
/** Calls that belong to the block they stand in although nothing stands before them: Ecto's, and the ends of chains. */
const bare = new Set([
  'add',
  'addIfNotExists',
  'remove',
  'removeIfExists',
  'modify',
  'change',
  'alter',
  'timestamps',
  'notNullable',
]);
const alters = new Set(['changeTable', 'alterTable', 'table', 'batchAlterTable', 'alter']);
const makes = new Set([
  'createTable',
  'createTableIfNotExists',
  'create',
  'createJoinTable',
  'createIfNotExists',
]);
const whole = new Set([
  'dropTable',
  'execute',
  'query',
  'raw',
  'statement',
  'dropTableIfExists',
  'createTable',
]);
const columnTypes =
  /^(?:string|text|(?:big|small|tiny|medium|unsigned|unsignedBig)?(?:int|integer|Integer)|float|double|decimal|numeric|bool|boolean|date|date_?time|dateTime|time|timestamp|timestampTz|timestamptz|timestamps|jsonb?|uuid|ulid|binary|enum|enu|references|belongsTo|foreignId|foreignUuid|char|longText|mediumText|citext|inet|column|specificType)$/u;

function camel(name: string): string {
  return name
    .replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/u, (letter) => letter.toLowerCase());
}

function opens(call: Call): boolean {
  const name = camel(call.name);
  // Ecto writes `alter table(:x)`: the inner call is not the block's head.
  return (alters.has(name) && call.strings.length > 0) || (makes.has(name) && isMaking(call));
}

const isMaking = (call: Call) =>
  camel(call.name).startsWith('createTable') ||
  call.name === 'create_join_table' ||
  (call.name.startsWith('create') && (call.receiver === 'Schema' || /^table\b/u.test(call.values[0] ?? '')));

function tableOf(call: Call): string {
  const given = call.values[0] ?? call.named.get('name') ?? '';
  return /^[\w.$]{1,200}$/u.test(given) ? given : (call.strings[0] ?? given) || '?';
}

/** Column names given behind the table, or alone inside a table's block. */
function columnsOf(call: Call, from = 0): string[] {
  return call.values.slice(from).flatMap((value) => {
    const listed = [...value.slice(0, 2000).matchAll(/'([^']{1,200})'/gu)].map((match) => match[1] ?? '');
    return value.startsWith('[') || value.includes('(') || value.includes('{') ? listed : [value];
  });
}

const columnName = (type: string, column: string) =>
  /^(?:references|belongsTo)$/u.test(type) && !column.endsWith('_id') ? `${column}_id` : column;

type Rule = (call: Call, place: Place) => void;

/** Table and columns of a call that names both, or the columns alone inside a block. */
function target(call: Call, place: Place): { table: string; columns: string[] } {
  const table = call.named.get('table') ?? place.inside;
  if (table !== undefined) {
    const name = call.values.length === 0 ? call.named.get('name') : undefined;
    return { table, columns: name === undefined ? columnsOf(call) : [name] };
  }
  return { table: tableOf(call), columns: columnsOf(call, 1) };
}

function addColumn(
  table: string,
  column: string,
  call: Call,
  line: readonly Call[],
  say: Place['say'],
): void {
  const options = [...call.values, ...[...call.named].map(([name, value]) => `${name}:${value}`)].join(' ');
  const chain = line.map(({ name }) => camel(name));
  const has = (pattern: RegExp) => pattern.test(options.slice(0, 4000));
  const filled =
    has(
      /(?:default|defaultValue|server_default|defaultValueSql|defaultTo|Identity|identity|autoIncrement|generated)'?\s*[:=]/iu,
    ) || chain.some((name) => /^(?:defaultTo|default|useCurrent|increments|virtualAs|storedAs)$/u.test(name));
  const laravel = call.receiver === '$table';
  const required =
    has(
      /\bnull'?[:=]>?false|\bnullable'?[:=]False|\bnullable'?[:=]false|\ballowNull'?:false|\bisNullable'?:false/u,
    ) ||
    chain.some((name) => name === 'notNullable' || name === 'notNull') ||
    (laravel && !chain.includes('nullable'));
  const obligatory = required && !filled;
  say(addsColumn(table, column, obligatory), obligatory);
}

const dropsColumns: Rule = (call, place) => {
  const { table, columns } = target(call, place);
  // Rails and Sequelize pass the type, or options, behind the name.
  const one =
    /^(?:remove_column|dropColumn|drop_column|removeColumn|DropColumn)$/u.test(call.name) &&
    !/\[/u.test(call.values.join(''));
  const names = one && place.inside === undefined ? columns.slice(0, 1) : columns;
  if (!place.made.has(table)) for (const column of names) place.say(`drops column ${table}.${column}`, true);
};

const dropsTable: Rule = (call, { say, made, inside }) => {
  if (
    inside !== undefined ||
    (/^drop(?:_if_exists)?$|^dropIfExists$/u.test(call.name) &&
      call.receiver !== 'Schema' &&
      !/^table\b/u.test(call.values[0] ?? ''))
  )
    return;
  const table = tableOf(call);
  if (!made.delete(table)) say(`drops table ${table}`, true);
};

const createsTable: Rule = (call, { say }) => {
  if (isMaking(call)) say(`adds table ${tableOf(call)}`);
};

const renamesTable: Rule = (call, place) => {
  if (place.inside !== undefined && camel(call.name) === 'rename') return renamesColumn(call, place);
  const to = call.named.get('newName') ?? call.named.get('to');
  if (to !== undefined && call.values[1] !== undefined)
    return place.say(`renames column ${tableOf(call)}.${call.values[1]} to ${tableOf(call)}.${to}`, true);
  if (
    to !== undefined ||
    (call.values.length >= 2 && (call.receiver === 'Schema' || camel(call.name) === 'renameTable'))
  )
    place.say(
      `renames table ${tableOf(call)} to ${to === undefined ? call.values[1] : (/'([^']{1,200})'/u.exec(to)?.[1] ?? to)}`,
      true,
    );
};

const renamesColumn: Rule = (call, place) => {
  const { table, columns } = target(call, place);
  const to = call.named.get('newName') ?? columns[1] ?? '?';
  place.say(`renames column ${table}.${columns[0] ?? '?'} to ${table}.${to}`, true);
};

const changesColumn: Rule = (call, place) => {
  const { table, columns } = target(call, place);
  const column = `${table}.${columns[0] ?? '?'}`;
  const to = call.named.get('new_column_name');
  const type =
    call.named.get('type_') ??
    call.named.get('type') ??
    (call.name.startsWith('change') ? call.values[place.inside === undefined ? 2 : 1] : undefined);
  const nullable = call.named.get('nullable') ?? call.named.get('null') ?? call.named.get('null:');
  if (to !== undefined) place.say(`renames column ${column} to ${table}.${to}`, true);
  if (nullable !== undefined && /^false$/iu.test(nullable) && call.named.get('oldNullable') !== 'false')
    place.say(`makes ${column} NOT NULL`, true);
  else if (nullable !== undefined && /^true$/iu.test(nullable)) place.say(`makes ${column} nullable`);
  const retyped = type !== undefined && type !== call.named.get('oldType') && /^['"\w.(]/u.test(type);
  if (retyped && type.length < 80) place.say(`changes ${column} to ${type.replaceAll("'", '')}`, true);
  else if (
    to === undefined &&
    nullable === undefined &&
    !call.named.has('server_default') &&
    !call.named.has('comment')
  )
    place.say(`changes column ${column}`, true);
};

/** `.change()` and `.alter()` at the end of a column's chain. */
const changesChained: Rule = (call, { inside, line, say }) => {
  const column = line.find((other) => other !== call && columnTypes.test(camel(other.name)))?.values[0];
  if (inside !== undefined && column !== undefined) say(`changes column ${inside}.${column}`, true);
};

const runsSql: Rule = (call, { say }) => {
  const sql = call.values[0] === undefined ? (call.named.get('sql') ?? '') : (call.strings[0] ?? '');
  if (
    /^\s*(?:alter|create|drop|truncate|delete|update|rename|exec|--|\/\*|set|begin|do|with)\b|^\s*(?:--|\/\*)/iu.test(
      sql,
    )
  )
    for (const { text, breaks } of readSql(sql)) say(text, breaks);
};

const rules: Readonly<Record<string, Rule | undefined>> = Object.assign<object, Record<string, Rule>>(
  Object.create(null) as object,
  {
    createTable: createsTable,
    createTableIfNotExists: createsTable,
    createJoinTable: (call, { say }) => say(`adds the join table of ${columnsOf(call).join(' and ')}`),
    create: createsTable,
    createIfNotExists: createsTable,
    dropTable: dropsTable,
    dropTableIfExists: dropsTable,
    dropJoinTable: (call, { say }) => say(`drops the join table of ${columnsOf(call).join(' and ')}`, true),
    drop: dropsTable,
    dropIfExists: dropsTable,
    renameTable: renamesTable,
    rename: renamesTable,
    addColumn: (call, place) => {
      const { table, columns } = target(call, place);
      const column =
        call.values.length === 1 || place.inside !== undefined ? call.strings[0] : call.strings[1];
      if (!place.made.has(table))
        addColumn(table, call.named.get('name') ?? column ?? columns[0] ?? '?', call, place.line, place.say);
    },
    addColumns: (call, { say }) => {
      for (const column of columnsOf(call, 1).filter(
        (name) => !/^'?(?:string|text|integer|boolean)'?$/u.test(name),
      ))
        say(addsColumn(tableOf(call), column, false));
    },
    addReference: (call, { say, made, line }) => {
      if (!made.has(tableOf(call))) addColumn(tableOf(call), `${call.values[1] ?? '?'}_id`, call, line, say);
    },
    addBelongsTo: (call, { say, line }) =>
      addColumn(tableOf(call), `${call.values[1] ?? '?'}_id`, call, line, say),
    addTimestamps: (call, { say }) => say(`adds column ${tableOf(call)}.created_at and updated_at`),
    removeColumn: dropsColumns,
    removeColumns: dropsColumns,
    dropColumn: dropsColumns,
    dropColumns: dropsColumns,
    // Rails removes several columns of a block at once; Ecto passes the type behind the name.
    remove: (call, place) => {
      const values = call.receiver === '' ? call.values.slice(0, 1) : call.values;
      if (place.inside !== undefined) dropsColumns({ ...call, values }, place);
    },
    removeReference: (call, { say }) =>
      say(`drops column ${tableOf(call)}.${call.values[1] ?? '?'}_id`, true),
    dropTimestamps: (call, { inside, say }) =>
      say(`drops column ${inside ?? tableOf(call)}.created_at and updated_at`, true),
    dropSoftDeletes: (_, { inside, say }) => say(`drops column ${inside ?? '?'}.deleted_at`, true),
    removeTimestamps: (call, { say }) => say(`drops column ${tableOf(call)}.created_at and updated_at`, true),
    renameColumn: renamesColumn,
    changeColumn: changesColumn,
    alterColumn: changesColumn,
    modify: (call, place) => {
      if (place.inside !== undefined) changesColumn(call, place);
    },
    change: (call, place) => (call.values.length === 0 ? changesChained : changesColumn)(call, place),
    alter: (call, place) => {
      if (call.values.length === 0) changesChained(call, place);
    },
    changeColumnNull: (call, { say }) => {
      const column = `${tableOf(call)}.${call.values[1] ?? '?'}`;
      if (call.values[2] === 'true') say(`makes ${column} nullable`);
      else say(`makes ${column} NOT NULL`, true);
    },
    dropNullable: (call, { inside, say }) =>
      say(`makes ${inside ?? '?'}.${call.values[0] ?? '?'} NOT NULL`, true),
    setNullable: (call, { inside, say }) => say(`makes ${inside ?? '?'}.${call.values[0] ?? '?'} nullable`),
    changeColumnDefault: (call, { say }) =>
      say(`changes the default of ${tableOf(call)}.${call.values[1] ?? '?'}`),
    addIndex: (call, { inside, say, made }) => {
      const table = call.named.get('table') ?? inside ?? tableOf(call);
      if (!made.has(table)) say(`adds index on ${table}`);
    },
    removeIndex: (call, { inside, say }) => say(`drops an index of ${inside ?? tableOf(call)}`),
    addForeignKey: (call, { inside, say, made }) => {
      const table = call.named.get('table') ?? inside ?? tableOf(call);
      if (!made.has(table)) say(`adds a foreign key to ${table}`);
    },
    removeForeignKey: (call, { say }) => say(`drops a foreign key of ${tableOf(call)}`),
    addCheckConstraint: (call, { say }) => say(`adds a check to ${tableOf(call)}`),
    deleteAll: (call, { say }) => say(`deletes rows of ${call.receiver || '?'}`, true),
    destroyAll: (call, { say }) => say(`deletes rows of ${call.receiver || '?'}`, true),
    bulkDelete: (call, { say }) => say(`deletes rows of ${tableOf(call)}`, true),
    deleteData: (call, { say }) => say(`deletes rows of ${call.named.get('table') ?? '?'}`, true),
    bulkUpdate: (call, { say }) => say(`rewrites rows of ${tableOf(call)}`),
    updateAll: (call, { say }) => say(`rewrites rows of ${call.receiver || '?'}`),
    clearTable: (call, { say }) => say(`empties table ${tableOf(call)}`, true),
    truncate: (call, { say }) => say(`empties table ${tableOf(call)}`, true),
    execute: runsSql,
    query: runsSql,
    raw: runsSql,
    statement: runsSql,
    unprepared: runsSql,
    sql: runsSql,
    exec: runsSql,
    execContext: runsSql,
    runSQL: runsSql,
  },
);
