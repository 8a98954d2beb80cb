import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/store.js';
import { openShop } from './shop.js';

test('two servers on one file lose no write', async (t) => {
  const { store, folder } = await openShop(t);
  const other = openStore(folder);
  const add = (data) => {
    data.visits = (data.visits ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).update(add)));
  assert.equal(store.read().visits, 40);
  assert.equal(other.read().visits, 40);
});

test('the lock of a process that is gone is taken over', async (t) => {
  const { store, folder } = await openShop(t);
  writeFileSync(path.join(folder, 'shop.json.lock'), '999999999 gone');
  await store.update((data) => {
    data.visits = 1;
  });
  assert.equal(store.read().visits, 1);
  assert.deepEqual(readdirSync(folder), ['shop.json']);
});

test('a write that fails changes nothing', async (t) => {
  const { store } = await openShop(t);
  await assert.rejects(
    store.update((data) => {
      data.products = [];
      throw new Error('no');
    }),
  );
  assert.equal(store.read().products.length, 12);
});

test('migrating twice does nothing the second time', async (t) => {
  const { store } = await openShop(t);
  assert.deepEqual(await migrate(store), []);
});
