import { isDeepStrictEqual } from 'node:util';
import { configName, preferencesSchema, type HistoryRow, type Preferences } from '../domain/memory.ts';
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

/**
 * The statistics of all rows. They are counted anew each time, so an archive that was interrupted and is done again
 * counts a deployment once. Rollbacks that a person started afterwards are no deployments of their own.
 */
export function statisticsOf(rows: readonly HistoryRow[]): Preferences['statistics'] {
  const deployments = rows.filter((row) => row.kind === 'deploy');
  const count = (outcome: HistoryRow['outcome']) =>
    deployments.filter((row) => row.outcome === outcome).length;
  return {
    deployments: deployments.length,
    succeeded: count('succeeded'),
    rolled_back: count('rolled_back'),
    failed: count('failed'),
    blocked: count('blocked'),
    halted: count('halted'),
  };
}

/** The document with these statistics, what else a person counts there kept; the same object where nothing changes. */
export function withStatistics(document: Preferences, counted: Preferences['statistics']): Preferences {
  const statistics = { ...document.statistics, ...counted };
  return isDeepStrictEqual(statistics, document.statistics) ? document : { ...document, statistics };
}
