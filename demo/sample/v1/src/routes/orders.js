import { findOrder, placeOrder } from '../orders.js';

/** What customers bought. */
export function routes({ store }) {
  return [
    {
      method: 'POST',
      path: '/orders',
      handle: async ({ body }) => {
        const order = await store.update((data) => placeOrder(data, String(body.cart)));
        return { status: 201, body: order };
      },
    },
    {
      method: 'GET',
      path: '/orders/:id',
      handle: ({ params }) => ({ status: 200, body: findOrder(store.read(), params.id) }),
    },
  ];
}
