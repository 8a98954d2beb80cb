/** `target`, with some of its members replaced. */
export function wrapped<T extends object>(target: T, replaced: ReadonlyMap<string | symbol, unknown>): T {
  return new Proxy(target, {
    get(_, name) {
      if (replaced.has(name)) return replaced.get(name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
