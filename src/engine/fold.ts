import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import { evolve } from '../domain/evolve.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';

/** The deployment as its journal tells it now. Throws `unknown-deployment` (2) or `bad-journal` (74). */
export async function fold(journals: Journals, id: string): Promise<Deployment | undefined> {
  let d: Deployment | undefined;
  for (const event of await journals.read(id)) d = evolve(d, event);
  return d;
}

/** The same; of a finished deployment whose journal is gone, what its record says. */
export async function journalOrRecord(
  { journals, memory }: { journals: Journals; memory: Memory },
  id: string,
): Promise<Deployment | undefined> {
  try {
    return await fold(journals, id);
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.code !== 'unknown-deployment') throw error;
    const record = await memory.record(id);
    if (record) return record;
    throw error;
  }
}
