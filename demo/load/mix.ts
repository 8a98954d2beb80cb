/** One request of a shopper; `next` follows once it has been answered. */
export interface Ask {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  next?: Ask;
}

const products = [
  'mug',
  'teapot',
  'kettle',
  'lamp',
  'notebook',
  'pencil',
  'scarf',
  'blanket',
  'basket',
  'candle',
  'soap',
  'towel',
];

const shoppers = 60;

/** A sequence of numbers in 0 … 1, the same for the same seed (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the next shopper does: mostly looking, a few percent putting into a cart, fewer ordering. */
export function nextAsk(random: () => number): Ask {
  const kind = random();
  const product = products[Math.floor(random() * products.length)] ?? 'mug';
  const cart = `shopper-${Math.floor(random() * shoppers)}`;
  const add: Ask = {
    method: 'POST',
    path: `/cart/${cart}/items`,
    body: JSON.stringify({ product, quantity: 1 + Math.floor(random() * 3) }),
  };
  if (kind < 0.34) return { method: 'GET', path: `/products/${product}` };
  if (kind < 0.64) return { method: 'GET', path: '/products' };
  if (kind < 0.74) return { method: 'GET', path: '/' };
  if (kind < 0.95) return { method: 'GET', path: `/cart/${cart}` };
  if (kind < 0.985) return add;
  return { ...add, next: { method: 'POST', path: '/orders', body: JSON.stringify({ cart }) } };
}
