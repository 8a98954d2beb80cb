import { isDeepStrictEqual } from 'node:util';
import { disk } from '../../providers/runtime/disk.ts';
import {
  environmentsName,
  environmentsSchema,
  runsSince,
  type EnvironmentsDocument,
} from '../domain/environments-document.ts';
import type { HistoryStore } from './history-store.ts';
import type { Brought } from './history/totals.ts';
import { compareIds } from './layout.ts';
import { openJsonDocument, type DocumentContext } from './json-document.ts';

export interface EnvironmentsStore {
  read(): Promise<EnvironmentsDocument>;
  /** Writes it, where it was only derived so far. */
  keep(): Promise<void>;
  /** Takes in what finished deployments brought. */
  take(brought: readonly Brought[]): Promise<void>;
}

/** What runs where, kept beside the history; missing or damaged, it is made again from there. */
export function openEnvironments(
  file: string,
  context: DocumentContext,
  history: Pick<HistoryStore, 'rows' | 'record'>,
): EnvironmentsStore {
  const document = openJsonDocument<EnvironmentsDocument>(
    { file, schema: environmentsSchema, name: environmentsName, empty: nothing, checked: true, rebuild },
    context,
  );

  async function rebuild(): Promise<EnvironmentsDocument> {
    const found: [string, EnvironmentsDocument['environments'][string]][] = [];
    for (const { id, environment, outcome } of await history.rows()) {
      if (outcome !== 'succeeded' || found.some(([name]) => name === environment)) continue;
      const record = await history.record(id);
      const runs = record && runsSince(record);
      if (runs) found.push([environment, runs]);
    }
    return { schema: environmentsName, environments: Object.fromEntries(found) };
  }

  return {
    read: () => document.read(),
    async keep() {
      await document.update((known) => ({ ...known }));
    },
    async take(brought) {
      if (brought.length === 0) return;
      const isKept = await disk.exists(file);
      await document.update((before) => {
        const environments = withBrought(before.environments, brought);
        const same = isKept && isDeepStrictEqual(environments, before.environments);
        return same ? before : { ...before, environments };
      });
    },
  };
}

/** What runs where, with what was brought since. */
export function withBrought(
  before: EnvironmentsDocument['environments'],
  brought: readonly Brought[],
): EnvironmentsDocument['environments'] {
  const environments = { ...before };
  for (const { environment, runs } of brought) {
    const known = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
    // A record that is put away late says nothing about what came after it.
    if (!known || compareIds(known.deployment, runs.deployment) <= 0) environments[environment] = runs;
  }
  return environments;
}

function nothing(): EnvironmentsDocument {
  return { schema: environmentsName, environments: {} };
}
