import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Figure, figure } from './figure.ts';
import { median } from './measure.ts';
import { writeJunit } from './reports/junit-file.ts';
import { page } from './reports/page.ts';
import { papers } from './reports/papers.ts';

const run = promisify(execFile);
const rounds = 3;
const sizes = [10_000, 100_000, 300_000] as const;

interface Said {
  found: number;
  times: Record<string, number[]>;
  peak: number;
}

async function said(file: string, times: number, ...ways: string[]): Promise<Said> {
  const { stdout } = await run(process.execPath, [
    path.resolve('.build/reports-reader.js'),
    file,
    String(times),
    ...ways,
  ]);
  return JSON.parse(stdout);
}

/** Do many tests cost more than their XML, does reading them grow, and is what people get of them there at once? */
export async function bench(): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orchestra-reports-'));
  try {
    const file = (n: number) => path.join(folder, `junit-${n}.xml`);
    for (const n of sizes) await writeJunit(file(n), n);
    return [...(await reading(file(100_000))), ...(await memory(file)), ...(await page(folder)), ...papers()];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function reading(file: string): Promise<Figure[]> {
  const { times, found } = await said(file, rounds, 'library', 'tests', 'kept');
  if (found !== 100_000) throw new Error(`${found} tests were found`);
  const of = (way: string) => median(times[way] ?? []);
  const against = `sax alone ${Math.round(of('library'))} ms; in turns, median of ${rounds}`;
  return [
    figure(
      'reports',
      '100,000 tests of a JUnit file read, times the XML library alone',
      of('tests') / of('library'),
      `${Math.round(of('tests'))} ms; ${against}`,
      { atMost: 1.5 },
    ),
    figure(
      'reports',
      'the same made safe and kept in a file, times the XML library alone',
      of('kept') / of('library'),
      `${Math.round(of('kept'))} ms; ${against}`,
      'none',
    ),
  ];
}

async function memory(file: (n: number) => string): Promise<Figure[]> {
  const peaks: number[] = [];
  for (const n of sizes) {
    const tries: number[] = [];
    for (let i = 0; i < 2; i += 1) tries.push((await said(file(n), 1, 'kept')).peak);
    peaks.push(median(tries));
  }
  const [ten = 0, hundred = 0, most = 0] = peaks;
  return [
    figure(
      'reports',
      'peak memory more for 300,000 tests than for 10,000, MB',
      most - ten,
      `${ten.toFixed(0)} MB, ${hundred.toFixed(0)} MB for 100,000, ${most.toFixed(0)} MB; kept in a file, median of 2`,
      { atMost: 40 },
    ),
  ];
}
