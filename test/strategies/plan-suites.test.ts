import { describe, expect, it } from 'vitest';
import { environmentSettingsSchema, suiteSettingsSchema } from '../../src/domain/settings.ts';
import { planSuites } from '../../src/strategies/plan-suites.ts';

const target = environmentSettingsSchema.parse({ port: 4000 });
const trees = (...named: [name: string, ...needs: string[]][]) => {
  const suites = named.map(([name, ...needs]) => suiteSettingsSchema.parse({ name, run: 'true', needs }));
  return planSuites({ suites }, target).map(({ tree }) => tree);
};

describe('the work tree of a suite', () => {
  it('S4 is its own, where no suite needs another', () => {
    expect(trees(['unit'], ['smoke'])).toEqual(['unit', 'smoke']);
  });

  it('S4 is shared by all that are linked, whatever way round and over whatever others', () => {
    expect(trees(['lint'], ['e2e', 'build'], ['build'], ['load', 'e2e'], ['unit'])).toEqual([
      'lint',
      'e2e',
      'e2e',
      'e2e',
      'unit',
    ]);
    expect(trees(['a'], ['b'], ['c', 'b'], ['d', 'a', 'c'], ['z'])).toEqual(['a', 'a', 'a', 'a', 'z']);
  });

  it('has no name where there is one alone', () => {
    expect(trees(['unit'])).toEqual([undefined]);
    expect(trees(['build'], ['unit', 'build'])).toEqual([undefined, undefined]);
  });
});
