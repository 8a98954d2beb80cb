import type { RouteTrace } from '../../domain/culprit.ts';
import { withoutNames, type SideRoutes } from '../../domain/failing-routes.ts';

/** A route that is worse by less than this is not called worse. */
const worseTimes = 2;
const mostShown = 8;

/**
 * The routes that failed, or were slow, more often on the candidate than on stable, each side measured by all the
 * requests it had; the worst first. A side without numbers had none.
 */
export function worseRoutes(candidate: SideRoutes, stable: SideRoutes | undefined): RouteTrace[] {
  // Names are taken out of both sides together, so that a route has the same name on either.
  const all = [
    ...candidate.routes.map((one) => ({ ...one, side: 'candidate' as const })),
    ...(stable?.routes ?? []).map((one) => ({ ...one, side: 'stable' as const })),
  ];
  const names = new Map<string, string>();
  const merged = withoutNames(
    [...new Set(all.map(({ route }) => route))].map((route) => ({ route, failed: 0, slow: 0 })),
  );
  for (const { route } of all) names.set(route, merged.find((one) => fits(one.route, route))?.route ?? route);
  const traces = new Map<string, RouteTrace>();
  for (const { route, failed, slow, side } of all) {
    const name = names.get(route) ?? route;
    const trace = traces.get(name) ?? { route: name, failed: 0, slow: 0, stableFailed: 0, stableSlow: 0 };
    traces.set(
      name,
      side === 'candidate'
        ? { ...trace, failed: trace.failed + failed, slow: trace.slow + slow }
        : { ...trace, stableFailed: trace.stableFailed + failed, stableSlow: trace.stableSlow + slow },
    );
  }
  const more = (mine: number, its: number) =>
    mine > 0 &&
    mine * Math.max(1, stable?.requests ?? 0) > worseTimes * its * Math.max(1, candidate.requests);
  return [...traces.values()]
    .filter((one) => more(one.failed, one.stableFailed) || more(one.slow, one.stableSlow))
    .toSorted((a, b) => b.failed - a.failed || b.slow - a.slow)
    .slice(0, mostShown);
}

/** Whether `route` is one of those that `pattern` stands for, whose `*` is any one segment. */
function fits(pattern: string, route: string): boolean {
  const [wanted, given] = [pattern.split('/'), route.split('/')];
  return wanted.length === given.length && wanted.every((part, i) => part === '*' || part === given[i]);
}
