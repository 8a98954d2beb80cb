import { lookupIn } from '../domain/dependencies.ts';
import { exitCode, OrchestraError } from '../domain/errors.ts';
import type { Discovery } from '../domain/feature.ts';
import { editDistance } from '../domain/nearest.ts';
import { safeText } from '../domain/safe-text.ts';

/**
 * The ids a strategy of selection, or a person's list, means in this discovery; before closure. `recommended` is must and
 * recommended together. Throws `unknown-feature` (exit 2), naming the nearest known id.
 */
export function pickWanted(
  discovery: Pick<Discovery, 'features'>,
  wanted: 'recommended' | 'critical' | 'all' | readonly string[],
): string[] {
  const waiting = discovery.features.filter((feature) => !feature.onBase);
  if (wanted === 'all') return waiting.map(({ id }) => id);
  if (wanted === 'critical') return waiting.filter(({ bucket }) => bucket === 'must').map(({ id }) => id);
  if (wanted === 'recommended')
    return waiting.filter(({ bucket }) => bucket === 'must' || bucket === 'recommended').map(({ id }) => id);
  const { byId: known } = lookupIn(discovery.features);
  for (const id of wanted) {
    if (known.has(id)) continue;
    const near = nearest(id, [...known.keys()]);
    throw new OrchestraError('unknown-feature', `No waiting feature is called "${safeText(id, 100)}"`, {
      hint:
        near === undefined
          ? 'List the features with: orchestrate discover'
          : `Did you mean "${near}"? List them with: orchestrate discover`,
      exit: exitCode.usage,
      details: { id: safeText(id, 100), ...(near !== undefined && { nearest: near }) },
    });
  }
  return [...new Set(wanted)];
}

/** The known id with the fewest edits to `text`, when it is near enough to be what was meant. */
function nearest(text: string, known: readonly string[]): string | undefined {
  const short = text.slice(0, 100).toLowerCase();
  const prefixed = short.length > 2 ? known.filter((id) => id.startsWith(short) || short.startsWith(id)) : [];
  const best = (prefixed.length > 0 ? prefixed : known)
    .map((id) => ({ id, edits: editDistance(short, id) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return best && (prefixed.length > 0 || best.edits <= Math.max(2, short.length / 2)) ? best.id : undefined;
}
