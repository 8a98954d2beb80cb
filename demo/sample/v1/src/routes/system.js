/** What operators ask the shop. */
export function routes({ store, version }) {
  return [
    {
      method: 'GET',
      path: '/healthz',
      handle: () => ({ status: 200, body: { ok: true, products: store.read().products.length } }),
    },
    { method: 'GET', path: '/version', handle: () => ({ status: 200, body: { version } }) },
  ];
}
