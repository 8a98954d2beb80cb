import { describe, expect, it } from 'vitest';
import { reading, readingFile } from './reading.ts';

const lines = (...all: string[]) => `${all.join('\n')}\n`;

describe('TAP', () => {
  it('S4 takes tests with subtests once, and their suite only where it failed by itself', async () => {
    const printed = lines(
      'TAP version 14',
      '# Subtest: cart',
      '    # Subtest: adds',
      '    ok 1 - adds \\# twice',
      '      ---',
      '      duration_ms: 1.5',
      '      ...',
      '    not ok 2 - later # TODO not yet',
      '    1..2',
      'not ok 1 - cart',
      '  ---',
      "  error: 'its hook failed'",
      "  location: '/x/cart.test.js:3:1'",
      '  ...',
      'ok 2 - skipped # SKIP no network',
      '1..2',
    );
    expect((await reading({ printed, exitCode: 1 })).tests).toEqual([
      { group: 'cart', name: 'adds # twice', status: 'passed', durationMs: 1.5 },
      { group: 'cart', name: 'later', status: 'skipped', message: 'not yet' },
      { name: 'cart', status: 'failed', message: 'its hook failed', place: '/x/cart.test.js:3' },
      { name: 'skipped', status: 'skipped', message: 'no network' },
    ]);
  });

  it('S4 takes what mocha prints below a failure', async () => {
    const content = lines(
      'TAP version 13',
      '1..2',
      'not ok 1 cart subtracts',
      '  expected 1 to equal 2',
      '  AssertionError: expected 1 to equal 2',
      '      at Context.<anonymous> (test/cart.js:9:14)',
      'ok 2 cart adds',
      '# tests 2',
    );
    expect((await readingFile(content, { exitCode: 1 })).tests).toEqual([
      {
        name: 'cart subtracts',
        status: 'failed',
        message: 'expected 1 to equal 2 AssertionError: expected 1 to equal 2',
        place: 'test/cart.js:9',
      },
      { name: 'cart adds', status: 'passed' },
    ]);
  });

  it.each([
    ['has fewer tests than its plan', '1..3\nok 1 - a\n', 'its plan says 3 tests, and it has 1'],
    ['bails out', 'TAP version 13\nok 1 - a\nBail out! no database\n', 'the run bailed out: no database'],
  ])('S4 that %s has failed', async (_, content, problem) => {
    const said = await readingFile(content);
    expect(said.status).toBe('failed');
    expect(said.reportProblem).toContain(problem);
  });

  it('that breaks off is said', async () => {
    const said = await readingFile('TAP version 13\nok 1 - a\nok 2 - b\n');
    expect(said).toMatchObject({ status: 'passed', counts: { total: 2 } });
    expect(said.reportProblem).toContain('it breaks off');
  });
});

describe('go test -json', () => {
  const event = (Action: string, Test?: string, more = {}) =>
    JSON.stringify({ Action, Package: 'example.com/shop', Test, ...more });

  it('S4 takes a parent only where none of its subtests says why it failed, and a package that was not built', async () => {
    const printed = lines(
      'go: downloading x v1',
      event('run', 'TestCart'),
      event('run', 'TestCart/adds'),
      event('output', 'TestCart/adds', { Output: '    cart_test.go:9: 1 is not 2\n' }),
      event('fail', 'TestCart/adds', { Elapsed: 0.25 }),
      event('fail', 'TestCart'),
      event('run', 'TestPrices'),
      event('pass', 'TestPrices', { Elapsed: -1 }),
      event('fail'),
      JSON.stringify({ Action: 'output', Package: 'example.com/pay', Output: 'pay.go:3:1: syntax error\n' }),
      JSON.stringify({ Action: 'fail', Package: 'example.com/pay' }),
    );
    expect((await reading({ printed, exitCode: 1 })).tests).toEqual([
      {
        group: 'example.com/shop',
        name: 'TestCart/adds',
        status: 'failed',
        durationMs: 250,
        message: 'cart_test.go:9: 1 is not 2',
        place: 'cart_test.go:9',
      },
      { group: 'example.com/shop', name: 'TestPrices', status: 'passed' },
      { name: 'example.com/pay', status: 'failed', message: 'pay.go:3:1: syntax error', place: 'pay.go:3' },
    ]);
  });

  it('that breaks off names the test that did not end', async () => {
    const said = await reading({ printed: lines(event('run', 'TestCart')), exitCode: 2 });
    expect(said.reportProblem).toContain('1 tests began and did not end, TestCart first');
  });
});

describe('the JSON of jest and vitest', () => {
  const document = (more: object) =>
    JSON.stringify({ numTotalTests: 1, numTotalTestSuites: 1, success: true, testResults: [], ...more });

  it('S4 takes a file that could not be loaded as what failed', async () => {
    const testResults = [
      { name: '/x/a.test.js', status: 'failed', message: 'SyntaxError: no', assertionResults: [] },
    ];
    const said = await readingFile(document({ success: false, testResults }), { exitCode: 1 });
    expect(said.tests).toEqual([{ name: '/x/a.test.js', status: 'failed', message: 'SyntaxError: no' }]);
  });

  it('S4 has failed where it says so and names no test', async () => {
    const said = await readingFile(document({ success: false }));
    expect(said).toMatchObject({ status: 'failed', format: 'vitest' });
    expect(said.reportProblem).toContain('did not succeed');
  });

  it('passes nothing whose status it does not know', async () => {
    const testResults = [
      { name: 'a', assertionResults: [{ title: 'x', status: 'perhaps', duration: null }] },
    ];
    const said = await readingFile(document({ openHandles: [], testResults }));
    expect(said).toMatchObject({ format: 'jest', counts: { passed: 0, skipped: 1 } });
    expect(said.reportProblem).toContain('a status that is not known: perhaps');
  });

  it.each([
    ['half of it', '{"numTotalTests":1,"testResults":[{'],
    ['another document', '{"testResults":5}'],
    ['a document nested without end', `{"testResults":${'['.repeat(200_000)}`],
  ])('says that it is %s', async (_, content) => {
    expect((await readingFile(content)).reportProblem).toMatch(/^report\.out: it is not/);
  });
});

describe('what cargo test prints', () => {
  it('says where a program counts otherwise than it names', async () => {
    const printed = lines(
      '     Running unittests src/lib.rs (target/debug/deps/shop-1)',
      'running 2 tests',
      'test a ... ok',
      'test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out',
    );
    const said = await reading({ printed });
    expect(said.counts?.total).toBe(1);
    expect(said.reportProblem).toContain('src/lib.rs counts 2 tests and names 1');
  });
});

describe('the JSON of rspec', () => {
  it('S4 has failed where there were errors outside of its examples', async () => {
    const said = await readingFile('{"examples":[],"summary":{"errors_outside_of_examples_count":1}}');
    expect(said).toMatchObject({ status: 'failed', format: 'rspec' });
  });
});
