import type { Deployment } from '../domain/deployment.ts';
import { evolve } from '../domain/evolve.ts';
import type { Journals } from '../ports/journal.ts';

/** The deployment as its journal tells it now. Throws `unknown-deployment` (2) or `bad-journal` (74). */
export async function fold(journals: Journals, id: string): Promise<Deployment | undefined> {
  let d: Deployment | undefined;
  for (const event of await journals.read(id)) d = evolve(d, event);
  return d;
}
