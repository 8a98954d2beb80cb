import { routeOf, type SideRoutes } from '../../../src/domain/failing-routes.ts';

/** Routes told apart; what comes later counts together, so that a client that asks for a million paths costs nothing. */
const mostRoutes = 200;
const others = 'other routes';

/** How often each route of a version failed or was slow. Requests that went well leave no trace, and cost none. */
export class FailingRoutes {
  private readonly known = new Map<string, { failed: number; slow: number }>();

  failed(request: { method?: string | undefined; url?: string | undefined }): void {
    this.of(request).failed++;
  }

  slow(request: { method?: string | undefined; url?: string | undefined }): void {
    this.of(request).slow++;
  }

  list(): SideRoutes['routes'] {
    return [...this.known].map(([route, counts]) => ({ route, ...counts }));
  }

  private of({ method, url }: { method?: string | undefined; url?: string | undefined }) {
    const route = routeOf(method, url);
    const name = this.known.has(route) || this.known.size < mostRoutes ? route : others;
    const counts = this.known.get(name) ?? { failed: 0, slow: 0 };
    this.known.set(name, counts);
    return counts;
  }
}
