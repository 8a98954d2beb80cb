import { isMap, isSeq, parseDocument } from 'yaml';
import type { Sides } from '../sides.ts';
import type { Statement } from '../statements.ts';
import { entries, isRecord, type Json, member, resolver, type Resolve } from './json.ts';
import { compareSchemas, type Direction } from './openapi-schemas.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'publish', 'subscribe'];

/** Characters of a YAML document that is still parsed: 400 kB take about a second. JSON is 50 times quicker. */
const largestYaml = 300_000;

/** What turns one OpenAPI, Swagger or AsyncAPI document into the other; undefined where either does not parse as one. */
export function compareOpenApi(path: string, { before, after }: Sides): Statement[] | undefined {
  const [old, now] = [documentOf(path, before), documentOf(path, after)];
  if (!old || !now) return undefined;
  const statements: Statement[] = [];
  const say = (text: string, breaks = false) => statements.push({ text, breaks });
  const [oldOperations, operations] = [operationsOf(old), operationsOf(now)];
  for (const name of oldOperations.keys()) if (!operations.has(name)) say(`removes ${name}`, true);
  for (const [name, operation] of operations) {
    const was = oldOperations.get(name);
    if (was) compareOperations(name, was, operation, say);
    else say(`adds ${name}`);
  }
  return statements;
}

/** A parsed document, or an empty one for a side that does not exist. */
function documentOf(path: string, text: string): Json | undefined {
  if (text === '') return {};
  try {
    const parsed = /\.json$/iu.test(path) ? (JSON.parse(text) as unknown) : yaml(text);
    const known = ['openapi', 'swagger', 'asyncapi', 'paths', 'channels'];
    return isRecord(parsed) && known.some((name) => Object.hasOwn(parsed, name)) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function yaml(text: string): unknown {
  if (text.length > largestYaml) return undefined;
  const document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
  return document.errors.length > 0 || !(isMap(document.contents) || isSeq(document.contents))
    ? undefined
    : document.toJS({ maxAliasCount: 100 });
}

interface Operation {
  parameters: ReadonlyMap<string, { title: string; required: boolean; schema: unknown }>;
  body: unknown;
  bodyRequired: boolean;
  responses: ReadonlyMap<string, unknown>;
  deprecated: boolean;
  resolve: Resolve;
}

function operationsOf(document: Json): Map<string, Operation> {
  const operations = new Map<string, Operation>();
  const resolve = resolver(document);
  for (const group of ['paths', 'channels', 'webhooks'])
    for (const [path, value] of entries(document, group).slice(0, 5000)) {
      const item = resolve(value);
      if (!isRecord(item)) continue;
      if (group === 'channels' && !methods.some((method) => Object.hasOwn(item, method)))
        operations.set(`channel ${path}`, operationOf(item, {}, resolve));
      for (const method of methods) {
        const operation = item[method];
        if (isRecord(operation))
          operations.set(`${method.toUpperCase()} ${path}`, operationOf(item, operation, resolve));
      }
    }
  return operations;
}

function operationOf(item: Json, operation: Json, resolve: Resolve): Operation {
  const parameters = new Map<string, { title: string; required: boolean; schema: unknown }>();
  let body: unknown = bodySchema(resolve(operation['requestBody']), resolve);
  let bodyRequired = member(resolve(operation['requestBody']), 'required') === true;
  for (const value of [...list(item['parameters']), ...list(operation['parameters'])]) {
    const parameter = resolve(value);
    if (!isRecord(parameter) || typeof parameter['name'] !== 'string') continue;
    const place = String(parameter['in']);
    const required = parameter['required'] === true;
    // Swagger 2 has the body among the parameters.
    if (place === 'body') {
      body = parameter['schema'];
      bodyRequired = required;
    } else
      parameters.set(`${place} ${parameter['name']}`, {
        title: `${place} parameter ${parameter['name']}`,
        required,
        schema: parameter['schema'] ?? parameter,
      });
  }
  const responses = new Map(
    entries(operation, 'responses').map(([status, value]) => {
      const response = resolve(value);
      return [status, bodySchema(response, resolve) ?? member(response, 'schema')] as const;
    }),
  );
  return { parameters, body, bodyRequired, responses, deprecated: operation['deprecated'] === true, resolve };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 500) : [];
}

/** The schema of the first kind of content, JSON before others. */
function bodySchema(value: unknown, resolve: Resolve): unknown {
  const content = member(value, 'content');
  if (!isRecord(content)) return undefined;
  const media = resolve(content['application/json'] ?? Object.values(content)[0]);
  return member(media, 'schema');
}

function compareOperations(
  name: string,
  old: Operation,
  now: Operation,
  say: (text: string, breaks?: boolean) => void,
): void {
  for (const [key, { title }] of old.parameters)
    if (!now.parameters.has(key)) say(`removes ${title} of ${name}`, true);
  for (const [key, { title, required, schema }] of now.parameters) {
    const was = old.parameters.get(key);
    if (!was) say(`adds ${required ? 'required ' : ''}${title} to ${name}`, required);
    else {
      if (required && !was.required) say(`makes ${title} of ${name} required`, true);
      if (!required && was.required) say(`makes ${title} of ${name} optional`);
      compareSchemas({
        old: was.schema,
        now: schema,
        at: `${title} of ${name}`,
        direction: 'sent',
        resolveOld: old.resolve,
        resolveNow: now.resolve,
        say,
      });
    }
  }
  const both = (direction: Direction, at: string, from: unknown, to: unknown) =>
    compareSchemas({
      old: from,
      now: to,
      at,
      direction,
      resolveOld: old.resolve,
      resolveNow: now.resolve,
      say,
    });
  if (old.body === undefined && now.body !== undefined)
    say(`adds ${now.bodyRequired ? 'a required' : 'a'} body to ${name}`, now.bodyRequired);
  else if (old.body !== undefined && now.body === undefined) say(`removes the body of ${name}`, true);
  else {
    if (now.bodyRequired && !old.bodyRequired && old.body !== undefined)
      say(`makes the body of ${name} required`, true);
    both('sent', `the body of ${name}`, old.body, now.body);
  }
  for (const [status, schema] of old.responses) {
    if (!now.responses.has(status)) say(`removes response ${status} of ${name}`, /^[2d]/u.test(status));
    else both('received', `response ${status} of ${name}`, schema, now.responses.get(status));
  }
  for (const status of now.responses.keys())
    if (!old.responses.has(status)) say(`adds response ${status} to ${name}`);
  if (now.deprecated && !old.deprecated) say(`deprecates ${name}`);
}
