import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import type { Deployment } from '../domain/deployment.ts';
import { messageOf } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { CaseCollector, type SuiteCases } from '../domain/suite-cases.ts';
import { flakyPastOf, type FlakyPast } from '../domain/suite-past.ts';
import type { SuiteState } from '../domain/suite-result.ts';
import { testReport } from '../planning/papers/test-report.ts';
import type { Memory } from '../ports/memory.ts';
import type { ConductorPorts } from './ports.ts';
import { readSuitePast } from './suite-past.ts';

type Checked = Extract<EventBody, { type: 'gates.checked' }>;

/** A test of more than this is none: names and messages are cut where they are written. */
const longestLine = 256 * 1024;

/**
 * Writes the report of the tests: its path, and what the history says of them, which the journal keeps, so that the report
 * can be made again from it and the files of tests alone.
 */
export async function reportTests(
  d: Deployment,
  memory: Memory,
): Promise<{ file: string; past: FlakyPast | undefined }> {
  // A history that cannot be read is no reason to fail what runs now.
  const past = flakyPastOf(await readSuitePast(memory, d.plan.suites).catch(() => ({})));
  const file = await write(past ? { ...d, flakyPast: past } : d, memory);
  return { file, past };
}

/** Writes the report anew with the gates in it, once there is one. No rollout goes back because that could not be written. */
export async function reportGates(
  d: Deployment,
  checked: Checked,
  { memory, log }: Pick<ConductorPorts, 'memory' | 'log'>,
): Promise<Checked> {
  if (d.testReport === undefined) return checked;
  const gates = { ...d.gates, [checked.when]: checked.results };
  await write({ ...d, gates }, memory).catch((error: unknown) =>
    log(`the test report could not be written anew: ${messageOf(error)}`),
  );
  return checked;
}

async function write(d: Deployment, memory: Memory): Promise<string> {
  const cases = new Map<string, SuiteCases>();
  for (const state of d.suites) {
    const read = await casesOf(d.id, state, memory);
    if (read) cases.set(state.suite, read);
  }
  const [file] = await memory.writeDocuments(d.id, [testReport(d, cases)]);
  return file ?? '';
}

/** The tests of a suite's last run, if they are the ones that the journal names; undefined where it names none. */
async function casesOf(
  id: string,
  { casesFile }: SuiteState,
  memory: Pick<Memory, 'readParts'>,
): Promise<SuiteCases | undefined> {
  if (!casesFile) return undefined;
  const hash = createHash('sha256');
  const decoder = new StringDecoder('utf8');
  const collector = new CaseCollector();
  let rest = '';
  const found = await memory.readParts(id, casesFile.path, (part) => {
    hash.update(part);
    const lines = (rest + decoder.write(Buffer.from(part))).split('\n');
    rest = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) collector.take(line);
  });
  if (!found) return { kind: 'missing' };
  if (hash.digest('hex') !== casesFile.sha256) return { kind: 'differs' };
  collector.take(rest + decoder.end());
  return collector.done();
}
