import { addItem, findCart, removeItem } from '../cart.js';
import { priceCart } from '../pricing.js';

/** What a customer is about to buy. */
export function routes({ store }) {
  const view = (data, cart) => ({ id: cart.id, ...priceCart(data.products, cart) });

  return [
    {
      method: 'GET',
      path: '/cart/:id',
      handle: ({ params }) => {
        const data = store.read();
        return { status: 200, body: view(data, findCart(data, params.id)) };
      },
    },
    {
      method: 'POST',
      path: '/cart/:id/items',
      handle: async ({ params, body }) => {
        const cart = await store.update((data) => {
          return view(data, addItem(data, params.id, body.product, Number(body.quantity ?? 1)));
        });
        return { status: 200, body: cart };
      },
    },
    {
      method: 'DELETE',
      path: '/cart/:id/items/:product',
      handle: async ({ params }) => {
        const cart = await store.update((data) => view(data, removeItem(data, params.id, params.product)));
        return { status: 200, body: cart };
      },
    },
  ];
}
