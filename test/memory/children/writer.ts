import { openMemory } from '../../../src/memory/open-memory.ts';

// Adds `times` marks of its own to the patterns, each in an update of its own; 0 means until it is killed.
const [dir = '', name = '', count = '1'] = process.argv.slice(2);
const times = count === '0' ? Infinity : Number(count);
const memory = openMemory({ dir, clock: { now: () => new Date(), sleep: () => Promise.resolve() } });
process.stdout.write('ready\n');
for (let i = 0; i < times; i += 1) {
  await memory.updatePatterns((patterns) => ({
    ...patterns,
    byType: { ...patterns.byType, [name]: { succeeded: i + 1, failed: 0 } },
    deployments: { succeeded: patterns.deployments.succeeded + 1, failed: 0 },
  }));
}
