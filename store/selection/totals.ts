import type { Discovery, Feature, Risk, Selection } from '../../src/domain/feature.ts';
import { remember } from '../remember.ts';
import { lookupOf } from './closed.ts';

export interface Totals {
  features: number;
  commits: number;
  /** Different files, each counted once. */
  files: number;
  additions: number;
  deletions: number;
  /** The riskiest feature selected: a deployment is no safer than that. Undefined when nothing is selected. */
  lowest: Feature | undefined;
}

/** How many features the base does not hold: a filter narrows what is listed, not what waits. */
export const waitingIn = remember((discovery: Discovery): number =>
  discovery.features.reduce((n, f) => n + (f.onBase === true ? 0 : 1), 0),
);

/** The files of a discovery by number, so that counting different ones takes no texts. */
interface Numbered {
  files: number;
  of: ReadonlyMap<Feature, Uint32Array>;
}

const numbered = new WeakMap<Discovery, Numbered>();

function numbersOf(discovery: Discovery): Numbered {
  const known = numbered.get(discovery);
  if (known) return known;
  const numbers = new Map<string, number>();
  const of = new Map<Feature, Uint32Array>();
  for (const feature of discovery.features)
    of.set(
      feature,
      Uint32Array.from(feature.files, ({ path }) => {
        const number = numbers.get(path) ?? numbers.size;
        numbers.set(path, number);
        return number;
      }),
    );
  const found = { files: numbers.size, of };
  numbered.set(discovery, found);
  return found;
}

const sums = new WeakMap<Selection, { discovery: Discovery; totals: Totals }>();
const nothing: Totals = {
  features: 0,
  commits: 0,
  files: 0,
  additions: 0,
  deletions: 0,
  lowest: undefined,
};

/** The sums over everything that would ship; made once for a selection. */
export function totalsOf(discovery: Discovery, closed: Selection | undefined): Totals {
  if (!closed) return nothing;
  const known = sums.get(closed);
  if (known?.discovery === discovery) return known.totals;
  const { selected } = lookupOf(closed);
  const { files, of } = numbersOf(discovery);
  const seen = new Uint8Array(files);
  const totals = { ...nothing };
  for (const feature of discovery.features) {
    if (!selected.has(feature.id)) continue;
    totals.features += 1;
    totals.commits += feature.commits.length;
    totals.additions += feature.additions;
    totals.deletions += feature.deletions;
    for (const number of of.get(feature) ?? []) {
      if (seen[number] === 1) continue;
      seen[number] = 1;
      totals.files += 1;
    }
    if (!totals.lowest || feature.risk.probability < totals.lowest.risk.probability) totals.lowest = feature;
  }
  sums.set(closed, { discovery, totals });
  return totals;
}

/** What the last change of the choice did to everything that would ship. */
export interface Change {
  /** Before and after; undefined where nothing shipped, or where it is not known. */
  risk: readonly [Risk | undefined, Risk | undefined];
  was: Totals;
  is: Totals;
}

/** The difference between two selections; undefined where there is none to speak of. */
export function changeOf(
  discovery: Discovery,
  before: Selection | undefined,
  after: Selection | undefined,
): Change | undefined {
  if (!before || !after) return undefined;
  const [was, is] = [totalsOf(discovery, before), totalsOf(discovery, after)];
  const risk = [riskOf(before), riskOf(after)] as const;
  const same =
    was.features === is.features && was.additions === is.additions && was.deletions === is.deletions;
  return same && risk[0]?.probability === risk[1]?.probability ? undefined : { risk, was, is };
}

/** Of what ships; a selection of nothing has no risk to speak of. */
function riskOf({ selected, risk }: Selection): Risk | undefined {
  return selected.length > 0 ? risk : undefined;
}
