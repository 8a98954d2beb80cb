import type { Candidate } from '../assemble.ts';
import type { Experience } from './experience.ts';

/**
 * Commits on the base, as far as they were read, of the one of a feature's authors who has most; undefined where the base's
 * people are not known. Of a pull request the merge itself does not count: who pressed the button wrote nothing.
 */
export function authorCommits({ group }: Candidate, { commitsOf }: Experience): number | undefined {
  if (commitsOf.size === 0) return undefined;
  let most = 0;
  for (const { commits } of group.units)
    for (const { email } of commits.length > 1 ? commits.slice(0, -1) : commits)
      most = Math.max(most, commitsOf.get(email.toLowerCase()) ?? 0);
  return most;
}
