import type { Git } from '../ports/git.ts';
import { flagsOfOffers, type Offered } from './detectors/api.ts';
import { mergeFlags } from './detectors/registry.ts';
import { readEntries } from './package-entries.ts';
import type { Unit, UnitChange } from './unit.ts';

/**
 * Adds to each change's flags what its modules offer to others, for those modules that a package at the head really
 * offers; what a commit shows is kept by its sha, whether anyone may import it is asked anew.
 */
export async function withOffers(
  git: Git,
  head: string,
  units: readonly Unit[],
  changes: readonly UnitChange[],
  signal?: AbortSignal,
): Promise<UnitChange[]> {
  const paths = new Set<string>();
  for (const { offers } of changes) for (const { path } of offers) paths.add(path);
  const isEntry = await readEntries(git, head, [...paths], signal);
  return changes.map((change, i) =>
    offerTo(
      change,
      units[i],
      change.offers.filter(({ path }) => isEntry(path)),
    ),
  );
}

/** A message that says it breaks counts for what is offered, too. */
function offerTo(change: UnitChange, unit: Unit | undefined, offers: readonly Offered[]): UnitChange {
  if (offers.length === 0) return change;
  const said = unit?.commits.some(({ message }) => message.breaking) === true;
  const told = offers.map((offer) => ({ ...offer, breaking: offer.breaking || said }));
  return { ...change, flags: mergeFlags([change.flags, ...flagsOfOffers(told)]) };
}
