import { findProduct } from './catalogue.js';

const maxQuantity = 99;

/** Carts nobody has touched for longest go first once there are more than this. */
const maxCarts = 500;

/** The cart with this id; an empty one when it does not exist yet. */
export function findCart(data, id) {
  return data.carts[id] ?? { id, items: {}, updatedAt: null };
}

/** Adds a product to a cart, which is made when it does not exist yet. */
export function addItem(data, id, productId, quantity) {
  const product = findProduct(data.products, productId);
  const cart = findCart(data, id);
  const wanted = (cart.items[product.id] ?? 0) + quantity;

  cart.items[product.id] = Math.min(maxQuantity, wanted);
  return keep(data, cart);
}

/** Takes a product out of a cart. */
export function removeItem(data, id, productId) {
  const cart = findCart(data, id);
  delete cart.items[productId];
  return keep(data, cart);
}

function keep(data, cart) {
  cart.updatedAt = new Date().toISOString();
  delete data.carts[cart.id];
  data.carts[cart.id] = cart;
  const ids = Object.keys(data.carts);
  for (const id of ids.slice(0, Math.max(0, ids.length - maxCarts))) delete data.carts[id];
  return cart;
}
