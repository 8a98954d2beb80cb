import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { disk } from '../../providers/runtime/disk.ts';
import { configName, preferencesSchema, type Preferences } from '../domain/memory.ts';
import { statisticsOf, type Countable } from '../domain/statistics.ts';
import { isJsonObject } from '../domain/json-object.ts';
import type { CorruptDocument } from './corrupt-document.ts';
import { openJsonDocument, type DocumentContext, type JsonDocument } from './json-document.ts';
import { JsonFile } from './json-file.ts';
import { readLeniently } from './lenient-json.ts';
import { salvage } from './salvage.ts';

/** What a person added to the file beside the known keys is theirs, and stays when the file is written. */
const userPreferences = preferencesSchema.shape.user_preferences.unwrap().loose().prefault({});
const statistics = preferencesSchema.shape.statistics.unwrap().loose().prefault({});
export const configSchema = preferencesSchema
  .extend({ user_preferences: userPreferences, statistics })
  .loose();

/** The preferences of a repository that has none yet. */
export function emptyPreferences(): Preferences {
  return preferencesSchema.parse({ schema: configName });
}

/**
 * The preferences and statistics in `config.json`. Beside it, `config.json.last-good` has the preferences as they were last
 * read without fault by whoever writes the file; `rows` gives the statistics anew.
 */
export function openConfig(
  file: string,
  context: DocumentContext,
  rows: () => Promise<readonly Countable[]>,
): JsonDocument<Preferences> {
  const copy = new JsonFile(`${file}.last-good`, configSchema, configName);
  const document = openJsonDocument<Preferences>(
    { file, schema: configSchema, name: configName, empty: emptyPreferences, save },
    context,
  );

  async function save(damage: CorruptDocument): Promise<{ data: Preferences; words: string }> {
    const counted = statisticsOf(await rows());
    const part = salvage(damage.data, configSchema, configName);
    if (part) return { data: withStatistics(part.data, counted), words: savedWords(part.removed) };
    const good = await copy.read().catch(() => null);
    if (!good) return madeOut(damage, counted);
    const at = new Date(Number((await disk.stat(copy.file)).mtimeNs / 1_000_000n)).toISOString();
    return {
      data: withStatistics(good, counted),
      words: `the preferences are those of ${path.basename(copy.file)}, as they were at ${at}; statistics are counted anew`,
    };
  }

  /** Keeps what a person decided, beside the file, whenever that changed; that it cannot be kept stops nothing. */
  async function keepGood(data: Preferences): Promise<void> {
    const { statistics: _, ...own } = data;
    const kept = await copy.read().catch(() => null);
    if (kept) {
      const { statistics: __, ...before } = kept;
      if (isDeepStrictEqual(own, before)) return;
    }
    await copy.write(data).catch(() => undefined);
  }

  return {
    read: () => document.read(),
    async update(change) {
      const data = await document.update(change);
      await keepGood(data);
      return data;
    },
  };
}

/** Without a good copy, what can be made out of the text; a person must look it over. */
function madeOut(damage: CorruptDocument, counted: Preferences['statistics']) {
  const found = damage.text === undefined ? undefined : readLeniently(damage.text);
  const part = salvage(found, configSchema, configName);
  if (part && isJsonObject(found) && 'user_preferences' in found) {
    const also = part.removed.length === 0 ? '' : `; ${savedWords(part.removed)}`;
    const words = `there is no good copy of it: what could be made out of its text was kept, look it over${also}`;
    return { data: withStatistics(part.data, counted), words };
  }
  const words = 'there is no good copy of it: preferences begin anew, statistics are counted anew';
  return { data: withStatistics(emptyPreferences(), counted), words };
}

function savedWords(removed: readonly { path: string; value: string }[]): string {
  const wrong = removed.map(({ path: at, value }) => `${at} (${value})`);
  return wrong.length === 0
    ? 'all of it but characters that are no text was kept'
    : `all was kept but ${wrong.join(', ')}: there the default is in force again`;
}

/** The document with these statistics, what else stands there kept; the same object where nothing changes. */
export function withStatistics(document: Preferences, counted: Preferences['statistics']): Preferences {
  const statistics = { ...document.statistics, ...counted };
  return isDeepStrictEqual(statistics, document.statistics) ? document : { ...document, statistics };
}
