import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseAt } from '../../bench/reports/many-cases.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { reportGates, reportTests } from '../../src/engine/report-tests.ts';
import { aDeployment } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { openPast } from '../harness/past.ts';

const folder = temporaryFolders();

/** A deployment whose unit suite left a file of so many tests, and the memory it stands in. */
function withCases(n: number, change: (d: Deployment) => void = () => {}) {
  const dir = folder();
  const d = aDeployment().built().suite('unit', 'failed').suite('smoke', 'passed').build();
  const text = Array.from({ length: n }, (_, i) => `${JSON.stringify(caseAt(i))}\n`).join('');
  const place = path.join(dir, 'current', d.id);
  mkdirSync(path.join(place, 'suites'), { recursive: true });
  writeFileSync(path.join(place, 'suites/unit.cases.ndjson'), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const [unit] = d.suites;
  if (unit) unit.casesFile = { path: 'suites/unit.cases.ndjson', sha256 };
  change(d);
  const memory = openPast(dir);
  return { d, memory, read: () => readFileSync(path.join(place, 'test-report.html'), 'utf8') };
}

describe('reportTests', () => {
  it('S4 reads the files of tests that the journal names, across the parts they are read in', async () => {
    const { d, memory, read } = withCases(5000);
    expect(await reportTests(d, memory)).toEqual({
      file: `current/${d.id}/test-report.html`,
      past: undefined,
    });
    for (const i of [0, 1500, 4998]) expect(read()).toContain(`has number ${i} and nobody`);
    expect(read()).not.toContain('are no tests');
  });

  it('S4 believes no file whose bytes the journal does not name, nor one that is gone', async () => {
    const altered = withCases(10, ({ suites: [unit] }) => {
      if (unit?.casesFile) unit.casesFile.sha256 = '0'.repeat(64);
    });
    await reportTests(altered.d, altered.memory);
    expect(altered.read()).toContain('SHA-256 differs');
    expect(altered.read()).not.toContain('has number 7 and nobody');
    const gone = withCases(10, ({ suites: [unit] }) => {
      if (unit?.casesFile) unit.casesFile.path = 'suites/other.cases.ndjson';
    });
    await reportTests(gone.d, gone.memory);
    expect(gone.read()).toContain('is not there any more');
  });

  it('S4 the report is written anew with the gates, and what cannot be written takes nothing back', async () => {
    const { d, memory, read } = withCases(10);
    await reportTests(d, memory);
    const checked = {
      type: 'gates.checked',
      effect: 'x',
      when: 'before',
      results: [
        {
          id: 'a',
          title: 'it holds',
          when: 'before',
          status: 'passed',
          severity: 'blocking',
          detail: 'seen',
        },
      ],
    } as const;
    const said: string[] = [];
    const log = (line: string) => void said.push(line);
    const results = [...checked.results];
    await reportGates({ ...d, testReport: 'test-report.html' }, { ...checked, results }, { memory, log });
    expect(read()).toContain('it holds');
    const full = { ...memory, writeDocuments: async () => Promise.reject(new Error('no space left')) };
    const event = await reportGates(
      { ...d, testReport: 'test-report.html' },
      { ...checked, results },
      { memory: full, log },
    );
    expect(event.results).toEqual(results);
    expect(said).toEqual(['the test report could not be written anew: no space left']);
  });
});
