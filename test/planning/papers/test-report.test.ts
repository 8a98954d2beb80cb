import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { caseAt } from '../../../bench/reports/many-cases.ts';
import type { Deployment } from '../../../src/domain/deployment.ts';
import { CaseCollector, type SuiteCases } from '../../../src/domain/suite-cases.ts';
import type { TestCase } from '../../../src/domain/test-case.ts';
import { testReport } from '../../../src/planning/papers/test-report.ts';
import { aDeployment, shipped } from '../../harness/deployment.ts';

const collected = (cases: Iterable<TestCase>) => {
  const collector = new CaseCollector();
  for (const one of cases) collector.take(JSON.stringify(one));
  return collector.done();
};
const several = (n: number) => collected(Array.from({ length: n }, (_, i) => caseAt(i)));
const failing = (change: (d: Deployment) => void = () => {}) =>
  aDeployment().built().suite('unit', 'failed', ['1 failed']).suite('smoke', 'passed').with(change).build();
const page = (d: Deployment, unit?: SuiteCases) => testReport(d, new Map(unit ? [['unit', unit]] : [])).text;
const words = (text: string) =>
  text
    .replace(/<(style|script)>[^]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ');

describe('testReport', () => {
  it('S4 says first what failed, with what it said and where, then what to do', () => {
    const text = words(
      page(
        failing(),
        collected([
          { name: 'adds', status: 'passed' },
          { ...caseAt(7), message: 'expected 2\n got 3' },
        ]),
      ),
    );
    const order = [
      'did not pass',
      'What failed',
      '✖ failed refund',
      'expected 2',
      'What to do next',
      'Suites',
      'All tests',
    ];
    const at = order.map((word) => text.lastIndexOf(word));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at).not.toContain(-1);
    expect(text).toContain('at src/refund/refund-0.test.ts:17');
    expect(text).toMatch(/refund-0\.test\.ts.{0,40}1 failed/);
    expect(text).toMatch(/adds/);
  });

  it('S4 says whether a test that failed did so before', () => {
    const { name } = caseAt(7);
    const d = failing((it) => {
      const [unit] = it.suites;
      if (!unit) return;
      unit.earlier = [
        {
          status: 'failed',
          exitCode: 1,
          durationMs: 1,
          log: 'unit.log',
          cases: [{ line: 'x', name: 'another' }],
        },
      ];
      it.flakyPast = { unit: { candidates: 7, cases: { [name]: 2 } } };
    });
    const text = words(page(d, collected([caseAt(7)])));
    expect(text).toContain('failed in 1 of 2 runs on this candidate: flaky');
    expect(text).toContain('flaky before: it both passed and failed on 2 of 7 earlier candidates');
    expect(text).toContain('1 of the 1 tests that failed are known to fail only sometimes');
  });

  it('S4 shows coverage, measurements, findings and gates with what to do about them', () => {
    const text = words(
      page(
        failing((d) => {
          const [unit] = d.suites;
          if (!unit) return;
          unit.coverage = { covered: 812, total: 1000, source: 'lcov.info' };
          unit.measurements = [{ name: 'GET /cart p95', value: 81.25, unit: 'ms' }];
          unit.findings = [
            { severity: 'low', title: 'a small one' },
            { severity: 'critical', title: 'a key', place: 'src/key.ts:3' },
          ];
          d.gates = {
            before: [
              {
                id: 'a',
                title: 'it holds',
                when: 'before',
                status: 'passed',
                severity: 'blocking',
                detail: 'yes',
              },
              {
                id: 'b',
                title: 'no secrets',
                when: 'before',
                status: 'failed',
                severity: 'blocking',
                detail: 'one key',
                fix: 'take it out',
                override: { by: 'Bo', why: 'a test key' },
              },
            ],
          };
        }),
      ),
    );
    expect(text).toContain('81.2 % of 1000 lines covered (lcov.info)');
    expect(text).toContain('GET /cart p95: 81.25 ms');
    expect(text.indexOf('a key')).toBeLessThan(text.indexOf('a small one'));
    expect(text).toMatch(
      /✖ failed no secrets one key To do: take it out Let pass by Bo: a test key .*✔ passed it holds/,
    );
    expect(text).toContain('Gate "no secrets": take it out.');
  });

  it('S4 says where the file of tests is missing or another one, and lists nothing of it', () => {
    const d = failing((it) => {
      const [unit] = it.suites;
      if (unit) unit.casesFile = { path: 'unit.cases.ndjson', sha256: 'f'.repeat(64) };
    });
    expect(page(d, { kind: 'missing' })).toContain('unit.cases.ndjson, is not there any more');
    expect(page(d, { kind: 'differs' })).toContain('SHA-256 differs');
    expect(page(d, { kind: 'differs' })).not.toContain('id="tests"');
  });

  it.each([10_000, 20_000])(
    'S4 stays below two megabytes with %i tests, every failure first, and says what it leaves out',
    (n) => {
      const text = page(failing(), several(n));
      expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
      expect(text.includes('are not listed here')).toBe(n > 10_000);
      expect(text.split('<li').length).toBeGreaterThan(9000);
      expect(text).toContain(`${n / 250 - 8} more that failed`);
    },
  );

  it('S4 stays below two megabytes when every name and message is as long as may be', () => {
    const cases = Array.from({ length: 4000 }, (_, i): TestCase => ({
      group: `g${i} ${'"'.repeat(5000)}`,
      name: `n${i} ${'<'.repeat(5000)}`,
      status: 'failed',
      message: '&\n'.repeat(5000),
      place: '<'.repeat(400),
    }));
    const text = page(failing(), collected(cases));
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
    expect(text).toContain('more failed');
  });

  it('S4 the same fold and tests give the same bytes, and its policy names its own script and sheet only', () => {
    const text = page(failing(), several(500));
    expect(page(failing(), several(500))).toBe(text);
    const script = /<script>([^]*?)<\/script>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(text).toContain(`script-src &#39;sha256-${hash}&#39;`);
    expect(text).not.toContain('unsafe-inline');
  });

  it('M5 says what past failures ask of the tests', () => {
    const d = failing((it) => {
      it.plan.testRequirement = [
        {
          deployment: '20260101_000000',
          environment: 'production',
          at: '2026-01-01T00:00:00.000Z',
          ask: { kind: 'suite', suite: 'performance' },
          evidence: 'Deployment 20260101_000000 was rolled back: p95 doubled',
          met: [],
          features: [],
        },
      ];
      it.source.features = [shipped('cart')];
    });
    expect(words(page(d))).toContain('More is asked of its tests: a performance suite that passes');
  });
});

describe('CaseCollector', () => {
  it('counts everything, keeps what a page can hold, and what failed of all', () => {
    const read = several(20_000);
    expect(read.counts).toEqual({ total: 20_000, passed: 19_720, failed: 80, skipped: 200 });
    expect(read.cases.filter(({ status }) => status === 'failed')).toHaveLength(80);
    expect(read.cases.length + read.left).toBe(20_000);
    expect(read.slowest).toHaveLength(10);
  });

  it('leaves out lines that are no test, and says how many', () => {
    const collector = new CaseCollector();
    for (const line of ['{"name":"a","status":"passed"}', '', '{"name":', '{"__proto__":{}}', '[]', 'null'])
      collector.take(line);
    expect(collector.done()).toMatchObject({ unreadable: 4, counts: { total: 1, passed: 1 } });
  });
});
