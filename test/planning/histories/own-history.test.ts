import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApart } from '../../../bench/apart.ts';
import { runClosureExperiment } from '../../../bench/closure-experiment.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const units = 20;

/** Why the experiment cannot be made here; undefined when it can. */
function unfit(): string | undefined {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
    if (git('rev-parse', '--is-shallow-repository') === 'true') return 'the clone is shallow';
    const commits = Number(git('rev-list', '--count', '--first-parent', 'HEAD'));
    return commits > units ? undefined : `there are only ${commits} commits on the trunk`;
  } catch {
    return 'this is no git repository';
  }
}

const why = unfit();

describe('this repository’s own history', () => {
  it.skipIf(why !== undefined)(
    `N1 any of its last ${units} units, and any choice of them, builds a clean candidate${why === undefined ? '' : ` (not run: ${why})`}`,
    async () => {
      const { git, remove } = await openApart(root);
      try {
        const result = await runClosureExperiment(git, { revision: 'HEAD', units, subsets: 5 });
        expect(result).toMatchObject({
          units,
          singles: { picked: units, clean: units },
          subsets: { picked: 5, clean: 5 },
          complementSilent: 0,
          wrongTrees: 0,
          troubles: [],
        });
      } finally {
        await remove();
      }
    },
  );
});
