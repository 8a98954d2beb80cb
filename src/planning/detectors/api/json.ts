/** A parsed object; only its own keys count, so `__proto__` and `constructor` are nothing special. */
export type Json = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object; undefined where there is none, or no object. */
export function member(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The entries of a member that is an object. */
export function entries(value: unknown, key: string): [string, unknown][] {
  const found = member(value, key);
  return isRecord(found) ? Object.entries(found) : [];
}

/** Follows `$ref` inside the document it was made for. */
export type Resolve = (value: unknown) => unknown;

/** Follows references to places in `document`, a few in a row; one to another file, or to nothing, stays as it is. */
export function resolver(document: Json): Resolve {
  return (value) => {
    let current = value;
    for (let step = 0; step < 10; step += 1) {
      const ref = member(current, '$ref');
      if (typeof ref !== 'string' || !ref.startsWith('#/')) return current;
      let target: unknown = document;
      for (const key of ref.slice(2, 1000).split('/'))
        target = member(target, key.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (target === undefined) return current;
      current = target;
    }
    return current;
  };
}
