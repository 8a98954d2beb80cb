import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readingFile } from './reading.ts';

const fixture = (name: string) =>
  readFileSync(path.join(import.meta.dirname, '../../../fixtures/reports', name));

it.each([
  ['mocha 12, xunit', 'mocha.xml', 'junit', 'subtracts', 'no longer equal', 'test/cart.js:5'],
  ['mocha 12, tap', 'mocha.tap', 'tap', 'cart subtracts', 'no longer equal', 'test/cart.js:5'],
  ['jest 30', 'jest.json', 'jest', 'subtracts', 'expect(received).toBe', '/project/__tests__/cart.test.js:4'],
])('S4 what %s wrote is read as it was meant', async (_, name, format, failing, message, place) => {
  const said = await readingFile(fixture(name), { exitCode: 1 });
  expect(said).toMatchObject({
    status: 'failed',
    format,
    counts: { total: 4, passed: 2, failed: 1, skipped: 1 },
  });
  expect(said.reportProblem).toBeUndefined();
  expect(said.tests.map(({ status }) => status)).toEqual(['passed', 'failed', 'skipped', 'passed']);
  expect(said.tests[1]).toMatchObject({ name: failing, place });
  expect(said.tests[1]?.message).toContain(message);
  expect(said.tests[2]).not.toHaveProperty('message');
  expect(JSON.stringify(said)).not.toMatch(/[\u001b\u202e]|\\u001b/);
});
