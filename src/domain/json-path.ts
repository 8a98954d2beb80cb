/** One step of a path: a property, or a place in a list. */
type Step = string | number;

const step = /^(?:\.?([A-Za-z_][\w-]*)|\[(\d{1,6})\]|\["([^"\\]{1,200})"\])/u;

/**
 * The steps of a path such as `$.data.orders[0].value` or `data["a b"]`: properties and places, nothing that searches.
 * Undefined when it is none. Pure.
 */
export function parseJsonPath(text: string): Step[] | undefined {
  let rest = text.startsWith('$') ? text.slice(1) : text;
  const steps: Step[] = [];
  while (rest !== '') {
    const match = step.exec(rest);
    if (!match) return undefined;
    const [whole, name, place, quoted] = match;
    steps.push(place === undefined ? (name ?? quoted ?? '') : Number(place));
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** What stands at `path` in parsed JSON; undefined where nothing does. Own properties only. Throws `TypeError` for a bad path. */
export function valueAtPath(json: unknown, path: string): unknown {
  const steps = parseJsonPath(path);
  if (!steps) throw new TypeError(`${path} is no path`);
  let value = json;
  for (const key of steps) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) !== (typeof key === 'number')) return undefined;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value;
}
