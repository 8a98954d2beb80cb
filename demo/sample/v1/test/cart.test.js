import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShop } from './shop.js';

test('a product can be put into a cart', async (t) => {
  const shop = await openShop(t);
  await shop.ask('POST', '/cart/kim/items', { product: 'mug', quantity: 2 });
  const { json } = await shop.get('/cart/kim');
  assert.deepEqual(json.lines, [{ product: 'mug', name: 'Enamel mug', quantity: 2, amount: 25.8 }]);
});

test('adding the same product again adds up', async (t) => {
  const shop = await openShop(t);
  await shop.ask('POST', '/cart/kim/items', { product: 'soap', quantity: 1 });
  const { json } = await shop.ask('POST', '/cart/kim/items', { product: 'soap', quantity: 3 });
  assert.equal(json.lines[0].quantity, 4);
});

test('a product can be taken out again', async (t) => {
  const shop = await openShop(t);
  await shop.ask('POST', '/cart/kim/items', { product: 'soap' });
  await shop.ask('POST', '/cart/kim/items', { product: 'mug' });
  const { json } = await shop.ask('DELETE', '/cart/kim/items/soap');
  assert.deepEqual(
    json.lines.map((line) => line.product),
    ['mug'],
  );
});
