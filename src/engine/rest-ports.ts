import type { Git } from '../ports/git.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';

/** What shipping the rest of a failed deployment looks at. */
export interface RestPorts {
  git: Git;
  memory: Pick<Memory, 'history' | 'record'>;
  journals: Pick<Journals, 'current'>;
}
