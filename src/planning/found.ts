import type { Discovery, Feature } from '../domain/feature.ts';
import type { Cache } from '../ports/cache.ts';
import type { Checkout } from '../ports/git.ts';
import { analysisVersion } from './analysis-version.ts';
import type { DiscoverRequest } from './discover.ts';
import type { Range } from './range.ts';

/** What follows from the two revisions, the settings and the memory alone, and is kept between runs. */
export interface Found {
  features: Feature[];
  rest: Pick<Discovery, 'deployment' | 'notes'>;
  /** Nothing was missing: it can be kept. */
  complete: boolean;
}

/** What was kept; the features still as the JSON they are printed as, for they can be many. */
export interface KeptFound extends Pick<Found, 'rest'> {
  features: Buffer;
}

const kind = `found-${analysisVersion}`;

/** More features than this are found anew each time rather than written as one text. */
const mostKept = 20_000;

const NEWLINE = 10;

/** All that a discovery's outcome depends on, as a key. */
export function foundKey({ base, head }: Range, { shallow }: Checkout, request: DiscoverRequest): string {
  const { settings, patterns, preferences, past, at } = request;
  return JSON.stringify([
    [base.sha, head.sha, shallow],
    settings?.selection,
    patterns,
    preferences.user_preferences,
    at && [at.getUTCDay(), at.getUTCHours()],
    past && [past.view.sha, past.model],
  ]);
}

/** What an earlier run found under this key. */
export async function recallFound(cache: Cache | undefined, key: string): Promise<KeptFound | undefined> {
  const text = await cache?.recall(kind, key);
  const end = text?.indexOf(NEWLINE) ?? -1;
  if (!text || end < 0) return undefined;
  return {
    features: text.subarray(0, end),
    rest: JSON.parse(text.toString('utf8', end + 1)) as Found['rest'],
  };
}

/** Keeps what was found, unless something was missing: it may be there tomorrow. */
export async function rememberFound(cache: Cache | undefined, key: string, found: Found): Promise<void> {
  if (!found.complete || found.features.length > mostKept) return;
  await cache?.remember(kind, key, `${JSON.stringify(found.features)}\n${JSON.stringify(found.rest)}`);
}
