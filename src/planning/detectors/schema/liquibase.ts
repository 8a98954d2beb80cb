import { XMLParser } from 'fast-xml-parser';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Statement } from '../statements.ts';
import { addsColumn } from './sql-alter.ts';
import { readSql } from './sql.ts';

type Node = { readonly [name: string]: unknown };

/** Values deeper than this are no changelog anyone wrote. */
const deepest = 60;

/** What a Liquibase changelog in XML, YAML or JSON does; undefined where it does not parse. */
export function readLiquibase(path: string, text: string): Statement[] | undefined {
  const statements: Statement[] = [];
  try {
    visit(path.endsWith('.xml') ? parseXml(text) : parseYaml(text), statements, 0);
  } catch {
    return undefined;
  }
  return statements;
}

function parseXml(text: string): unknown {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    processEntities: false,
    parseAttributeValue: false,
    parseTagValue: false,
  });
  return parser.parse(text);
}

function parseYaml(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' });
  if (
    document.errors.length > 0 ||
    !(isMap(document.contents) || isSeq(document.contents) || isScalar(document.contents))
  )
    throw new SyntaxError('not a changelog');
  return document.toJS({ maxAliasCount: 100 });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function visit(value: unknown, statements: Statement[], depth: number): void {
  if (depth > deepest) return;
  if (Array.isArray(value)) for (const item of value) visit(item, statements, depth + 1);
  else if (isNode(value))
    for (const [name, child] of Object.entries(value)) {
      if (name === 'rollback' || name === 'preConditions') continue;
      for (const one of Array.isArray(child) && changes.has(name) ? child : [child]) {
        if (changes.has(name)) statements.push(...readChange(name, one));
        else visit(one, statements, depth + 1);
      }
    }
}

const changes = new Set([
  'createTable',
  'dropTable',
  'renameTable',
  'addColumn',
  'dropColumn',
  'renameColumn',
  'modifyDataType',
  'addNotNullConstraint',
  'dropNotNullConstraint',
  'createIndex',
  'dropIndex',
  'addForeignKeyConstraint',
  'addUniqueConstraint',
  'createView',
  'dropView',
  'delete',
  'update',
  'sql',
]);

function readChange(kind: string, change: unknown): Statement[] {
  if (typeof change === 'string') return kind === 'sql' ? readSql(change) : [];
  if (!isNode(change)) return [];
  const value = (name: string) => (typeof change[name] === 'string' ? change[name] : '?');
  const table = value('tableName');
  const one = (text: string, breaks = false): Statement[] => [{ text, breaks }];
  switch (kind) {
    case 'createTable':
      return one(`adds table ${table}`);
    case 'dropTable':
      return one(`drops table ${table}`, true);
    case 'renameTable':
      return one(`renames table ${value('oldTableName')} to ${value('newTableName')}`, true);
    case 'addColumn':
      return columnsOf(change).map((column) => {
        const constraints = isNode(column['constraints']) ? column['constraints'] : {};
        const filled = Object.keys(column).some(
          (name) => name.startsWith('default') || name.startsWith('value') || name === 'autoIncrement',
        );
        const obligatory = String(constraints['nullable']) === 'false' && !filled;
        return { text: addsColumn(table, nameOf(column), obligatory), breaks: obligatory };
      });
    case 'dropColumn': {
      const named = value('columnName');
      const names = named === '?' ? columnsOf(change).map((column) => nameOf(column)) : named.split(',');
      return names.map((name) => ({ text: `drops column ${table}.${name.trim()}`, breaks: true }));
    }
    case 'renameColumn':
      return one(
        `renames column ${table}.${value('oldColumnName')} to ${table}.${value('newColumnName')}`,
        true,
      );
    case 'modifyDataType':
      return one(`changes ${table}.${value('columnName')} to ${value('newDataType')}`, true);
    case 'addNotNullConstraint':
      return one(`makes ${table}.${value('columnName')} NOT NULL`, true);
    case 'dropNotNullConstraint':
      return one(`makes ${table}.${value('columnName')} nullable`);
    case 'createIndex':
      return one(`adds index ${value('indexName')} on ${table}`);
    case 'dropIndex':
      return one(`drops index ${value('indexName')}`);
    case 'addForeignKeyConstraint':
      return one(`adds a foreign key to ${value('baseTableName')}`);
    case 'addUniqueConstraint':
      return one(`adds a unique constraint to ${table}`);
    case 'createView':
      return one(`adds view ${value('viewName')}`);
    case 'dropView':
      return one(`drops view ${value('viewName')}`, true);
    case 'delete':
      return one(`deletes ${value('where') === '?' ? 'all ' : ''}rows of ${table}`, true);
    case 'update':
      return one(
        `rewrites ${value('where') === '?' ? 'every row' : 'rows'} of ${table}`,
        value('where') === '?',
      );
    default:
      return readSql(value('sql') === '?' ? value('#text') : value('sql'));
  }
}

function nameOf(column: Node): string {
  return typeof column['name'] === 'string' ? column['name'] : '?';
}

/** Columns of XML (`column`, one or many) and YAML (`columns: [{column: …}]`). */
function columnsOf(change: Node): Node[] {
  const listed: unknown[] = Array.isArray(change['columns']) ? change['columns'] : [];
  const plain = change['column'];
  return [
    ...listed.map((item) => (isNode(item) ? item['column'] : undefined)),
    ...(Array.isArray(plain) ? plain : [plain]),
  ].filter(isNode);
}
