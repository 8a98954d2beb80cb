import { openMemory } from '../../../src/memory/open-memory.ts';
import { aSuccess } from '../../harness/deployment.ts';

// Puts `count` deployments of its own away, one after the other; their ids follow from `number`.
const [dir = '', number = '0', count = '1'] = process.argv.slice(2);
const memory = openMemory({ dir, clock: { now: () => new Date(), sleep: () => Promise.resolve() } });
for (let i = 0; i < Number(count); i += 1) {
  const minute = String(i).padStart(2, '0');
  await memory.archive(aSuccess(`202601${String(10 + Number(number))}_10${minute}00`));
}
