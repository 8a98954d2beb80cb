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

/**
 * The same; of a finished deployment whose journal is gone or damaged, what its record says, and `tell` hears of the damage.
 */
export async function journalOrRecord(
  { journals, memory }: { journals: Journals; memory: Memory },
  id: string,
  tell: (line: string) => void,
): Promise<Deployment | undefined> {
  try {
    return await fold(journals, id);
  } catch (error) {
    if (!(error instanceof OrchestraError)) throw error;
    const { code } = error;
    if (code !== 'unknown-deployment' && code !== 'bad-journal' && code !== 'newer-schema') throw error;
    const record = await memory.record(id);
    if (!record) throw error;
    if (code !== 'unknown-deployment') tell(`${error.message}; shown is what its record says`);
    return record;
  }
}
