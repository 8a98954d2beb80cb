/**
 * What a place is known by outside: the environment's name, with the region's and the service's behind it where there is
 * more than one. A safe folder name; no environment is called so, because its name has no dot.
 */
const placeKey = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*){0,2}$/;

/** Whether a text can be a place's key; it becomes part of a path. */
export function isPlaceKey(text: string): boolean {
  return placeKey.test(text);
}

/** The environment that a place belongs to. */
export function environmentOf(key: string): string {
  return key.split('.', 1)[0] ?? key;
}
