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

  /** The last success in each environment that the document knows nothing of: it was a later version's when that ended. */
  async function missed({ environments }: EnvironmentsDocument): Promise<Deployment[]> {
    const seen = new Set<string>();
    const found: Deployment[] = [];
    for (const { id, environment, outcome } of await history.rows()) {
      if (outcome !== 'succeeded' || seen.has(environment)) continue;
      seen.add(environment);
      const known = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
      if (!known || known.deployment === id) continue;
      const record = await history.record(id);
      if (record) found.push(record);
    }
    return found;
  }

  return {
    read: () => document.read(),
    async keep() {
      await document.update((known) => ({ ...known }));
    },
    async take(deployment) {
      const late = await missed(await document.read());
      await document.update((before) => [...late, deployment].reduce(withRuns, before));
    },
  };
}

/** The document with what a finished deployment changed; the same object where that is nothing. */
function withRuns(before: EnvironmentsDocument, deployment: Deployment): EnvironmentsDocument {
  const runs = runsSince(deployment);
  if (!runs) return before;
  const { environment } = deployment;
  const known = Object.hasOwn(before.environments, environment)
    ? before.environments[environment]
    : undefined;
  // A record that is put away late says nothing about what came after it.
  if (known && compareIds(known.deployment, runs.deployment) > 0) return before;
  return { ...before, environments: { ...before.environments, [environment]: runs } };
}

function nothing(): EnvironmentsDocument {
  return { schema: environmentsName, environments: {} };
}
