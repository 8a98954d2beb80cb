import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openShop } from './shop.js';

test('the front page shows what is for sale', async (t) => {
  const shop = await openShop(t);
  const { text } = await shop.get('/');
  assert.match(text, /Willow basket/);
});

test('the style sheet is served', async (t) => {
  const shop = await openShop(t);
  const { headers } = await shop.get('/assets/style.css');
  assert.match(headers.get('content-type'), /text\/css/);
});
