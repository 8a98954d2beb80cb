/** Services by name, each with those it depends on. */
type Dependencies = Readonly<Record<string, { depends_on: readonly string[] }>>;

/**
 * The names with every service behind those it depends on, else in the order they were written; or the first circle,
 * from a name back to itself. Names that are no service are passed over.
 */
export function serviceOrder(services: Dependencies): { order: string[] } | { circle: string[] } {
  const order: string[] = [];
  const placed = new Set<string>();
  const open: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (placed.has(name) || !Object.hasOwn(services, name)) return undefined;
    const at = open.indexOf(name);
    if (at >= 0) return [...open.slice(at), name];
    open.push(name);
    for (const needed of services[name]?.depends_on ?? []) {
      const circle = visit(needed);
      if (circle) return circle;
    }
    open.pop();
    placed.add(name);
    order.push(name);
    return undefined;
  };
  for (const name of Object.keys(services)) {
    const circle = visit(name);
    if (circle) return { circle };
  }
  return { order };
}
