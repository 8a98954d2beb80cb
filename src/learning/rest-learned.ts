import { counted } from '../domain/counted.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { FeatureOutcome } from '../domain/memory.ts';
import { safeText } from '../domain/safe-text.ts';

type Entry = FeatureOutcome['deployments'][number];

/**
 * The chance that a candidate goes well although what made the one before fail is in it: a judgement, one in ten, since not
 * every defect shows under every rollout. It is what keeps a passenger from being cleared wholly.
 */
const slips = 0.1;

/** Later findings about one failure that are kept; the oldest fall out. */
const mostFindings = 5;

const isSame = (known: FeatureOutcome, { id, commits }: { id: string; commits: readonly string[] }) =>
  known.id === id || known.commits.some((sha) => commits.includes(sha));

/**
 * The outcomes after the rest of a failed deployment went well: that failure's blame moves from what shipped now to what
 * was left out, by Bayes' rule with `slips`, and all of it together stays what it was. Each finding is kept with what stood
 * there before; a deployment is found once. Anything but a success of a rest changes nothing.
 */
export function afterRest(known: readonly FeatureOutcome[], rest: Deployment): readonly FeatureOutcome[] {
  const failure = rest.restOf?.deployment;
  if (failure === undefined) return known;
  const { features } = rest.source;
  const entryOf = (one: FeatureOutcome) =>
    one.deployments.find((e) => e.deployment === failure && e.outcome !== 'succeeded');
  const there = known.flatMap((one) => {
    const entry = entryOf(one);
    return entry ? [{ one, entry, shipped: features.some((feature) => isSame(one, feature)) }] : [];
  });
  if (there.some(({ entry }) => entry.since?.some(({ deployment }) => deployment === rest.id))) return known;
  const sum = there.reduce((total, { entry }) => total + entry.blame, 0);
  const weight = ({ entry, shipped }: (typeof there)[number]) => entry.blame * (shipped ? slips : 1);
  const scale = sum / there.reduce((total, each) => total + weight(each), 0);
  // Where nothing was left out that could be to blame, the success says nothing of who is.
  if (!Number.isFinite(scale) || there.every(({ shipped }) => shipped)) return known;
  const changed = new Map(
    there.map((each) => [each.one, restated(each, Math.min(1, weight(each) * scale), rest)]),
  );
  return known.map((one) => {
    const entry = changed.get(one);
    return entry
      ? { ...one, deployments: one.deployments.map((e) => (e.deployment === failure ? entry : e)) }
      : one;
  });
}

function restated(
  { entry, shipped }: { entry: Entry; shipped: boolean },
  blame: number,
  rest: Deployment,
): Entry {
  const n = rest.source.features.length;
  const why = shipped
    ? `it shipped well in ${rest.id}, without what was left out`
    : `${n === 1 ? 'the other one' : `the other ${n}`} shipped well without it in ${rest.id}`;
  const finding = {
    deployment: rest.id,
    before: entry.blame,
    ...(entry.evidence === undefined ? {} : { evidence: entry.evidence }),
    why,
  };
  return {
    ...entry,
    blame,
    ...(shipped ? {} : { evidence: entry.evidence === undefined ? why : `${entry.evidence}; ${why}` }),
    since: [...(entry.since ?? []), finding].slice(-mostFindings),
  };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What the success of a rest says of the failure before it, in sentences; none where it found nothing. */
export function restSentences(known: readonly FeatureOutcome[], rest: Deployment): string[] {
  const failure = rest.restOf?.deployment;
  if (failure === undefined) return [];
  const found = known.flatMap(({ id, title, deployments }) =>
    deployments.flatMap((entry) => {
      const finding = entry.deployment === failure && entry.since?.find((one) => one.deployment === rest.id);
      return finding ? [{ id, title, now: entry.blame, before: finding.before }] : [];
    }),
  );
  const left = new Set(rest.restOf?.without.map(({ id }) => id));
  const out = found.filter(({ id }) => left.has(id)).toSorted((a, b) => b.now - a.now);
  const cleared = found.filter(({ id, now, before }) => !left.has(id) && now < before);
  if (out.length === 0) return [];
  const shares = out
    .slice(0, 3)
    .map(
      ({ title, now, before }) =>
        `"${safeText(title, 100)}" ${now === before ? `still bears ${percent(now)}` : `bears ${percent(now)} now (${percent(before)} before)`}`,
    );
  const of = cleared.reduce((total, { before }) => total + before, 0);
  const to = cleared.reduce((total, { now }) => total + now, 0);
  return [
    `The rest of ${safeText(failure, 40)} went well without what was left out. Of that failure ${shares.join(', ')}${
      cleared.length > 0
        ? `; ${counted(cleared.length, 'feature')} that shipped now ${cleared.length === 1 ? 'bears' : 'bear'} ${percent(to)} instead of ${percent(of)}`
        : ''
    }.`,
  ];
}
