import { isDeepStrictEqual } from 'node:util';
import { configName, preferencesSchema, type Preferences } from '../domain/memory.ts';
import { openJsonDocument, type DocumentContext, type JsonDocument } from './json-document.ts';

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

/** The preferences and statistics in `config.json`. */
export function openConfig(file: string, context: DocumentContext): JsonDocument<Preferences> {
  return openJsonDocument<Preferences>(
    { file, schema: configSchema, name: configName, empty: emptyPreferences },
    context,
  );
}

/** The document with these statistics, what else stands there kept; the same object where nothing changes. */
export function withStatistics(document: Preferences, counted: Preferences['statistics']): Preferences {
  const statistics = { ...document.statistics, ...counted };
  return isDeepStrictEqual(statistics, document.statistics) ? document : { ...document, statistics };
}
