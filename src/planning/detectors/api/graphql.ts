import { buildASTSchema, type DefinitionNode, findBreakingChanges, Kind, parse, visit } from 'graphql';
import type { Statement } from '../statements.ts';

/** Tokens of one side; a schema has a few thousand. */
const mostTokens = 200_000;

/**
 * What turns the types of some SDL files into others; undefined where a side does not parse. The files are what a change
 * touches of a schema, so types they name and do not hold are taken for granted.
 */
export function compareGraphql(before: string, after: string): Statement[] | undefined {
  try {
    const [old, now] = [definitionsOf(before), definitionsOf(after)];
    const statements = findBreakingChanges(schemaOf(old, now), schemaOf(now, old))
      .filter(({ description }) => !description.startsWith('Standard scalar'))
      .map(({ description }): Statement => ({ text: inOurWords(description), breaks: true }));
    return [...statements, ...additions(old, now)];
  } catch {
    return undefined;
  }
}

/** Types, their extensions taken as types: a file may extend what another holds. Operations are a client's, and left out. */
function definitionsOf(text: string): DefinitionNode[] {
  if (text.trim() === '') return [];
  const { definitions } = parse(text, { maxTokens: mostTokens, noLocation: true });
  const extended: Readonly<Record<string, string>> = {
    [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
    [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
    [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
    [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
    [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
    [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
  };
  const merged: DefinitionNode[] = [];
  const byName = new Map<string, number>();
  for (const one of definitions) {
    if (one.kind === Kind.OPERATION_DEFINITION || one.kind === Kind.FRAGMENT_DEFINITION) continue;
    if (
      one.kind === Kind.SCHEMA_DEFINITION ||
      one.kind === Kind.SCHEMA_EXTENSION ||
      !('name' in one) ||
      !one.name
    )
      continue;
    const kind = extended[one.kind];
    const plain = kind === undefined ? one : ({ ...one, kind } as DefinitionNode);
    const at = byName.get(one.name.value);
    if (at === undefined) byName.set(one.name.value, merged.push(plain) - 1);
    else {
      const known = merged[at];
      if (known && 'fields' in known && 'fields' in plain)
        merged[at] = {
          ...known,
          fields: [...(known.fields ?? []), ...(plain.fields ?? [])],
        } as DefinitionNode;
    }
  }
  return merged;
}

/** A schema of these definitions; what they name and nobody defines becomes a scalar, on both sides alike. */
function schemaOf(definitions: readonly DefinitionNode[], others: readonly DefinitionNode[]) {
  const defined = new Set(definitions.flatMap((one) => ('name' in one && one.name ? one.name.value : [])));
  const named = new Set<string>(['String']);
  for (const one of [...definitions, ...others])
    visit(one, {
      NamedType: (node) => {
        named.add(node.name.value);
      },
    });
  const elsewhere = new Set(others.flatMap((one) => ('name' in one && one.name ? one.name.value : [])));
  const missing = [...named].filter(
    (name) => !defined.has(name) && !elsewhere.has(name) && !builtIn.has(name),
  );
  // A type that is gone on this side and still named on it is somebody else's too.
  const used = new Set<string>();
  for (const one of definitions)
    visit(one, {
      NamedType: (node) => {
        used.add(node.name.value);
      },
    });
  missing.push(...[...used].filter((name) => !defined.has(name) && elsewhere.has(name)));
  const scalars = missing.map((name): DefinitionNode => ({
    kind: Kind.SCALAR_TYPE_DEFINITION,
    name: { kind: Kind.NAME, value: name },
  }));
  const kept = definitions.map((one) =>
    // Interfaces and unions that name a scalar would be refused; only their own fields are compared.
    'interfaces' in one ? { ...one, interfaces: [] } : one,
  );
  return buildASTSchema(
    {
      kind: Kind.DOCUMENT,
      definitions: [
        ...kept.filter((one) => one.kind !== Kind.UNION_TYPE_DEFINITION),
        ...unionsAsScalars(kept),
        ...scalars,
      ],
    },
    { assumeValid: true, assumeValidSDL: true },
  );
}

const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

function unionsAsScalars(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  return definitions.flatMap((one) =>
    one.kind === Kind.UNION_TYPE_DEFINITION
      ? [{ kind: Kind.SCALAR_TYPE_DEFINITION, name: one.name } as const]
      : [],
  );
}

/** graphql's sentences (`User.email was removed.`) as statements of ours. */
function inOurWords(description: string): string {
  const plain = description.replace(/\.$/u, '');
  const rules: [RegExp, string][] = [
    [/^(\w+) was removed$/u, 'removes type $1'],
    [/^(\w+\.\w+) was removed$/u, 'removes field $1'],
    [/^(?:Field )?(\w+\.\w+) arg (\w+) was removed$/u, 'removes argument $2 of $1'],
    [/^(?:Field )?(\w+\.\w+) changed type from (\S+) to (\S+)$/u, 'changes $1 from $2 to $3'],
    [
      /^(?:Field )?(\w+\.\w+) arg (\w+) has changed type from (\S+) to (\S+)$/u,
      'changes argument $2 of $1 from $3 to $4',
    ],
    [/^A required arg (\w+) on (\w+\.\w+) was added$/u, 'adds required argument $1 to $2'],
    [/^A required field (\w+) on input type (\w+) was added$/u, 'adds required field $1 to input $2'],
    [/^(\w+) was removed from (?:enum|union) type (\w+)$/u, 'removes $1 from $2'],
    [/^(\w+) changed from (.+) to (.+)$/u, 'changes $1 from $2 to $3'],
  ];
  for (const [pattern, form] of rules) if (pattern.test(plain)) return plain.replace(pattern, form);
  return plain.charAt(0).toLowerCase() + plain.slice(1);
}

function fieldsOf(definition: DefinitionNode): string[] {
  if (definition.kind === Kind.ENUM_TYPE_DEFINITION)
    return (definition.values ?? []).map(({ name }) => name.value);
  if (definition.kind === Kind.UNION_TYPE_DEFINITION)
    return (definition.types ?? []).map(({ name }) => name.value);
  return 'fields' in definition ? (definition.fields ?? []).map(({ name }) => name.value) : [];
}

/** What is new; and what a union lost, which is compared here because its types may stand in another file. */
function additions(old: readonly DefinitionNode[], now: readonly DefinitionNode[]): Statement[] {
  const nameOf = (one: DefinitionNode) => ('name' in one && one.name ? one.name.value : '');
  const before = new Map(old.map((one) => [nameOf(one), one]));
  const statements: Statement[] = [];
  for (const one of now) {
    const name = nameOf(one);
    const was = before.get(name);
    if (!was) {
      statements.push({
        text: `adds ${one.kind === Kind.DIRECTIVE_DEFINITION ? 'directive @' : 'type '}${name}`,
        breaks: false,
      });
      continue;
    }
    const [had, has] = [new Set(fieldsOf(was)), new Set(fieldsOf(one))];
    const member = one.kind === Kind.ENUM_TYPE_DEFINITION || one.kind === Kind.UNION_TYPE_DEFINITION;
    for (const field of has)
      if (!had.has(field) && !required(one, field))
        statements.push({
          text: member ? `adds ${field} to ${name}` : `adds field ${name}.${field}`,
          breaks: false,
        });
    if (one.kind === Kind.UNION_TYPE_DEFINITION)
      for (const field of had)
        if (!has.has(field)) statements.push({ text: `removes ${field} from ${name}`, breaks: true });
  }
  return statements;
}

/** A required new field of an input is told among what breaks. */
function required(definition: DefinitionNode, field: string): boolean {
  if (definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return false;
  const node = definition.fields?.find(({ name }) => name.value === field);
  return node?.type.kind === Kind.NON_NULL_TYPE && node.defaultValue === undefined;
}
