import { z } from 'zod';
import { safeText } from './safe-text.ts';

/** Segments of a path that are told apart; what is deeper counts with its ancestors. */
const deepest = 8;
/** A longer segment names a thing, not a kind of thing. */
const longestWord = 40;
/** So many siblings that differ in one segment are one route with a name in it. */
const siblings = 5;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;
const hash = /^[0-9a-f]{7,}$/iu;
const mixed = /^[\w-]{16,}$/u;

/** A segment that names one thing of many: a number, an id, a hash, an address, or a long mixture. */
function namesOne(segment: string): boolean {
  if (segment.length > longestWord || uuid.test(segment) || /[@%]/u.test(segment)) return true;
  const digits = segment.replace(/\D+/gu, '').length;
  if (digits === segment.length && digits > 0) return true;
  return digits >= 4 || (digits > 0 && (hash.test(segment) || mixed.test(segment)));
}

/**
 * The route that a request belongs to, `GET /orders/:id`: its method and path without query, everything that names one
 * thing replaced. Short and safe to show, whatever a client sends.
 */
export function routeOf(method: string | undefined, url: string | undefined): string {
  const raw = (url ?? '/').slice(0, 2000).replace(/^https?:\/\/[^/?#]{0,300}/iu, '');
  const path = raw.split(/[?#]/u, 1)[0] ?? '/';
  const parts = path.split('/').slice(1, deepest + 1);
  const verb = /^[A-Z]{1,10}$/u.test(method ?? '') ? method : 'OTHER';
  return safeText(`${verb} /${parts.map((part) => (namesOne(part) ? ':id' : part)).join('/')}`, 200);
}

const count = z.number().int().nonnegative();

/** What a router tells of one version's routes; every number only grows. Only routes that failed or were slow are in it. */
export const sideRoutesSchema = z.object({
  requests: count,
  routes: z.array(z.object({ route: z.string(), failed: count, slow: count })).max(1000),
});
export type SideRoutes = z.infer<typeof sideRoutesSchema>;

/** Routes that differ in one segment only become one, `GET /products/*`, once there are `siblings` of them. */
export function withoutNames(routes: SideRoutes['routes']): SideRoutes['routes'] {
  let merged = routes;
  for (let at = deepest; at >= 2; at--) {
    const groups = new Map<string, SideRoutes['routes']>();
    for (const one of merged) {
      const parts = one.route.split('/');
      if (parts[at] === undefined) continue;
      const key = parts.with(at, '*').join('/');
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    const gone = new Set<SideRoutes['routes'][number]>();
    const made: SideRoutes['routes'] = [];
    for (const [route, group] of groups) {
      if (group.length < siblings) continue;
      for (const one of group) gone.add(one);
      made.push({
        route,
        failed: group.reduce((n, { failed }) => n + failed, 0),
        slow: group.reduce((n, { slow }) => n + slow, 0),
      });
    }
    merged = [...merged.filter((one) => !gone.has(one)), ...made];
  }
  return merged;
}
