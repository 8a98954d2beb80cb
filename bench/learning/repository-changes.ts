import { readPastChanges } from '../../src/planning/past/past-changes.ts';
import type { Git } from '../../src/ports/git.ts';
import type { LabelledChange } from './labelled-change.ts';

/** The changes of a history that the product's own extractor can say of whether they were defective, oldest first. */
export async function readRepository(git: Git, revision: string): Promise<LabelledChange[]> {
  const changes = await readPastChanges(git, await git.resolve(revision));
  return changes.flatMap(({ metrics, defective }) =>
    defective === undefined ? [] : [{ metrics, defective }],
  );
}
