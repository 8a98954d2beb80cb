import { explainReason } from '../domain/dependencies.ts';
import type { Feature, Selection } from '../domain/feature.ts';

/**
 * What really ships when `wanted` is chosen: it and all it cannot ship without. `added` names what was pulled in, each
 * with who needs it and why. Features the base already holds add nothing and need nothing; unknown ids are left out.
 */
export function closeSelection(features: readonly Feature[], wanted: readonly string[]): Selection {
  const byId = new Map(features.map((feature) => [feature.id, feature]));
  const chosen = new Set(wanted.filter((id) => byId.has(id)));
  const closed = new Set<string>();
  const because = new Map<string, string[]>();
  const open = [...chosen];
  // Grows as it is read; to shift a long queue would take time in its length.
  for (let i = 0; i < open.length; i++) {
    const id = open[i] ?? '';
    const feature = byId.get(id);
    if (!feature || feature.onBase || closed.has(id)) continue;
    closed.add(id);
    for (const need of feature.dependsOn) {
      const other = byId.get(need.id);
      if (!other || other.onBase) continue;
      if (!chosen.has(need.id)) {
        const reasons = because.get(need.id) ?? [];
        const why = need.because[0];
        if (reasons.length < 5) reasons.push(`${id} needs ${need.id}${why ? `: ${explainReason(why)}` : ''}`);
        because.set(need.id, reasons);
      }
      if (!closed.has(need.id)) open.push(need.id);
    }
  }
  const selected = features.filter(({ id }) => closed.has(id)).map(({ id }) => id);
  return {
    schema: 'orchestra/selection@1',
    selected,
    added: selected.filter((id) => !chosen.has(id)).map((id) => ({ id, because: because.get(id) ?? [] })),
  };
}
