import { describe, expect, it } from 'vitest';
import { explainReason } from '../../src/domain/dependencies.ts';

describe('the reason of a dependency', () => {
  it('D6 names the place where a person can check it: for an import the file that imports', () => {
    expect(explainReason({ kind: 'line', path: 'cart.ts', line: 88 })).toBe('cart.ts:88 was written there');
    expect(explainReason({ kind: 'import', path: 'share.ts', line: 2 })).toBe(
      'share.ts:2 imports what is made there',
    );
    expect(explainReason({ kind: 'migration', path: 'migrations/003.sql' })).toBe(
      'the migration before migrations/003.sql is there',
    );
    expect(explainReason({ kind: 'conflict' })).toBe('it does not apply without it');
  });
});
