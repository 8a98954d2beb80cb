import { open } from 'node:fs/promises';
import sax from 'sax';
import { openCases } from '../../providers/suites/reports/cases.ts';
import { readReportFile } from '../../providers/suites/reports/read-file.ts';
import { testCaseOf } from '../../providers/suites/reports/test-case-of.ts';

const chunkBytes = 256 * 1024;

/** The XML library alone: the same file in the same pieces, every tag and text read, and nothing done with it. */
async function library(path: string): Promise<number> {
  const parser = sax.parser(true, { position: true });
  let found = 0;
  parser.onopentag = ({ name }) => {
    if (name === 'testcase') found += 1;
  };
  const decoder = new TextDecoder();
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) break;
      parser.write(decoder.decode(buffer.subarray(0, bytesRead), { stream: true }));
    }
    parser.close();
  } finally {
    await file.close();
  }
  return found;
}

/** The reader of reports: each test as its runner tells it. */
async function tests(path: string): Promise<number> {
  let found = 0;
  const { problem } = await readReportFile({
    path,
    found: () => {
      found += 1;
    },
    budget: { bytes: Number.MAX_SAFE_INTEGER },
  });
  if (problem !== undefined) throw new Error(problem);
  return found;
}

/** The same, each test made safe and written to a file, as after a suite. */
async function kept(path: string): Promise<number> {
  const cases = openCases(`${path}.cases.ndjson`);
  await readReportFile({
    path,
    found: (test) => cases.take(testCaseOf(test, '/checkout')),
    budget: { bytes: Number.MAX_SAFE_INTEGER },
  });
  return cases.end().counts.total;
}

const ways: Readonly<Record<string, (path: string) => Promise<number>>> = { library, tests, kept };

// `reader.js PATH ROUNDS WAY…`: says how long each way takes, in turns, and the peak of its memory, MB.
const [path = '', rounds = '1', ...names] = process.argv.slice(2);
const times: Record<string, number[]> = {};
let found = 0;
for (let round = 0; round < Number(rounds); round += 1)
  for (const name of names) {
    const began = performance.now();
    found = (await ways[name]?.(path)) ?? 0;
    (times[name] ??= []).push(performance.now() - began);
  }
const peak = (process.resourceUsage().maxRSS * 1024) / 1e6;
process.stdout.write(JSON.stringify({ found, times, peak }));
