/** What a commit takes back, or puts back in. */
export interface Revert {
  sha: string | undefined;
  /** The subject in quotes. */
  subject: string | undefined;
  pullRequest: number | undefined;
  /** It puts back what a revert took away, and names that change rather than the revert. */
  again: boolean;
}

const quoted =
  /^(?:\w[\w-]{0,20}(?:\([^)]{0,100}\))?!?: +)?(Revert|Reapply|Back out|Roll ?back|Undo):? "(.+)"/iu;
const branchOf = /^revert-(\d{1,9})-/u;
const opening = /^This (?:reverts|reapplies) (?:commit|merge request \S+ \(commit) ([0-9a-f]{7,64})/u;
const anywhere = /^This (?:reverts|reapplies) (?:commit|merge request \S+ \(commit) ([0-9a-f]{7,64})/mu;
const request = /^(?:This )?reverts (?:merge request |pull request )?\S{0,200}[#!](\d{1,9})\b/imu;
const named = /^Refs?:? +([0-9a-f]{7,64})\b/mu;

/**
 * What a message takes back: `Revert "…"` and its kin, `revert: …` of the conventional commits (`conventional` is its
 * subject), a body that begins with git's own sentence, or the branch GitHub makes for it. A squashed body that only
 * mentions a revert among other things is none.
 */
export function readRevert(
  title: string,
  body: string,
  branch: string | undefined,
  conventional: string | undefined,
): Revert | undefined {
  const byTitle = quoted.exec(title);
  const byBranch = branch === undefined ? null : branchOf.exec(branch);
  const byBody = body.startsWith('This re') ? opening.exec(body) : null;
  if (!byTitle && !byBranch && !byBody && conventional === undefined) return undefined;
  const sha = byBody ?? anywhere.exec(body) ?? (conventional === undefined ? null : named.exec(body));
  const number = Number(byBranch?.[1] ?? request.exec(body)?.[1]);
  return {
    sha: sha?.[1],
    subject: (byTitle?.[2] ?? conventional)?.trim(),
    pullRequest: number > 0 ? number : undefined,
    again: byTitle?.[1]?.toLowerCase() === 'reapply',
  };
}
