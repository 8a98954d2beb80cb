import protobuf from 'protobufjs';
import type { Statement } from '../statements.ts';

interface Definitions {
  /** Message → field number → what is there. */
  messages: Map<string, Map<number, { name: string; type: string }>>;
  /** Message → numbers and names that must not come back. */
  reserved: Map<string, ReadonlyArray<number[] | string>>;
  enums: Map<string, Map<string, number>>;
  calls: Map<string, string>;
}

/** What turns one protobuf file into the other; undefined where a side does not parse. */
export function compareProtobuf(before: string, after: string): Statement[] | undefined {
  const [old, now] = [definitionsOf(before), definitionsOf(after)];
  if (!old || !now) return undefined;
  const statements: Statement[] = [];
  const say = (text: string, breaks = false) => statements.push({ text, breaks });
  for (const [name, fields] of now.messages) {
    const was = old.messages.get(name);
    if (was)
      compareFields(name, was, fields, now.reserved.get(name) ?? [], old.reserved.get(name) ?? [], say);
    else say(`adds message ${name}`);
  }
  for (const name of old.messages.keys()) if (!now.messages.has(name)) say(`removes message ${name}`, true);
  for (const [name, values] of now.enums) {
    const was = old.enums.get(name);
    if (!was) say(`adds enum ${name}`);
    for (const [value, number] of values) {
      if (was && !was.has(value)) say(`adds ${value} to enum ${name}`);
      const before = was?.get(value);
      if (before !== undefined && before !== number)
        say(`renumbers ${value} of enum ${name} from ${before} to ${number}`, true);
    }
    for (const value of was?.keys() ?? [])
      if (!values.has(value)) say(`removes ${value} from enum ${name}`, true);
  }
  for (const name of old.enums.keys()) if (!now.enums.has(name)) say(`removes enum ${name}`, true);
  for (const [name, signature] of now.calls) {
    const was = old.calls.get(name);
    if (was === undefined) say(`adds rpc ${name}`);
    else if (was !== signature) say(`changes rpc ${name}: ${was} → ${signature}`, true);
  }
  for (const name of old.calls.keys()) if (!now.calls.has(name)) say(`removes rpc ${name}`, true);
  return statements;
}

function compareFields(
  message: string,
  old: ReadonlyMap<number, { name: string; type: string }>,
  now: ReadonlyMap<number, { name: string; type: string }>,
  reserved: ReadonlyArray<number[] | string>,
  wasReserved: ReadonlyArray<number[] | string>,
  say: (text: string, breaks?: boolean) => void,
): void {
  const oldNumbers = new Map([...old].map(([number, { name }]) => [name, number]));
  const nowNames = new Set([...now.values()].map(({ name }) => name));
  for (const [number, field] of now) {
    const was = old.get(number);
    const moved = oldNumbers.get(field.name);
    if (moved !== undefined && moved !== number)
      say(`renumbers ${message}.${field.name} from ${moved} to ${number}`, true);
    else if (!was) {
      const again = holds(wasReserved, number, field.name);
      say(
        again
          ? `reuses reserved number ${number} of ${message} for ${field.name}`
          : `adds field ${message}.${field.name}`,
        again,
      );
    } else if (was.name !== field.name && was.type !== field.type)
      say(`reuses field number ${number} of ${message}: ${was.name} → ${field.name}`, true);
    else if (was.name !== field.name) say(`renames field ${message}.${was.name} to ${field.name}`, true);
    else if (was.type !== field.type)
      say(`changes ${message}.${field.name} from ${was.type} to ${field.type}`, true);
  }
  for (const [number, { name }] of old)
    if (!now.has(number) && !nowNames.has(name))
      say(
        `removes field ${message}.${name}${holds(reserved, number, name) ? ' and reserves it' : `, number ${number} not reserved`}`,
        true,
      );
}

function holds(reserved: ReadonlyArray<number[] | string>, number: number, name: string): boolean {
  return reserved.some((one) =>
    typeof one === 'string' ? one === name : number >= (one[0] ?? 0) && number <= (one[1] ?? -1),
  );
}

function definitionsOf(text: string): Definitions | undefined {
  const found: Definitions = { messages: new Map(), reserved: new Map(), enums: new Map(), calls: new Map() };
  if (text.trim() === '') return found;
  try {
    collect(protobuf.parse(text, new protobuf.Root(), { keepCase: true }).root, '', found, 0);
    return found;
  } catch {
    return undefined;
  }
}

function collect(namespace: protobuf.NamespaceBase, prefix: string, found: Definitions, depth: number): void {
  if (depth > 50) return;
  for (const nested of namespace.nestedArray) {
    // A package is no part of what a person calls a message.
    const inner =
      nested instanceof protobuf.Namespace &&
      !(nested instanceof protobuf.Type || nested instanceof protobuf.Service);
    const name = inner ? prefix : `${prefix}${nested.name}`;
    if (nested instanceof protobuf.Type) {
      found.messages.set(
        name,
        new Map(nested.fieldsArray.map((field) => [field.id, { name: field.name, type: typeOf(field) }])),
      );
      found.reserved.set(name, nested.reserved ?? []);
      collect(nested, `${name}.`, found, depth + 1);
    } else if (nested instanceof protobuf.Enum) found.enums.set(name, new Map(Object.entries(nested.values)));
    else if (nested instanceof protobuf.Service)
      for (const method of nested.methodsArray)
        found.calls.set(
          `${name}.${method.name}`,
          `(${method.requestStream ? 'stream ' : ''}${method.requestType}) → ${method.responseStream ? 'stream ' : ''}${method.responseType}`,
        );
    else if (nested instanceof protobuf.Namespace) collect(nested, prefix, found, depth + 1);
  }
}

function typeOf(field: protobuf.Field): string {
  const map = field instanceof protobuf.MapField ? `map<${field.keyType}, ${field.type}>` : field.type;
  return field.repeated ? `repeated ${map}` : map;
}
