import { valueAtPath } from '../../src/domain/json-path.ts';
import type { RawReading } from '../../src/domain/measure-reading.ts';

/** The number in parsed JSON and its time: at the given paths, or the JSON itself, or its `value` and `at`. */
export function readingIn(json: unknown, jsonPath?: string, timePath?: string): RawReading {
  const object = typeof json === 'object' && json !== null;
  const value = jsonPath === undefined && !object ? json : valueAtPath(json, jsonPath ?? '$.value');
  if (timePath !== undefined) {
    const at = valueAtPath(json, timePath);
    if (at === undefined || at === null) throw new Error(`it gave no time at ${timePath}`);
    return { value, at };
  }
  return { value, at: jsonPath === undefined && object ? valueAtPath(json, '$.at') : undefined };
}
