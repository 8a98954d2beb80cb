import type { Statement } from '../statements.ts';

/** A column as a declared schema has it; `filled` when the database gives a value where none is given. */
export interface Column {
  type: string;
  required: boolean;
  filled: boolean;
}

/** Table → column → what is declared. */
export type Model = Map<string, Map<string, Column>>;

/** What turns one declared schema into another. A rename cannot be told from a drop and an addition. */
export function compareModels(before: Model, after: Model): Statement[] {
  const statements: Statement[] = [];
  const say = (text: string, breaks = false) => statements.push({ text, breaks });
  for (const table of before.keys()) if (!after.has(table)) say(`drops table ${table}`, true);
  for (const [table, columns] of after) {
    const old = before.get(table);
    if (!old) {
      say(`adds table ${table}`);
      continue;
    }
    for (const name of old.keys()) if (!columns.has(name)) say(`drops column ${table}.${name}`, true);
    for (const [name, column] of columns) compareColumn(`${table}.${name}`, old.get(name), column, say);
  }
  return statements;
}

function compareColumn(
  name: string,
  old: Column | undefined,
  now: Column,
  say: (text: string, breaks?: boolean) => void,
): void {
  if (!old) {
    const obligatory = now.required && !now.filled;
    say(`adds column ${name}${obligatory ? ', NOT NULL without a default' : ''}`, obligatory);
    return;
  }
  if (old.type.toLowerCase() !== now.type.toLowerCase())
    say(`changes ${name} from ${old.type} to ${now.type}`, !widens(old.type, now.type));
  if (!old.required && now.required) say(`makes ${name} NOT NULL`, true);
  if (old.required && !now.required) say(`makes ${name} nullable`);
  if (old.filled && !now.filled && now.required) say(`removes the default of ${name}`, true);
}

/** Whether every old value fits the new type: a longer text, or a wider whole number. */
export function widens(from: string, to: string): boolean {
  const text =
    /^(?:var|n|nvar)?char(?:acter varying)?\s*\((\d{1,9})\)$|^character varying\s*\((\d{1,9})\)$|^string\s*\((\d{1,9})\)$/iu;
  const old = text.exec(from);
  const now = text.exec(to);
  const size = (match: RegExpExecArray) => Number(match.slice(1).find(Boolean));
  if (old) return now ? size(now) >= size(old) : /^(?:text|string|varchar|character varying)$/iu.test(to);
  const whole = ['tinyint', 'smallint', 'int', 'integer', 'bigint'];
  const [a, b] = [whole.indexOf(from.toLowerCase()), whole.indexOf(to.toLowerCase())];
  return a >= 0 && b >= a;
}
