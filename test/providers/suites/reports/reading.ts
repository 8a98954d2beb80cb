import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { watchReports, type ReportsSay } from '../../../../providers/suites/reports/read-reports.ts';
import type { ReportFormatName } from '../../../../src/domain/report-format.ts';
import { testCaseSchema, type TestCase } from '../../../../src/domain/test-case.ts';
import { temporaryFolder } from '../../../harness/folder.ts';

/** What was read of a run, and the tests that were kept of it. */
export interface Said extends ReportsSay {
  tests: TestCase[];
}

export interface Run {
  /** What the run wrote, by path. */
  files?: Record<string, string | Buffer>;
  printed?: string | Buffer;
  /** Done before the run: what the checkout holds. */
  before?: (root: string) => void;
  /** Done by the run, beside its files. */
  during?: (root: string) => void;
  command?: string;
  report?: { path: string; format?: ReportFormatName };
  exitCode?: number | null;
  limit?: number;
}

/** A run of a suite that wrote these files, as its reports are read; in a folder of its own. */
export async function reading({
  files = {},
  printed = '',
  before,
  during,
  command = './test',
  report,
  exitCode = 0,
  limit,
}: Run): Promise<Said> {
  const folder = temporaryFolder();
  const root = join(folder, 'tree');
  const log = join(folder, 'unit.log');
  mkdirSync(root);
  before?.(root);
  const reports = await watchReports({ root, suite: { run: command, ...(report && { report }) } });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  during?.(root);
  writeFileSync(log, printed);
  const said = await reports.read({
    exitCode,
    timedOut: false,
    log,
    from: 0,
    ...(limit !== undefined && { limit }),
  });
  const path = said.casesFile?.path;
  const text = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : '';
  const tests = text
    .split('\n')
    .slice(0, -1)
    .map((line) => testCaseSchema.parse(JSON.parse(line)));
  return { ...said, tests };
}

/** The same for one report of this content. */
export function readingFile(content: string | Buffer, more: Run = {}): Promise<Said> {
  return reading({ files: { 'report.out': content }, report: { path: 'report.out' }, ...more });
}
