import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFindings } from '../../../providers/suites/findings.ts';
import { changedLines, countChanged } from '../../../providers/suites/line-coverage/changed-lines.ts';
import { readCobertura } from '../../../providers/suites/line-coverage/cobertura.ts';
import { readLcov } from '../../../providers/suites/line-coverage/lcov.ts';
import { countLines } from '../../../providers/suites/line-coverage/line-hits.ts';
import { readCoverage } from '../../../providers/suites/line-coverage/read-coverage.ts';
import { readMeasurements } from '../../../providers/suites/measurements.ts';
import { markOf } from '../../../providers/suites/written-file.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { temporaryRepository, type TemporaryRepository } from '../../harness/temporary-repository.ts';

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A text in pieces of this size. */
async function* pieces(text: string, size = 7): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const lcov =
  'TN:\nSF:src/a.ts\nDA:1,5\nDA:2,0\r\nDA:3,1\nLF:3\nend_of_record\nSF:src/b.ts\nDA:9,0\nend_of_record\n';
const cobertura = `<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.5"><!-- <class filename="no"> --><sources><source>src</source></sources><packages><package name="x > y"><classes>
<class name="A" filename="a&amp;b.py" line-rate='1'><methods><method name="f"><lines><line number="1" hits="1"/></lines></method></methods>
<lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>
`;

describe('coverage', () => {
  it('G1 of lcov and Cobertura is read line by line, however it is cut into pieces', async () => {
    for (const size of [1, 7, 10_000]) {
      expect(countLines(await readLcov(pieces(lcov, size)))).toEqual({ covered: 2, total: 4 });
      const hits = await readCobertura(pieces(cobertura, size));
      expect([...hits.keys()]).toEqual(['src/a&b.py']);
      expect(countLines(hits)).toEqual({ covered: 1, total: 2 });
    }
  });

  it('that was written by half, or declares entities, is refused', async () => {
    for (let cut = 1; cut < cobertura.length - 14; cut += 11)
      await expect(readCobertura(pieces(cobertura.slice(0, cut))), String(cut)).rejects.toThrow(RangeError);
    await expect(readLcov(pieces(lcov.slice(0, -20)))).rejects.toThrow('its last record has no end');
    const bomb = '<!DOCTYPE c [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><coverage>&b;</coverage>';
    await expect(readCobertura(pieces(bomb))).rejects.toThrow('it declares entities');
    await expect(readCobertura(pieces(`<a ${'x'.repeat(200_000)}`, 1000))).rejects.toThrow('without an end');
    await expect(readCobertura(pieces('<html></html>'))).rejects.toThrow('neither lcov nor Cobertura');
  });

  it('of a large report is read in flat memory', async () => {
    async function* large() {
      yield Buffer.from('SF:a\n');
      for (let i = 0; i < 2000; i += 1) yield Buffer.from('BRDA:1,0,0,1\nDA:1,1\n'.repeat(1000));
      yield Buffer.from('end_of_record\n');
    }
    expect(countLines(await readLcov(large()))).toEqual({ covered: 1, total: 1 });
  });

  it('is never read from outside the checkout, from before the run, from a pipe', async () => {
    const request = { root, path: 'cov', base: null, sha: 'a'.repeat(40), before: undefined };
    const read = (change = {}) => readCoverage({ ...request, git: repository.git, ...change });
    const repository = await temporaryRepository();
    await expect(read()).rejects.toThrow('it is not there');
    writeFileSync(join(root, 'cov'), lcov);
    expect(await read()).toEqual({ covered: 2, total: 4, source: 'cov' });
    await expect(read({ before: await markOf(root, 'cov') })).rejects.toThrow('the suite did not write it');
    rmSync(join(root, 'cov'));
    symlinkSync('/etc/passwd', join(root, 'cov'));
    await expect(read()).rejects.toThrow('a link leads out');
    rmSync(join(root, 'cov'));
    execFileSync('mkfifo', [join(root, 'cov')]);
    await expect(read()).rejects.toThrow('it is no file');
    mkdirSync(join(root, 'folder'));
    await expect(read({ path: 'folder' })).rejects.toThrow('it is no file');
    repository.remove();
  });

  it('G1 of changed lines counts those that the difference has and the report knows', async () => {
    const repository: TemporaryRepository = await temporaryRepository();
    const base = repository.commit({ 'src/a.ts': '1\n2\n3\n', 'gone.ts': 'x\n' });
    const sha = repository.commit({ 'src/a.ts': '1\nchanged\n3\nnew\n++ b/src/no.ts\n', 'ü "q".ts': 'a\n' });
    const changed = await changedLines(repository.git, base, sha);
    expect([...(changed.get('src/a.ts') ?? [])]).toEqual([2, 4, 5]);
    const hits = new Map([
      [
        'src/a.ts',
        new Map([
          [1, true],
          [2, false],
          [4, true],
        ]),
      ],
      [join(root, 'src/b.ts'), new Map([[1, true]])],
    ]);
    expect(countChanged(hits, changed, root)).toEqual({ covered: 1, total: 2 });
    repository.remove();
  });
});

describe('measurements', () => {
  const read = (json: unknown) => {
    writeFileSync(join(root, 'm.json'), typeof json === 'string' ? json : JSON.stringify(json));
    return readMeasurements(root, 'm.json', undefined);
  };

  it('are read from the own format, k6, autocannon and hyperfine', async () => {
    expect(
      await read({
        measurements: [
          { name: 'list', unit: 'ms', samples: [3, 1, 2] },
          { name: 'rps', value: 5, higherIsBetter: true },
        ],
      }),
    ).toEqual([
      { name: 'list', value: 2, unit: 'ms', samples: [3, 1, 2] },
      { name: 'rps', value: 5, higherIsBetter: true },
    ]);
    expect(await read({ results: [{ command: 'node a.js', mean: 2, median: 1.5, times: [1.5] }] })).toEqual([
      { name: 'node a.js', value: 1.5, unit: 's', samples: [1.5] },
    ]);
    const k6 = {
      http_req_duration: { med: 4, 'p(95)': 9 },
      http_reqs: { rate: 100, count: 5 },
      vus: { value: 1 },
    };
    expect(await read({ metrics: k6 })).toEqual([
      { name: 'http_req_duration med', value: 4, unit: 'ms' },
      { name: 'http_req_duration p(95)', value: 9, unit: 'ms' },
      { name: 'http_reqs', value: 100, unit: '1/s', higherIsBetter: true },
    ]);
    const latency = { average: 1, p50: 1, p97_5: 2, p99: 3 };
    expect(await read({ latency, requests: { average: 900 } })).toHaveLength(4);
  });

  it('that are none of these, or half of one, are refused', async () => {
    await expect(read('{"measurements": [')).rejects.toThrow('it is no JSON');
    await expect(read({ some: 'thing' })).rejects.toThrow('none of the formats');
    await expect(read({ measurements: [] })).rejects.toThrow('none of the formats');
  });
});

describe('findings', () => {
  const read = (runs: unknown) => {
    writeFileSync(join(root, 'f.sarif'), JSON.stringify({ version: '2.1.0', runs }));
    return readFindings(root, 'f.sarif', undefined);
  };
  const tool = {
    driver: { name: 'scan', rules: [{ id: 'X1', properties: { 'security-severity': '9.8' } }] },
  };

  it('are read from SARIF, the gravest first, what was let be left out, secrets in them hidden', async () => {
    const where = (uri: string, startLine: number) => [
      { physicalLocation: { artifactLocation: { uri }, region: { startLine } } },
    ];
    const results = [
      { ruleId: 'Y', level: 'note', message: { text: 'small' } },
      {
        ruleId: 'X1',
        message: { text: 'key ghp_a1B2c3D4e5a1B2c3D4e5a1B2c3 here' },
        locations: where('a.js', 3),
      },
      { ruleId: 'Z', level: 'error', suppressions: [{ kind: 'inSource' }] },
      { ruleId: 'Z', kind: 'pass' },
    ];
    expect(await read([{ tool, results }])).toEqual([
      { severity: 'critical', title: 'X1: key *** here', place: 'a.js:3' },
      { severity: 'low', title: 'Y: small' },
    ]);
    expect(await read([{ tool, results: [] }])).toEqual([]);
  });

  it('of no run, or of something else, are refused', async () => {
    await expect(read([])).rejects.toThrow('no run of a scanner');
    await expect(read('x')).rejects.toThrow('no SARIF');
  });
});
