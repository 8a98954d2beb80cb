import { isDeepStrictEqual } from 'node:util';
import { preferencesSchema, type Preferences } from '../domain/memory.ts';
import { openJsonDocument, type DocumentContext, type JsonDocument } from './json-document.ts';

/** What a person added to the file beside the known keys is theirs, and stays when the file is written. */
const userPreferences = preferencesSchema.shape.user_preferences.unwrap().loose().prefault({});
export const configSchema = preferencesSchema.extend({ user_preferences: userPreferences }).loose();

/** The preferences of a repository that has none yet. */
export function emptyPreferences(): Preferences {
  return preferencesSchema.parse({ schema: 'orchestra/config@1' });
}

/** The preferences and statistics in `config.json`. */
export function openConfig(file: string, context: DocumentContext): JsonDocument<Preferences> {
  return openJsonDocument<Preferences>(
    { file, schema: configSchema, name: 'orchestra/config@1', empty: emptyPreferences },
    context,
  );
}

/** The document with these statistics, what else stands there kept; the same object where nothing changes. */
export function withStatistics(document: Preferences, counted: Preferences['statistics']): Preferences {
  const statistics = { ...document.statistics, ...counted };
  return isDeepStrictEqual(statistics, document.statistics) ? document : { ...document, statistics };
}
