import { findCart } from './cart.js';
import { HttpError } from './http.js';
import { priceCart } from './pricing.js';

/** How many orders the store keeps at hand. */
const keptOrders = 500;

/** Orders what is in a cart and empties it. */
export function placeOrder(data, cartId) {
  const cart = findCart(data, cartId);
  const priced = priceCart(data.products, cart);

  const order = {
    id: String(data.nextOrder),
    customer: cartId,
    placedAt: new Date().toISOString(),
    lines: priced.lines,
    total: priced.total,
  };

  data.nextOrder += 1;
  data.orders.push(order);
  data.orders.splice(0, Math.max(0, data.orders.length - keptOrders));
  delete data.carts[cartId];
  return order;
}

/** One order by its number. */
export function findOrder(data, id) {
  const order = data.orders.find((candidate) => candidate.id === id);
  if (!order) throw new HttpError(404, `there is no order ${id}`);
  return order;
}
