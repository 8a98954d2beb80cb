import { endOf, explain, featuresOf, type Finished, type WaitingFeature } from './answers.ts';
import { readLoad } from './load/load-process.ts';
import { narrate } from './narrate.ts';
import type { Places } from './places.ts';
import type { Product } from './product.ts';
import { newDoubts, rankOf } from './ranking.ts';

/** Pull requests that ship first: a security fix, an urgent one, and features that are what they say. */
export const goodPulls = [12, 14, 15, 16, 18, 19, 23, 33];

/** The one that passes its tests and starts to fail once enough people look at products. */
export const misbehavingPull = 24;

export interface Told {
  deployments: { id: string; outcome: string; version: string | null; reason: string }[];
  /** For people, line by line. */
  summary: string[];
  ok: boolean;
}

/** The waiting feature of a pull request; throws when there is none. */
export function withPull(features: readonly WaitingFeature[], pull: number): WaitingFeature {
  const found = features.find((feature) => feature.pullRequest === pull);
  if (!found) throw new Error(`discover does not list pull request #${pull} of the sample`);
  return found;
}

const percent = (probability: number) => `${Math.round(probability * 100)} %`;

function place(features: readonly WaitingFeature[], feature: WaitingFeature): string {
  const { rank, of } = rankOf(features, feature.id);
  return `${rank} of ${of} (${feature.bucket.replace('_', ' ')}, success ${percent(feature.risk.probability)}, n=${feature.risk.n})`;
}

/**
 * Plays the whole story with the product's own command line on a shop that serves under load: a good deployment, one
 * that has to be taken back, and what the next recommendation makes of it. Throws where the product gives no outcome.
 */
export async function tellStory(
  product: Product,
  places: Places,
  say: (line: string) => void,
): Promise<Told> {
  const discover = async () => featuresOf(await product.run(['discover']));
  const deploy = async (ids: string[], expectedExit: number): Promise<Finished & { asExpected: boolean }> => {
    const args = ['deploy', 'production', '--select', ids.join(','), '--strategy', 'canary'];
    const ran = await product.run([...args, '--yes', '--no-input'], (event) => {
      const text = narrate(event);
      if (text) say(`  ${text}`);
    });
    const asExpected = ran.exitCode === expectedExit;
    if (!asExpected) say(`  exit code ${ran.exitCode} instead of ${expectedExit}: ${explain(ran)}`);
    return { ...endOf(ran), asExpected };
  };

  const first = await discover();
  const good = goodPulls.map((pull) => withPull(first, pull));
  say(`${first.length} features wait. Shipping ${good.length} good ones …`);
  const shipped = await deploy(
    good.map(({ id }) => id),
    0,
  );

  const before = await discover();
  const suspect = withPull(before, misbehavingPull);
  say(`Shipping "${suspect.title}", which passes its tests and misbehaves under traffic …`);
  const returned = await deploy([suspect.id], 3);

  const after = await discover();
  const now = withPull(after, misbehavingPull);
  const fell =
    rankOf(after, now.id).rank > rankOf(before, suspect.id).rank ||
    now.risk.probability < suspect.risk.probability;
  const load = readLoad(places.folder);
  const doubts = newDoubts(suspect, now);
  const deployments = [shipped, returned].map(({ deployment, outcome, version, reason }) => {
    return { id: deployment, outcome, version: version?.name ?? null, reason };
  });
  return {
    deployments,
    ok:
      shipped.outcome === 'succeeded' &&
      returned.outcome === 'rolled_back' &&
      shipped.asExpected &&
      returned.asExpected,
    summary: [
      `1. ${good.length} features shipped: ${shipped.outcome} (${shipped.reason})`,
      ...good.map(({ title }) => `     ${title}`),
      `2. "${suspect.title}": ${returned.outcome.replace('_', ' ')} (${returned.reason})`,
      `   What serves now: ${returned.version?.name ?? 'nothing'}`,
      `3. What was learned: "${now.title}" ${fell ? 'fell' : 'did NOT fall'} in the recommendation`,
      `     before: ${place(before, suspect)}`,
      `     after:  ${place(after, now)}`,
      `     why:    ${[...doubts, now.reason].slice(0, 3).join('; ')}`,
      ...(load ? [`Users sent ${load.sent} requests in the meantime; ${load.failed} failed.`] : []),
    ],
  };
}
