import type { Deployment } from '../domain/deployment.ts';
import {
  environmentsName,
  environmentsSchema,
  runsSince,
  type EnvironmentsDocument,
} from '../domain/environments-document.ts';
import type { HistoryStore } from './history-store.ts';
import { compareIds } from './layout.ts';
import { openJsonDocument, type DocumentContext } from './json-document.ts';

export interface EnvironmentsStore {
  read(): Promise<EnvironmentsDocument>;
  /** Writes it, where it was only derived so far. */
  keep(): Promise<void>;
  /** Takes in what a finished deployment changed. */
  take(deployment: Deployment): Promise<void>;
}

/** What runs where, kept beside the history; missing or damaged, it is made again from there. */
export function openEnvironments(
  file: string,
  context: DocumentContext,
  history: Pick<HistoryStore, 'rows' | 'record'>,
): EnvironmentsStore {
  const document = openJsonDocument<EnvironmentsDocument>(
    { file, schema: environmentsSchema, name: environmentsName, empty: nothing, rebuild },
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
    async take(deployment) {
      const runs = runsSince(deployment);
      if (!runs) return;
      await document.update((before) => {
        const { environment } = deployment;
        const known = Object.hasOwn(before.environments, environment)
          ? before.environments[environment]
          : undefined;
        // A record that is put away late says nothing about what came after it; ids keep the order where a clock does not.
        if (known && compareIds(known.deployment, runs.deployment) > 0) return before;
        return {
          ...before,
          environments: { ...before.environments, [environment]: runs },
        };
      });
    },
  };
}

function nothing(): EnvironmentsDocument {
  return { schema: environmentsName, environments: {} };
}
