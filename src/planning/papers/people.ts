import type { Deployment } from '../../domain/deployment.ts';
import { md } from '../../domain/markdown.ts';

/** Who wrote what ships, those with the most features first; each once. */
export function authorsOf({ source }: Pick<Deployment, 'source'>): string[] {
  const features = new Map<string, number>();
  for (const { authors } of source.features)
    for (const name of new Set(authors)) features.set(name, (features.get(name) ?? 0) + 1);
  return [...features].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}

/** Names in a row, as Markdown: `Ada, Ben and Cy`; beyond `most` how many more. */
export function listedNames(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).map((name) => md(name, 100));
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  const last = all.pop();
  return all.length === 0 ? (last ?? '') : `${all.join(', ')} and ${last}`;
}

/** Whom to call about the change itself; the one who asked for it where its authors are not known. */
export function ownersOf(deployment: Pick<Deployment, 'source' | 'by'>): string {
  const authors = authorsOf(deployment);
  return authors.length > 0 ? listedNames(authors) : md(deployment.by.name, 100);
}
