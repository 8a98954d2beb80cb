import type { FeatureOutcome } from './memory.ts';

/** Where features that shipped before stand among the patterns', by what they are known by. */
interface Places {
  byId: ReadonlyMap<string, readonly number[]>;
  byCommit: ReadonlyMap<string, readonly number[]>;
}

/** Made once for each list, since every waiting feature asks. */
const known = new WeakMap<readonly FeatureOutcome[], Places>();

function placesOf(features: readonly FeatureOutcome[]): Places {
  const made = known.get(features);
  if (made) return made;
  const byId = new Map<string, number[]>();
  const byCommit = new Map<string, number[]>();
  const put = (map: Map<string, number[]>, key: string, place: number) => {
    const there = map.get(key);
    if (there) there.push(place);
    else map.set(key, [place]);
  };
  for (const [place, { id, commits }] of features.entries()) {
    put(byId, id, place);
    for (const sha of commits) put(byCommit, sha, place);
  }
  const places = { byId, byCommit };
  known.set(features, places);
  return places;
}

/** The features that have a commit in common with this one, and those of its id; each once, in their order. */
export function knownAs(
  features: readonly FeatureOutcome[],
  { id, commits }: { id: string; commits: readonly string[] },
): FeatureOutcome[] {
  const { byId, byCommit } = placesOf(features);
  const found = new Set([...(byId.get(id) ?? []), ...commits.flatMap((sha) => byCommit.get(sha) ?? [])]);
  return [...found].sort((a, b) => a - b).flatMap((place) => features[place] ?? []);
}
