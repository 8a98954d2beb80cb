import type { RestOf } from './rest-of.ts';

/** Features that a line names. */
const mostNamed = 5;

/** `20261121_101500, without "Prices that follow demand" and "Prices in cents"`: what it is the rest of, in a line. */
export function restWords({ deployment, without }: RestOf): string {
  const titles = without.slice(0, mostNamed).map(({ title }) => `"${title}"`);
  const more = without.length - titles.length;
  const named = [...titles, ...(more > 0 ? [`${more} more`] : [])];
  const last = named.pop();
  if (last === undefined) return deployment;
  return `${deployment}, without ${named.length > 0 ? `${named.join(', ')} and ` : ''}${last}`;
}
