import { describe, expect, it } from 'vitest';
import { FailingRoutes } from '../../../../providers/routers/embedded/failing-routes.ts';
import { sideRoutesSchema } from '../../../../src/domain/failing-routes.ts';

describe('N6 the proxy’s failing routes', () => {
  it('counts failures and slow answers of each', () => {
    const routes = new FailingRoutes();
    routes.failed({ method: 'GET', url: '/orders/1' });
    routes.failed({ method: 'GET', url: '/orders/2?x=1' });
    routes.slow({ method: 'POST', url: '/orders' });
    expect(routes.list()).toEqual([
      { route: 'GET /orders/:id', failed: 2, slow: 0 },
      { route: 'POST /orders', failed: 0, slow: 1 },
    ]);
  });

  it('is bounded against a client that asks for a hundred thousand paths', () => {
    const routes = new FailingRoutes();
    const word = (n: number) => n.toString(26).replace(/\d/gu, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
    for (let n = 0; n < 100_000; n++) routes.failed({ method: 'GET', url: `/${word(n)}` });
    const list = routes.list();
    expect(list).toHaveLength(201);
    expect(list.reduce((sum, { failed }) => sum + failed, 0)).toBe(100_000);
    expect(list.at(-1)?.route).toBe('other routes');
    expect(() => sideRoutesSchema.parse({ requests: 1, routes: list })).not.toThrow();
  });
});
