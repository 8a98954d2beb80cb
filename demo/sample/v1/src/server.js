import path from 'node:path';
import { createApp } from './app.js';
import { migrate } from './store/migrate.js';
import { openStore } from './store/store.js';

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? '127.0.0.1';
const store = openStore(path.resolve(process.env.ORCHESTRA_DATA_DIR ?? 'data'));
const version = process.env.ORCHESTRA_VERSION ?? '1.0.0';

// A new machine has no data yet; a store that exists is left to `npm run migrate`.
if (!store.exists()) await migrate(store);

const server = await createApp({ store, version });
server.keepAliveTimeout = 60_000;
server.listen(port, host, () => {
  console.log(`shop ${version} is listening`);
});

// Answers what is under way, then ends.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), 3000).unref();
  });
}
