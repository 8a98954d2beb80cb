import type { Source } from '../domain/event.ts';
import { type Link, joinedLinks } from '../domain/link.ts';
import { commitLinks } from '../planning/commit-links.ts';
import type { Git } from '../ports/git.ts';
import { readCommitNotes } from './commit-notes.ts';

/** What a deployment belongs to: what a person named, then what the commits that ship say, as far as they can be read. */
export async function linksOf(git: Git, source: Source, named: readonly Link[] = []): Promise<Link[]> {
  const commits = source.features.flatMap((feature) => feature.commits);
  // A message that cannot be read keeps nobody from deploying.
  const notes = await readCommitNotes(git, commits).catch(() => []);
  return joinedLinks(named, commitLinks(notes));
}
