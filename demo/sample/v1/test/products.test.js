import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShop } from './shop.js';

test('all products are listed', async (t) => {
  const shop = await openShop(t);
  const { status, json } = await shop.get('/products');
  assert.equal(status, 200);
  assert.equal(json.products.length, 12);
});

test('one product is found by its id', async (t) => {
  const shop = await openShop(t);
  const { json } = await shop.get('/products/mug');
  assert.equal(json.name, 'Enamel mug');
});

test('a product that does not exist is a 404', async (t) => {
  const shop = await openShop(t);
  assert.equal((await shop.get('/products/yacht')).status, 404);
});
