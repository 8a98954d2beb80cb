import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShop } from './shop.js';

test('an order takes what is in the cart and empties it', async (t) => {
  const shop = await openShop(t);
  await shop.ask('POST', '/cart/kim/items', { product: 'teapot' });
  const order = await shop.ask('POST', '/orders', { cart: 'kim' });
  assert.equal(order.status, 201);
  assert.equal(order.json.total, 54.5);
  assert.deepEqual((await shop.get('/cart/kim')).json.lines, []);
});

test('an order can be read by its number', async (t) => {
  const shop = await openShop(t);
  await shop.ask('POST', '/cart/kim/items', { product: 'lamp' });
  const { json } = await shop.ask('POST', '/orders', { cart: 'kim' });
  assert.equal((await shop.get(`/orders/${json.id}`)).json.customer, 'kim');
});
