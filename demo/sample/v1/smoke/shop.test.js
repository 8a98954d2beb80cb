import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

let server;
let folder;
let url;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function healthy() {
  for (let i = 0; i < 200; i += 1) {
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
  throw new Error('the shop never became healthy');
}

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shop-smoke-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, PORT: String(port), ORCHESTRA_DATA_DIR: folder };
  server = spawn(process.execPath, ['src/server.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await healthy();
});

after(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await rm(folder, { recursive: true, force: true });
});

test('a customer can look around', async () => {
  for (const path of ['/', '/version', '/products', '/products/mug', '/products/lamp']) {
    const response = await fetch(url + path);
    assert.equal(response.status, 200, path);
    await response.arrayBuffer();
  }
});

test('a customer can buy something', async () => {
  const post = (path, body) => fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  const added = await post('/cart/smoke/items', { product: 'candle', quantity: 2 });
  assert.equal(added.status, 200);
  const order = await post('/orders', { cart: 'smoke' });
  assert.equal(order.status, 201);
  assert.equal((await order.json()).lines[0].product, 'candle');
});
