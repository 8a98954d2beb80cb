import { findProduct } from './catalogue.js';

/** What a cart costs, line by line. Prices are in euros. */
export function priceCart(products, cart) {
  const lines = Object.entries(cart.items).map(([id, quantity]) => {
    const product = findProduct(products, id);
    return { product: id, name: product.name, quantity, amount: product.price * quantity };
  });

  const total = lines.reduce((sum, line) => sum + line.amount, 0);

  return { lines, total };
}
