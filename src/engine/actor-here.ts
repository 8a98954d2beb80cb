import { hostname, userInfo } from 'node:os';
import type { Actor } from '../domain/actor.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Git } from '../ports/git.ts';

/** Who acts through this process: by the name that git has for them, and what tells persons, agents and CI apart. */
export async function actorHere(
  { git, who }: { git: Git; who: () => Pick<Actor, 'kind' | 'tool'> },
  face: Actor['face'],
): Promise<Actor> {
  const told = await git.text(['config', '--get-regexp', String.raw`^user\.(name|email)$`], {
    accept: [0, 1],
  });
  // Of several values the last one is in force.
  const valueOf = (key: string) =>
    safeText(
      told
        .split('\n')
        .findLast((line) => line.startsWith(`${key} `))
        ?.slice(key.length + 1)
        .trim() ?? '',
      200,
    );
  const email = valueOf('user.email');
  return {
    name: valueOf('user.name').slice(0, 100) || userInfo().username,
    face,
    ...(email === '' ? {} : { email }),
    host: hostname(),
    pid: process.pid,
    ...who(),
  };
}
