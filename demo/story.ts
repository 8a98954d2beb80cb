import { culpritOf, endOf, explain, featuresOf, type Finished, type WaitingFeature } from './answers.ts';
import { readLoad } from './load/load-process.ts';
import { narrate } from './narrate.ts';
import type { Places } from './places.ts';
import type { Product, Ran } from './product.ts';
import { newDoubts, rankOf } from './ranking.ts';

/** Pull requests that ship first: a security fix, an urgent one, and features that are what they say. */
export const goodPulls = [12, 14, 15, 16, 18, 19, 23, 33];

/** The one that passes its tests and starts to fail once enough people look at products. */
export const misbehavingPull = 24;

/** Those that are aboard with it, and do no harm. */
export const passengerPulls = [26, 29];

export interface Told {
  deployments: { id: string; outcome: string; version: string | null; reason: string }[];
  /** For people, line by line. */
  summary: string[];
  ok: boolean;
}

/** A deployment as it went; `culprit` is what the product says of who was behind its failure. */
interface Played extends Finished {
  asExpected: boolean;
  culprit: string | undefined;
}

/** The waiting feature of a pull request; throws when there is none. */
export function withPull(features: readonly WaitingFeature[], pull: number): WaitingFeature {
  const found = features.find((feature) => feature.pullRequest === pull);
  if (!found) throw new Error(`discover does not list pull request #${pull} of the sample`);
  return found;
}

/** The exit code of a command that was asked what it cannot answer as asked. */
const usage = 2;

const percent = (probability: number) => `${Math.round(probability * 100)} %`;
const titled = (features: readonly WaitingFeature[]) => features.map(({ title }) => `     ${title}`);
const quoted = (features: readonly WaitingFeature[]) => features.map(({ title }) => `"${title}"`).join(', ');

function place(features: readonly WaitingFeature[], feature: WaitingFeature): string {
  const { rank, of } = rankOf(features, feature.id);
  return `${rank} of ${of} (${feature.bucket.replace('_', ' ')}, success ${percent(feature.risk.probability)}, n=${feature.risk.n})`;
}

/**
 * Plays the whole story with the product's own command line on a shop that serves under load: a good deployment; one that
 * has to be taken back, and what the next recommendation makes of it; and the rest of that one, without whom its failure
 * was traced to. Throws where the product gives no outcome.
 */
export async function tellStory(
  product: Product,
  places: Places,
  say: (line: string) => void,
): Promise<Told> {
  const discover = async () => featuresOf(await product.run(['discover']));
  const run = (what: readonly string[]) =>
    product.run(['deploy', ...what, '--yes', '--no-input'], (event) => {
      const text = narrate(event);
      if (text) say(`  ${text}`);
    });
  const played = (ran: Ran, expectedExit: number): Played => {
    const asExpected = ran.exitCode === expectedExit;
    if (!asExpected) say(`  exit code ${ran.exitCode} instead of ${expectedExit}: ${explain(ran)}`);
    return { ...endOf(ran), asExpected, culprit: culpritOf(ran) };
  };
  const shipRest = async (of: string, suspect: string): Promise<Played> => {
    const args = ['rest', of, '--strategy', 'blue-green'];
    const ran = await run(args);
    if (ran.exitCode !== usage) return played(ran, 0);
    // So few errors can have been logged that nobody is named: then a person says whom to leave out.
    say(`  ${explain(ran)}`);
    return played(await run([...args, '--without', suspect]), 0);
  };
  const select = async (features: readonly WaitingFeature[], expectedExit: number) => {
    const ids = features.map(({ id }) => id).join(',');
    return played(await run(['production', '--select', ids, '--strategy', 'canary']), expectedExit);
  };

  const first = await discover();
  const good = goodPulls.map((pull) => withPull(first, pull));
  say(`${first.length} features wait. Shipping ${good.length} good ones …`);
  const shipped = await select(good, 0);

  const before = await discover();
  const suspect = withPull(before, misbehavingPull);
  const aboard = [suspect, ...passengerPulls.map((pull) => withPull(before, pull))];
  say(`Shipping ${aboard.length} more; "${suspect.title}" passes its tests and misbehaves under traffic …`);
  const returned = await select(aboard, 3);

  const after = await discover();
  const now = withPull(after, misbehavingPull);
  const fell =
    rankOf(after, now.id).rank > rankOf(before, suspect.id).rank ||
    now.risk.probability < suspect.risk.probability;
  say('Shipping the rest of them, without whom the failure was traced to …');
  const rest = await shipRest(returned.deployment, suspect.id);
  const last = await discover();
  const waits = new Set(last.filter(({ onBase }) => onBase !== true).map(({ id }) => id));
  const [left, gone] = [aboard.filter(({ id }) => waits.has(id)), aboard.filter(({ id }) => !waits.has(id))];
  const differs = left.length === 1 && left[0]?.id === suspect.id && gone.length === aboard.length - 1;

  const load = readLoad(places.folder);
  const doubts = newDoubts(suspect, now);
  const deployments = [shipped, returned, rest].map(({ deployment, outcome, version, reason }) => {
    return { id: deployment, outcome, version: version?.name ?? null, reason };
  });
  return {
    deployments,
    ok:
      shipped.outcome === 'succeeded' &&
      returned.outcome === 'rolled_back' &&
      rest.outcome === 'succeeded' &&
      differs &&
      [shipped, returned, rest].every(({ asExpected }) => asExpected),
    summary: [
      `1. ${good.length} features shipped: ${shipped.outcome} (${shipped.reason})`,
      ...titled(good),
      `2. ${aboard.length} more: ${returned.outcome.replace('_', ' ')} (${returned.reason})`,
      ...titled(aboard),
      `   What serves now: ${returned.version?.name ?? 'nothing'}`,
      ...(returned.culprit === undefined ? [] : [`   ${returned.culprit}`]),
      `   What was learned: "${now.title}" ${fell ? 'fell' : 'did NOT fall'} in the recommendation`,
      `     before: ${place(before, suspect)}`,
      `     after:  ${place(after, now)}`,
      `     why:    ${[...doubts, now.reason].slice(0, 3).join('; ')}`,
      `3. The rest of 2: ${rest.outcome.replace('_', ' ')} (${rest.reason})`,
      ...titled(gone),
      `   How it differs: ${differs ? `without ${quoted(left)}, for what 2 taught` : `it does NOT: ${quoted(left) || 'nothing'} still waits`}`,
      ...(load ? [`Users sent ${load.sent} requests in the meantime; ${load.failed} failed.`] : []),
    ],
  };
}
