import { z } from 'zod';
import { isJsonObject } from '../domain/json-object.ts';
import { safeText } from '../domain/safe-text.ts';
import { broughtUp } from './schema-versions.ts';
import { printPath } from './settings-problems.ts';

/** A value that was taken out, as a person reads it. */
export interface Removed {
  path: string;
  value: string;
}

/** Rounds of taking out what is wrong; each takes out something, so a document of this many wrong values is none. */
const mostRounds = 100;

/**
 * What of a document's JSON is right by its schema, the wrong values taken out one by one so that their defaults stand for
 * them; undefined where nothing of it can be kept. `data` is not changed.
 */
export function salvage<T>(
  data: unknown,
  schema: z.ZodType<T>,
  name: string,
): { data: T; removed: Removed[] } | undefined {
  if (!isJsonObject(data)) return undefined;
  const rest: unknown = structuredClone(data);
  const removed: Removed[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const issues = issuesOf(rest, schema, name);
    if ('parsed' in issues) return { data: issues.parsed, removed };
    let found = false;
    for (const path of issues.paths) {
      const taken = takeOut(rest, path, name);
      if (taken === undefined) continue;
      found = true;
      removed.push({ path: printPath(path), value: printValue(taken.value) });
    }
    if (!found) return undefined;
  }
  return undefined;
}

function printValue(value: unknown): string {
  return safeText(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? ''), 60);
}

function issuesOf<T>(
  data: unknown,
  schema: z.ZodType<T>,
  name: string,
): { parsed: T } | { paths: readonly PropertyKey[][] } {
  try {
    const parsed = schema.safeParse(broughtUp(data, name).data);
    return parsed.success ? { parsed: parsed.data } : { paths: parsed.error.issues.map(({ path }) => path) };
  } catch (error) {
    // An older version's own schema refused it.
    if (error instanceof z.ZodError) return { paths: error.issues.map(({ path }) => path) };
    throw error;
  }
}

/** Removes what stands at a path; its schema's name is put right instead. Undefined where nothing stands there. */
function takeOut(data: unknown, path: readonly PropertyKey[], name: string): { value: unknown } | undefined {
  const last = path.at(-1);
  let holder: unknown = data;
  for (const key of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return undefined;
    holder = Object.getOwnPropertyDescriptor(holder, key)?.value;
  }
  if (typeof holder !== 'object' || holder === null || last === undefined) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(holder, last)?.value;
  if (last === 'schema' && path.length === 1) {
    if (value === name) return undefined;
    Reflect.set(holder, last, name);
    return { value };
  }
  if (!Object.hasOwn(holder, last)) return undefined;
  Reflect.deleteProperty(holder, last);
  return { value };
}
