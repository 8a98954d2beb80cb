import { describe, expect, it } from 'vitest';
import { failedCases } from '../../src/domain/failed-case.ts';

const cases = (output: string, root?: string) => failedCases(output.split('\n'), 10, root);

describe('tests that failed, in an output', () => {
  it('S4 reads node’s TAP: name, message and place', () => {
    expect(
      cases(
        `not ok 2 - adds two prices
  ---
  duration_ms: 1.2
  location: '/tree/test/cart.test.mjs:12:3'
  failureType: 'testCodeFailure'
  error: 'Expected values to be strictly equal:'
  ...
ok 3 - takes away`,
        '/tree',
      ),
    ).toEqual([
      {
        line: 'not ok 2 - adds two prices',
        name: 'adds two prices',
        message: 'Expected values to be strictly equal:',
        place: 'test/cart.test.mjs:12:3',
      },
    ]);
  });

  it('S4 reads node’s own reporter, its summary adding what the first mention lacked', () => {
    expect(
      cases(
        `✖ adds (1.5ms)
✔ takes away (0.2ms)
✖ failing tests:

test at test/cart.test.mjs:7:1
✖ adds (1.5ms)
  AssertionError [ERR_ASSERTION]: 1 !== 2
      at TestContext.<anonymous> (file:///tree/test/cart.test.mjs:8:10)`,
        '/tree',
      ),
    ).toEqual([
      {
        line: '✖ adds (1.5ms)',
        name: 'adds',
        message: 'AssertionError [ERR_ASSERTION]: 1 !== 2',
        place: 'test/cart.test.mjs:8:10',
      },
    ]);
  });

  it('S4 reads vitest, pytest and go', () => {
    expect(
      cases(` FAIL  test/a.test.ts > cart > adds
AssertionError: expected 1 to be 2
 ❯ test/a.test.ts:4:15`)[0],
    ).toMatchObject({ name: 'test/a.test.ts > cart > adds', place: 'test/a.test.ts:4:15' });
    expect(
      cases(`FAILED tests/test_cart.py::test_adds - assert 1 == 2
E       AssertionError: assert 1 == 2
tests/test_cart.py:9: AssertionError`)[0],
    ).toMatchObject({ message: 'AssertionError: assert 1 == 2', place: 'tests/test_cart.py:9' });
    expect(
      cases(`--- FAIL: TestAdds (0.00s)
    cart_test.go:12: expected 2, got 1`)[0],
    ).toMatchObject({ name: 'TestAdds', place: 'cart_test.go:12' });
  });

  it('names a test without anything said of it, each once, and no more than asked for', () => {
    expect(cases('✖ a\n✖ b\n✖ a')).toEqual([
      { line: '✖ a', name: 'a' },
      { line: '✖ b', name: 'b' },
    ]);
    expect(failedCases(['✖ a', '✖ b', '✖ c'], 2)).toHaveLength(2);
    expect(cases('all is well')).toEqual([]);
  });

  it('lets nothing through that a terminal would obey, and does not dwell on long lines', () => {
    const evil = `✖ \u001b]0;title\u0007${'a/'.repeat(50_000)}`;
    const [found] = failedCases([evil, `Error: \u202egnp ${'x.'.repeat(50_000)}`], 5);
    expect(`${found?.name}${found?.message}${found?.line}`).not.toMatch(/[\u001b\u0007\u202e]/u);
  });
});
