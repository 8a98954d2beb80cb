import { z } from 'zod';

/** What an id beside a deployment names: a change request, an issue, a specification (REQUIREMENTS C8). */
export const linkKinds = ['change', 'issue', 'spec'] as const;

/** A record elsewhere that a deployment belongs to; its id is safe to print. */
export const linkSchema = z.object({
  kind: z.enum(linkKinds),
  id: z.string().min(1).max(100),
  /** Whether a person named it with the deployment, or a commit that ships says so. */
  from: z.enum(['named', 'commit']),
});
export type Link = z.infer<typeof linkSchema>;

/** More than these are not kept. */
export const mostLinks = 50;

const names = { change: 'change request', issue: 'issue', spec: 'specification' } as const;

/** The links of each kind in a line: `change request CHG-12`, `issues #12, ABC-3`; none where there are no links. */
export function linkWords(links: readonly Link[]): string[] {
  return linkKinds.flatMap((kind) => {
    const ids = links.filter((link) => link.kind === kind).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${names[kind]}${ids.length > 1 ? 's' : ''} ${ids.join(', ')}`];
  });
}

/** Each id once, in order, those that a person named first; at most `mostLinks`. */
export function joinedLinks(...all: readonly (readonly Link[])[]): Link[] {
  const found = new Map<string, Link>();
  for (const link of all.flat()) {
    const key = `${link.kind} ${link.id.toLowerCase()}`;
    if (!found.has(key)) found.set(key, link);
  }
  return [...found.values()]
    .toSorted((a, b) => Number(b.from === 'named') - Number(a.from === 'named'))
    .slice(0, mostLinks);
}
