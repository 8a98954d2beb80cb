import { mostRows, type Advice, type Advised, type Kinds, type Way } from './choices.ts';
import type { Feature } from './feature.ts';
import { scopeOf, telling } from './test-requirement.ts';
import { riskFlagsOf, sizeOfLines } from './what-counts.ts';

/** Where a feature changes something: its scope, else the one top folder of all its files. */
function areaOf({ title, files }: Pick<Feature, 'title' | 'files'>): string | undefined {
  const scope = scopeOf(title);
  if (scope !== undefined) return scope;
  const tops = new Set(telling(files.map(({ path }) => path)).map(topOf));
  const [top] = tops;
  return tops.size === 1 && top !== undefined && top.length <= 60 ? top : undefined;
}

function topOf(path: string): string | undefined {
  const cut = path.indexOf('/');
  return cut <= 0 ? undefined : path.slice(0, cut);
}

/** The kinds of change that a feature is. */
export function kindsOf(
  feature: Pick<Feature, 'title' | 'type' | 'files' | 'additions' | 'deletions' | 'flags'>,
): Kinds {
  const area = areaOf(feature);
  return {
    type: feature.type,
    size: sizeOfLines(feature.additions + feature.deletions),
    flags: riskFlagsOf(feature),
    ...(area === undefined ? {} : { area }),
  };
}

const isAdvised = ({ bucket }: Pick<Feature, 'bucket'>) => bucket === 'must' || bucket === 'recommended';

/**
 * What of the waiting features was advised, and what a person took: `chosen` as they said it, before closure, `ships` with all
 * that these need. Features that the base holds, and those that only came along, stand for no choice. Pure.
 */
export function adviceIn(
  features: readonly Feature[],
  { way, chosen, ships }: { way: Way; chosen: ReadonlySet<string>; ships: ReadonlySet<string> },
): Advice {
  const decided = features.filter(({ id, onBase }) => onBase !== true && (chosen.has(id) || !ships.has(id)));
  const either = decided.filter((feature) => isAdvised(feature) || chosen.has(feature.id));
  return {
    way,
    of: either.length,
    agreed: either.filter((feature) => isAdvised(feature) && chosen.has(feature.id)).length,
    features: newestOfEach(decided).map((feature) => advised(feature, chosen.has(feature.id))),
  };
}

/** At most `mostRows` of each own bucket, in the order they wait in, oldest first. */
function newestOfEach(features: readonly Feature[]): Feature[] {
  const room = new Map<string, number>();
  return features
    .toReversed()
    .filter((feature) => {
      const bucket = ownBucket(feature);
      const taken = room.get(bucket) ?? 0;
      room.set(bucket, taken + 1);
      return taken < mostRows;
    })
    .toReversed();
}

const ownBucket = ({ bucket, shifted }: Feature) => shifted?.from ?? bucket;

function advised(feature: Feature, taken: boolean): Advised {
  const moved = feature.shifted === undefined ? undefined : feature.bucket === 'recommended' ? 'up' : 'down';
  return {
    id: feature.id,
    ...kindsOf(feature),
    bucket: ownBucket(feature),
    ...(moved === undefined ? {} : { moved }),
    taken,
  };
}
