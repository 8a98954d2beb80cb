import { findCart } from '../cart.js';
import { priceCart } from '../pricing.js';

/** The cart under its first name, for clients written before it was renamed. */
export function routes({ store }) {
  return [
    {
      method: 'GET',
      path: '/basket/:id',
      handle: ({ params }) => {
        const data = store.read();
        return { status: 200, body: priceCart(data.products, findCart(data, params.id)) };
      },
    },
  ];
}
