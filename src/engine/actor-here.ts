import { hostname, userInfo } from 'node:os';
import type { Actor } from '../domain/actor.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';

/** Who acts through this process: by the name that git has for them, and what tells persons, agents and CI apart. */
export async function actorHere(
  { git, who }: { git: Git; who: () => Pick<Actor, 'kind' | 'tool'> },
  face: Actor['face'],
): Promise<Actor> {
  const name = await git.text(['config', '--get', 'user.name'], { accept: [0, 1] });
  return {
    name: safeText(name, 100) || userInfo().username,
    face,
    host: hostname(),
    pid: process.pid,
    ...who(),
  };
}
