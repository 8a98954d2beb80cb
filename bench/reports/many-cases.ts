import type { TestCase } from '../../src/domain/test-case.ts';

const things = ['basket', 'voucher', 'invoice', 'search', 'session', 'stock', 'address', 'refund'];
const verbs = ['keeps', 'refuses', 'counts', 'shows', 'forgets', 'rounds', 'merges', 'sends'];

/** The test of a suite with this number: 20 to a file, one of 250 fails with a stack, one of 100 is skipped. */
export function caseAt(i: number): TestCase {
  const thing = things[i % things.length] ?? '';
  const verb = verbs[Math.floor(i / things.length) % verbs.length] ?? '';
  const group = `src/${thing}/${thing}-${Math.floor(i / 160)}.test.ts`;
  const name = `${thing} > ${verb} what was asked for when the customer has number ${i} and nobody is there`;
  const durationMs = ((i * 7919) % 1000) / 10;
  if (i % 100 === 99) return { group, name, status: 'skipped' };
  if (i % 250 !== 7) return { group, name, status: 'passed', durationMs };
  return {
    group,
    name,
    status: 'failed',
    durationMs,
    place: `${group}:${(i % 200) + 10}`,
    message: `AssertionError: expected ${i} to equal ${i + 1}\n    at Object.<anonymous> (${group}:${(i % 200) + 10}:15)\n    at runTest (node_modules/vitest/dist/runner.js:812:7)\n    at async runSuite (node_modules/vitest/dist/runner.js:955:15)`,
  };
}
