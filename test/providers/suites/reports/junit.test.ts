import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../../../../src/domain/safe-text.ts';
import { hostileTexts } from '../../../harness/hostile.ts';
import { readingFile } from './reading.ts';

const whole = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="shop" tests="4" failures="1" errors="1" skipped="1">
<testcase classname="cart.CartTest" name="adds" time="0.5"/>
<testcase classname="cart.CartTest" name="subtracts" time="1,234.5"><failure message="1 is not 2" type="E">java.lang.AssertionError: 1 is not 2
	at org.junit.Assert.fail(Assert.java:89)
	at cart.CartTest.subtracts(CartTest.java:12)</failure></testcase>
<testcase classname="cart.CartTest" name="divides"><skipped message="not yet"/></testcase>
<testcase name="multiplies" file="a/b.rb" line="7"><error><![CDATA[boom <b>]]></error></testcase>
</testsuite></testsuites>
`;

const suite = (cases: string, attributes = '') => `<testsuite ${attributes}>${cases}</testsuite>`;

describe('JUnit XML', () => {
  it('S4 gives every test with its group, duration, message and place', async () => {
    const said = await readingFile(whole, { exitCode: 1 });
    expect(said).toMatchObject({
      status: 'failed',
      format: 'junit',
      counts: { total: 4, passed: 1, failed: 2, skipped: 1 },
    });
    expect(said.reportProblem).toBeUndefined();
    expect(said.tests).toEqual([
      { group: 'cart.CartTest', name: 'adds', status: 'passed', durationMs: 500 },
      {
        group: 'cart.CartTest',
        name: 'subtracts',
        status: 'failed',
        durationMs: 1_234_500,
        message: '1 is not 2',
        place: 'CartTest.java:12',
      },
      { group: 'cart.CartTest', name: 'divides', status: 'skipped', message: 'not yet' },
      { group: 'shop', name: 'multiplies', status: 'failed', message: 'boom <b>', place: 'a/b.rb:7' },
    ]);
  });

  it('keeps to what it has where it breaks off, at whatever byte, and says so', async () => {
    const full = await readingFile(whole, { exitCode: 1 });
    const end = whole.indexOf('</testsuites>') + '</testsuites>'.length;
    for (let length = 0; length < end; length += 7) {
      const said = await readingFile(whole.slice(0, length), { exitCode: 1 });
      expect(said.reportProblem).toMatch(/report\.out/);
      expect(said.tests).toEqual(full.tests.slice(0, said.tests.length));
      expect(said.status).toBe('failed');
    }
  });

  it.each([
    [
      'an external entity',
      '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>',
    ],
    [
      'a billion laughs',
      `<!DOCTYPE t [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i} "${'&a;'.repeat(10)}">`).join('')}]><testsuite><testcase name="&a29;"/></testsuite>`,
    ],
    ['elements without end', '<testsuite>'.repeat(100_000)],
    ['an attribute without end', `<testsuite name="${'a'.repeat(2_000_000)}`],
    [
      'attributes without end',
      `<testsuite ${Array.from({ length: 5000 }, (_, i) => `a${i}="1"`).join(' ')}/>`,
    ],
    ['another document', '<html><body>504</body></html>'],
    ['no XML behind its beginning', '<?xml version="1.0"?><testsuite><testcase name="a"></testsuite>'],
    ['nothing', ''],
    ['NUL bytes', '\0'.repeat(1000)],
    ['an encoding that nobody knows', '<?xml version="1.0" encoding="EBCDIC-X"?><testsuite/>'],
    [
      'names of prototypes',
      '<testsuite hasOwnProperty="1" __proto__="2" constructor="3"><testcase name="x"/></testsuite',
    ],
  ])('reads no further than it can of %s, and says why', async (_, content) => {
    const said = await readingFile(content);
    expect(said.reportProblem).toMatch(/^report\.out: ./);
    expect(JSON.stringify(said)).not.toContain('root:');
    expect(said.counts?.failed ?? 0).toBe(0);
  });

  it('takes no duration that is none, and no count that is none', async () => {
    const cases = ['NaN', '-1', 'Infinity', '1e999', '', 'x', '1e15']
      .map((time) => `<testcase name="a" time="${time}"/>`)
      .join('');
    const said = await readingFile(suite(cases, 'tests="-5" failures="-1" errors="NaN"'));
    expect(said).toMatchObject({ status: 'passed', counts: { total: 7, passed: 7 } });
    expect(said.tests.every(({ durationMs }) => durationMs === undefined)).toBe(true);
  });

  it('S4 has failed where it counts failures, even if it names none and the exit code is 0', async () => {
    const said = await readingFile(suite('<testcase name="a"/>', 'name="shop" failures="2"'));
    expect(said.status).toBe('failed');
    expect(said.reportProblem).toContain('its suite shop says 2 failed, and names none');
  });

  it('reads other encodings: by their mark, or as they are declared', async () => {
    const xml = '<testsuite><testcase name="größer"/></testsuite>';
    const utf16 = Buffer.from(`\ufeff${xml}`, 'utf16le');
    const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`, 'latin1');
    for (const content of [utf16, latin, Buffer.from(`\ufeff${xml}`)])
      expect((await readingFile(content)).tests).toEqual([{ name: 'größer', status: 'passed' }]);
    const wrong = await readingFile(Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${xml}`, 'latin1'));
    expect(wrong.tests[0]?.name).toContain('\ufffd');
  });

  it('a test that passed when it was run again has passed, and says what it did before', async () => {
    const said = await readingFile(
      suite('<testcase name="a"><flakyFailure message="slow"/></testcase>', 'failures="0"'),
    );
    expect(said.tests).toEqual([
      { name: 'a', status: 'passed', message: 'passed when it was run again; before: slow' },
    ]);
  });

  it('gives back every test of a report, whatever stands in its texts', async () => {
    const escaped = (text: string) =>
      text
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('"', '&quot;')
        .replaceAll('\r', '&#13;');
    const texts = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom(...hostileTexts));
    const test = fc.record({
      name: texts,
      group: texts,
      status: fc.constantFrom('passed', 'failed', 'skipped'),
      ms: fc.integer({ min: 0, max: 100_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(test, { minLength: 1, maxLength: 12 }), async (all) => {
        const body = all.map(
          ({ name, group, status, ms }) =>
            `<testcase name="${escaped(name)}" classname="${escaped(group)}" time="${ms / 1000}">${status === 'failed' ? '<failure/>' : status === 'skipped' ? '<skipped/>' : ''}</testcase>`,
        );
        const { tests, counts } = await readingFile(suite(body.join('\n')));
        expect(counts?.total).toBe(all.length);
        expect(tests.map(({ name, status, durationMs }) => ({ name, status, durationMs }))).toEqual(
          all.map(({ name, status, ms }) => ({
            name: safeText(name, 300) || '(no name)',
            status,
            durationMs: ms,
          })),
        );
      }),
      { numRuns: 60 },
    );
  });
});
