import { findProduct, listProducts } from '../catalogue.js';

/** What is for sale. */
export function routes({ store }) {
  return [
    {
      method: 'GET',
      path: '/products',
      handle: ({ query }) => {
        const products = listProducts(store.read().products, query);

        return { status: 200, body: { products } };
      },
    },
    {
      method: 'GET',
      path: '/products/:id',
      handle: async ({ params }) => {
        const product = findProduct(store.read().products, params.id);

        return { status: 200, body: { ...product } };
      },
    },
  ];
}
