import { isMap, isScalar, type Document, type LineCounter } from 'yaml';
import { z } from 'zod';
import { nearest } from '../domain/nearest.ts';
import { safeText } from '../domain/safe-text.ts';
import { settingsSchema } from '../domain/settings.ts';

/** One thing wrong in `orchestra.yaml`. */
export interface SettingsProblem {
  /** `environments.production.strategy`; empty for the whole file. */
  path: string;
  /** Counted from 1; undefined when the key is not in the file. */
  line: number | undefined;
  message: string;
}

type Path = readonly PropertyKey[];
type JsonSchema = z.core.JSONSchema.BaseSchema;

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

/** The keys that may stand at `path`, from the same schema that refused the file. */
function knownKeys(path: Path): string[] {
  let schema: JsonSchema = z.toJSONSchema(settingsSchema, { io: 'input' });
  for (const key of path) {
    const inner = schema.properties?.[String(key)] ?? schema.additionalProperties ?? schema.items;
    if (!isSchema(inner)) return [];
    schema = inner;
  }
  return Object.keys(schema.properties ?? {});
}

function isNode(value: unknown): value is { range?: [number, number, number] | null } {
  return typeof value === 'object' && value !== null && 'range' in value;
}

/** The line of the key at `path`, or of what holds it when the key is not in the file. */
function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  const above = path.slice(0, -1);
  const key = path.at(-1);
  if (key === undefined)
    return document.contents?.range ? lines.linePos(document.contents.range[0]).line : undefined;
  const parent = above.length === 0 ? document.contents : document.getIn(above, true);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
    if (pair && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
  }
  const node = document.getIn(path, true);
  if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  return lineOf(document, lines, above);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}

/** A value as a message quotes it. What stands under `variables` may be a secret and is only named by its kind. */
function quote(value: unknown, path: Path): string {
  if (path.includes('variables'))
    return value === null ? 'nothing' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
  return safeText(JSON.stringify(value) ?? String(value), 80);
}

const meant = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : `, did you mean "${near}"?`;
};

function tidy(message: string): string {
  return message.replace(/^Invalid (?:input|string|option|key in record): ?/u, '');
}

function messageFor(issue: z.core.$ZodIssue, data: unknown): string {
  const value = valueAt(data, issue.path);
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    const expected = known.length === 1 ? `expected ${known.join('')}` : `one of ${known.join(', ')}`;
    if (value === undefined) return `missing; ${expected}`;
    const hint = typeof value === 'string' ? meant(value, known) : '';
    return `${quote(value, issue.path)} is not known; ${expected}${hint}`;
  }
  if (issue.code === 'invalid_key') {
    const inner = issue.issues[0];
    const key = safeText(String(issue.path.at(-1) ?? ''), 80);
    return `${JSON.stringify(key)} cannot be a name here; ${tidy(inner?.message ?? 'it must match the pattern')}`;
  }
  if (issue.code === 'invalid_type' && value === undefined) return `missing; expected ${issue.expected}`;
  if (issue.code === 'custom' && value === undefined) return `missing; expected ${issue.message}`;
  const expected = issue.code === 'custom' ? `expected ${issue.message}` : tidy(issue.message);
  return `${quote(value, issue.path)} is not right; ${expected}`;
}

/** A path as a person reads it: `suites[0].timeout`. */
export function printPath(path: Path): string {
  return safeText(
    path
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, ''),
    200,
  );
}

/** Every problem that zod found, each with its place in the file and the nearest known name. */
export function problemsOf(
  error: z.ZodError,
  data: unknown,
  document: Document,
  lines: LineCounter,
): SettingsProblem[] {
  return error.issues.flatMap((issue): SettingsProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(issue.path);
      return issue.keys.map((key) => ({
        path: printPath([...issue.path, key]),
        line: lineOf(document, lines, [...issue.path, key]),
        message: `unknown key${meant(key, known) || `; known here: ${known.join(', ')}`}`,
      }));
    }
    return [
      {
        path: printPath(issue.path),
        line: lineOf(document, lines, issue.path),
        message: messageFor(issue, data),
      },
    ];
  });
}
