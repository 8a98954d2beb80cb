import type { Statement } from '../statements.ts';
import { type Column, compareModels, type Model } from './model.ts';

/**
 * Reads a Prisma schema line by line, as its own grammar is: a block's head, then a field a line. Ours, because the
 * parser to be had (@mrleebo/prisma-ast) loads a configuration from the current folder when it is imported, which would run
 * code of whatever repository is looked at, and refuses files with one line it does not know.
 */
function prismaSchema(text: string): { tables: Model; enums: Map<string, Set<string>> } {
  const tables: Model = new Map();
  const enums = new Map<string, Set<string>>();
  const raw: { name: string; fields: { name: string; column: Column; relation: string }[] }[] = [];
  let block:
    | { kind: string; name: string; fields: { name: string; column: Column; relation: string }[] }
    | undefined;
  for (const line of withoutComments(text).split('\n')) {
    const trimmed = line.trim();
    const head = /^(model|enum|view|type)\s+(\w{1,200})\s*\{/u.exec(trimmed);
    if (head) {
      block = { kind: head[1] ?? '', name: head[2] ?? '', fields: [] };
      if (block.kind === 'enum') enums.set(block.name, new Set());
      else raw.push(block);
    } else if (trimmed.startsWith('}')) block = undefined;
    else if (block?.kind === 'enum') {
      const value = /^\w{1,200}/u.exec(trimmed)?.[0];
      if (value !== undefined) enums.get(block.name)?.add(value);
    } else if (block) {
      const mapped = /^@@map\(\s*(?:name:\s*)?"([^"]{1,200})"/u.exec(trimmed)?.[1];
      if (mapped !== undefined) block.name = mapped;
      const field = fieldOf(trimmed);
      if (field) block.fields.push(field);
    }
  }
  const modelNames = new Set(
    [...withoutComments(text).matchAll(/^[ \t]*model[ \t]+(\w{1,200})/gmu)].map((match) => match[1]),
  );
  for (const { name, fields } of raw)
    tables.set(
      name,
      // A field of another model's type is no column.
      new Map(
        fields.filter(({ relation }) => !modelNames.has(relation)).map((field) => [field.name, field.column]),
      ),
    );
  return { tables, enums };
}

function fieldOf(line: string): { name: string; column: Column; relation: string } | undefined {
  const field = /^(\w{1,200})\s+(\w{1,200}|Unsupported\([^)]{0,200}\))(\[\])?(\?)?(.*)$/u.exec(line);
  if (!field) return undefined;
  const [, name = '', type = '', list = '', optional = '', attributes = ''] = field;
  const native = /@db\.(\w{1,100}(?:\([^)]{0,50}\))?)/u.exec(attributes)?.[1];
  return {
    name: /@map\(\s*(?:name:\s*)?"([^"]{1,200})"/u.exec(attributes)?.[1] ?? name,
    column: {
      type: `${native ?? type}${list}`,
      required: optional === '' && list === '',
      filled: /@default\(|@updatedAt\b/u.test(attributes),
    },
    relation: type,
  };
}

/** Comments run to the end of a line; `//` inside a string does not begin one. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      let quoted = false;
      for (let at = 0; at < line.length; at += 1) {
        const char = line.charAt(at);
        if (char === '\\') at += 1;
        else if (char === '"') quoted = !quoted;
        else if (!quoted && char === '/' && line.charAt(at + 1) === '/') return line.slice(0, at);
      }
      return line;
    })
    .join('\n');
}

/** What turns one Prisma schema into the other, in the database's names. */
export function comparePrisma(before: string, after: string): Statement[] {
  const [old, now] = [prismaSchema(before), prismaSchema(after)];
  const statements = compareModels(old.tables, now.tables);
  for (const [name, values] of old.enums) {
    const kept = now.enums.get(name);
    if (!kept) statements.push({ text: `drops enum ${name}`, breaks: true });
    else
      for (const value of values)
        if (!kept.has(value)) statements.push({ text: `removes ${value} from enum ${name}`, breaks: true });
  }
  for (const [name, values] of now.enums) {
    const had = old.enums.get(name);
    if (!had) statements.push({ text: `adds enum ${name}`, breaks: false });
    else
      for (const value of values)
        if (!had.has(value)) statements.push({ text: `adds ${value} to enum ${name}`, breaks: false });
  }
  return statements;
}
