import { describe, expect, it } from 'vitest';
import { routeOf, withoutNames } from '../../src/domain/failing-routes.ts';

describe('N6 routes', () => {
  it.each([
    ['GET', '/orders/1234?token=abc', 'GET /orders/:id'],
    ['GET', '/orders/3f2504e0-4f89-41d3-9a0c-0305e82c3301/lines', 'GET /orders/:id/lines'],
    ['GET', '/commits/9fceb02d0ae598e95dc970b74767f19372d61af8', 'GET /commits/:id'],
    ['POST', '/v1/users/ada%40example.org', 'POST /v1/users/:id'],
    ['GET', '/reset/AbC9xYz012LongToken_55', 'GET /reset/:id'],
    ['GET', '/', 'GET /'],
    ['GET', undefined, 'GET /'],
    ['GET', 'http://shop.example/cart#x', 'GET /cart'],
    ['GET', '/about-our-company', 'GET /about-our-company'],
    ['X\u001b[2J', '/\u001b[31m\u202e', 'OTHER /\ufffd[31m\ufffd'],
    ['GET', '/a/b/c/d/e/f/g/h/i/j', 'GET /a/b/c/d/e/f/g/h'],
  ])('%s %s is %s', (method, url, route) => {
    expect(routeOf(method, url)).toBe(route);
  });

  it('stay short, whatever is asked for', () => {
    for (const url of [`/${'x'.repeat(30_000)}`, '/x'.repeat(30_000), `/${'é'.repeat(3000)}`])
      expect(routeOf('GET', url).length).toBeLessThanOrEqual(200);
  });

  it('that differ in one name only are one, and a few are left as they are', () => {
    const names = ['mug', 'lamp', 'soap', 'towel', 'basket'];
    const routes = names.map((name) => ({ route: `GET /products/${name}`, failed: 2, slow: 1 }));
    const cart = { route: 'GET /cart', failed: 1, slow: 0 };
    expect(withoutNames([...routes, cart])).toEqual([
      cart,
      { route: 'GET /products/*', failed: 10, slow: 5 },
    ]);
    expect(withoutNames([...routes.slice(1), cart])).toHaveLength(5);
    const deeper = names.map((name) => ({ route: `GET /users/${name}/orders`, failed: 1, slow: 0 }));
    expect(withoutNames(deeper)).toEqual([{ route: 'GET /users/*/orders', failed: 5, slow: 0 }]);
  });
});
