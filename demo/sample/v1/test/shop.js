import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp } from '../src/app.js';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/store.js';

/** A shop with data of its own on a free port; ended after the test. */
export async function openShop(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'shop-'));
  const store = openStore(folder);
  await migrate(store);
  const server = await createApp({ store, version: 'test' });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  const url = `http://127.0.0.1:${server.address().port}`;
  async function ask(method, path, body) {
    const response = await fetch(url + path, { method, body: body && JSON.stringify(body) });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }
  return { store, folder, url, ask, get: (path) => ask('GET', path) };
}
