import type { FeatureOutcome } from './memory.ts';

/** Where something stands: nearly always at one place, so that a list for each would cost more than all the rest. */
type Standing = number | readonly number[];

/** Where features that shipped before stand among the patterns', by what they are known by. */
interface Places {
  byId: ReadonlyMap<string, Standing>;
  byCommit: ReadonlyMap<string, Standing>;
}

/** Made once for each list, since every waiting feature asks. */
const known = new WeakMap<readonly FeatureOutcome[], Places>();

function placesOf(features: readonly FeatureOutcome[]): Places {
  const made = known.get(features);
  if (made) return made;
  const byId = new Map<string, Standing>();
  const byCommit = new Map<string, Standing>();
  const put = (map: Map<string, Standing>, key: string, place: number) => {
    const there = map.get(key);
    map.set(key, there === undefined ? place : [...listed(there), place]);
  };
  for (const [place, { id, commits }] of features.entries()) {
    put(byId, id, place);
    for (const sha of commits) put(byCommit, sha, place);
  }
  const places = { byId, byCommit };
  known.set(features, places);
  return places;
}

function listed(standing: Standing | undefined): readonly number[] {
  return standing === undefined ? [] : typeof standing === 'number' ? [standing] : standing;
}

/** The features that have a commit in common with this one, and those of its id; each once, in their order. */
export function knownAs(
  features: readonly FeatureOutcome[],
  { id, commits }: { id: string; commits: readonly string[] },
): FeatureOutcome[] {
  const { byId, byCommit } = placesOf(features);
  const found = new Set([...listed(byId.get(id)), ...commits.flatMap((sha) => listed(byCommit.get(sha)))]);
  return [...found].sort((a, b) => a - b).flatMap((place) => features[place] ?? []);
}
