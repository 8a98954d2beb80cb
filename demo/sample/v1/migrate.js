import path from 'node:path';
import { migrate } from './src/store/migrate.js';
import { openStore } from './src/store/store.js';

const store = openStore(path.resolve(process.env.ORCHESTRA_DATA_DIR ?? 'data'));
const done = await migrate(store);
console.log(done.length === 0 ? 'the data is up to date' : `migrated: ${done.join(', ')}`);
