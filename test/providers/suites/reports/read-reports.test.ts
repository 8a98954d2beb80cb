import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportFormats } from '../../../../providers/suites/reports/registry.ts';
import { reportPathSchema } from '../../../../src/domain/report-format.ts';
import { reading, readingFile } from './reading.ts';

const passing = '<testsuite><testcase name="adds"/></testsuite>';
const failing = '<testsuite><testcase name="adds"><failure message="no"/></testcase></testsuite>';
const report = { path: 'out/unit.xml' };

describe('a report and the exit code', () => {
  it.each([
    [0, passing, 'passed', undefined],
    [1, failing, 'failed', undefined],
    [1, passing, 'failed', 'no test of its report failed, though the command ended with exit code 1'],
    [null, passing, 'failed', 'no test of its report failed, though the command ended by a signal'],
    [0, failing, 'failed', '1 of its tests failed, though the command ended with exit code 0'],
  ])('S4 exit code %s with %s is %s', async (exitCode, content, status, problem) => {
    const said = await readingFile(content, { exitCode });
    expect(said.status).toBe(status);
    expect(said.reportProblem).toBe(problem);
  });

  it('S4 without any report it is the exit code, and nothing is said of tests', async () => {
    const { tests, ...said } = await reading({ printed: 'all is well\n' });
    expect({ tests, said }).toEqual({ tests: [], said: { status: 'passed' } });
  });

  it('a report that is told and is not there is said', async () => {
    expect(await reading({ report })).toMatchObject({
      status: 'passed',
      reportProblem: 'it wrote no out/unit.xml',
    });
  });

  it('the newest word of a run is read: one that the checkout holds is not', async () => {
    const before = (root: string) => {
      mkdirSync(join(root, 'out'));
      writeFileSync(join(root, 'out/unit.xml'), passing);
    };
    const stale = await reading({ before, report });
    expect(stale.counts).toBeUndefined();
    expect(stale.reportProblem).toContain('was there before the suite ran');
    const fresh = await reading({ before, report, files: { 'out/unit.xml': failing } });
    expect(fresh).toMatchObject({ status: 'failed', counts: { failed: 1 } });
  });
});

describe('where a report is', () => {
  it('a pattern takes all files that match, in the order of their names', async () => {
    const files = {
      'a/target/surefire-reports/TEST-B.xml': '<testsuite><testcase name="b"/></testsuite>',
      'a/target/surefire-reports/TEST-A.xml': '<testsuite><testcase name="a"/></testsuite>',
      'a/target/surefire-reports/A.txt': 'text',
      'node_modules/x/target/surefire-reports/TEST-C.xml': failing,
    };
    const said = await reading({ files, report: { path: '**/target/surefire-reports/TEST-?.xml' } });
    expect(said.tests.map(({ name }) => name)).toEqual(['a', 'b']);
    const unasked = await reading({ files, command: './mvnw --batch-mode test' });
    expect(unasked.counts?.total).toBe(2);
  });

  it('the options of known runners tell it where nothing else does', async () => {
    const files = { 'out/unit.xml': passing };
    for (const command of [
      'pytest --junitxml=out/unit.xml',
      'phpunit --log-junit out/unit.xml',
      'mocha --reporter xunit --reporter-option output=out/unit.xml',
      "vitest run --outputFile.junit='out/unit.xml'",
    ])
      expect((await reading({ files, command })).counts?.total, command).toBe(1);
  });

  it('what leads out of the work tree, or is no file, is refused and said', async () => {
    const during = (root: string) => {
      writeFileSync(join(root, '../outside.xml'), passing);
      symlinkSync('../outside.xml', join(root, 'link.xml'));
      symlinkSync('..', join(root, 'up'));
      symlinkSync('/dev/zero', join(root, 'zero.xml'));
      spawnSync('mkfifo', [join(root, 'pipe.xml')]);
      mkdirSync(join(root, 'folder.xml'));
    };
    for (const [path, why] of [
      ['link.xml', 'leads out of the work tree'],
      ['up/outside.xml', 'leads out of the work tree'],
      ['zero.xml', 'leads out of the work tree'],
      ['pipe.xml', 'is no regular file'],
      ['folder.xml', 'is no regular file'],
      ['*.xml', 'leads out of the work tree'],
    ] as const) {
      const said = await reading({ during, report: { path } });
      expect(said.reportProblem, path).toContain(why);
      expect(said.counts).toBeUndefined();
    }
    expect((await reading({ during, report: { path: '**/outside.xml' } })).counts).toBeUndefined();
  });

  it('settings take only paths below the work tree', () => {
    for (const path of ['/etc/passwd', '../x', 'a/../../x', '', 'a\nb', 'a\\b', '\u001b[2J'])
      expect(reportPathSchema.safeParse(path).success, JSON.stringify(path)).toBe(false);
    for (const path of ['a.xml', 'target/**/*.xml', './x', 'größe/a b.xml', 'a..b'])
      expect(reportPathSchema.safeParse(path).success, path).toBe(true);
  });
});

describe('whatever a report holds', () => {
  it('a file of 1 GB is read as far as it is let, and no further', async () => {
    const during = (root: string) => {
      writeFileSync(join(root, 'big.xml'), `<testsuite><testcase name="a"/>`);
      truncateSync(join(root, 'big.xml'), 1024 ** 3);
    };
    const said = await reading({ during, report: { path: 'big.xml' }, limit: 4 * 1024 * 1024 });
    expect(said.counts).toEqual({ total: 1, passed: 1, failed: 0, skipped: 0 });
    expect(said.reportProblem).toBe('big.xml: only its beginning was read: it is too large');
  });

  it('bytes of any kind never end the run, in any format', async () => {
    const begin = [
      '',
      '<testsuite>',
      '{"testResults":[',
      'TAP version 13\n',
      '{"Action":"run"}\n',
      'running 1 test\n',
    ];
    const pieces = fc.constantFrom(
      '<testcase name="a">',
      'ok 1 - ',
      '  ---\n',
      '    not ok',
      '{"Action":"fail","Package":"p","Test":"__proto__"}\n',
      'test __proto__ ... FAILED\n',
      '{"assertionResults":[{"status":"passed"}]}',
      '\0',
      ']]>',
      '1..5\n',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...begin),
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), pieces), { maxLength: 30 }),
        fc.constantFrom(undefined, ...reportFormats.map(({ name }) => name)),
        async (first, rest, format) => {
          const said = await readingFile(first + rest.join(''), {
            report: { path: 'report.out', ...(format && { format }) },
          });
          expect(['passed', 'failed']).toContain(said.status);
          expect(said.tests).toHaveLength(said.counts?.total ?? said.tests.length);
          expect(JSON.stringify(said)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('more tests than are kept are counted, and that is said', async () => {
    const said = await readingFile(`<testsuite>${'<testcase name="a"/>'.repeat(200_001)}</testsuite>`);
    expect(said.counts?.total).toBe(200_001);
    expect(said.tests).toHaveLength(200_000);
    expect(said.reportProblem).toBe('1 further tests are counted and not kept');
  }, 60_000);
});
