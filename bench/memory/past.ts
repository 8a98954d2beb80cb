import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { recordOf } from '../../src/domain/deployment-record.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { openIndexFiles } from '../../src/memory/history/index-files.ts';
import { linesOfRows } from '../../src/memory/history/index-writing.ts';
import { printJson } from '../../src/memory/json-file.ts';
import { aSuccess } from '../../test/harness/deployment.ts';

const words =
  'basket checkout login token price search order refund invoice locale image cache retry queue mail'.split(
    ' ',
  );
const people = ['Ada Lovelace', 'Grace Hopper', 'Łukasz Nowak', 'ci'];
const environments = ['production', 'production', 'staging', 'eu-west'];

const at = <T>(values: readonly T[], i: number): T => {
  const found = values[i % values.length];
  if (found === undefined) throw new TypeError('there is at least one');
  return found;
};

/** The id of a deployment that began at a time. */
export const idOf = (time: number): string =>
  new Date(time)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/gu, '')
    .replace('T', '_');

/** `n` past deployments, one every half an hour up to `end`, as a team's would be: a few features each, most of them fine. */
export function pastDeployments(n: number, end: number): HistoryRow[] {
  return Array.from({ length: n }, (_, i): HistoryRow => {
    const time = end - (n - i) * 1_800_000;
    const iso = (ms: number) => new Date(time + ms).toISOString();
    const id = idOf(time);
    const outcome = i % 11 === 0 ? 'rolled_back' : i % 17 === 0 ? 'failed' : 'succeeded';
    const word = (k: number) => at(words, i * 7919 + k * 31);
    const features = Array.from({ length: 1 + (i % 4) }, (_row, k) => ({
      id: `${word(k)}-${word(k + 3)}-${i % 977}`,
      title: `feat(${word(k)}): ${word(k + 1)} and ${word(k + 5)} for ${word(k + 9)} (#${i + k})`,
    }));
    return {
      id,
      environment: at(environments, i),
      kind: i % 40 === 0 ? 'rollback' : 'deploy',
      outcome,
      reason: outcome === 'succeeded' ? 'all phases passed' : `error rate ${i % 20}.5 % is over 5 %`,
      version: `release/${id}`,
      candidate: `release/${id}`,
      strategy: i % 2 ? 'canary' : 'blue-green',
      features,
      by: at(people, i),
      startedAt: iso(0),
      durationMs: 400_000 + (i % 1000),
      facts: {
        says: outcome === 'succeeded' ? 'success' : 'failure',
        settledAt: iso(390_000),
        exposedAt: iso(60_000),
        probability: 0.9 + (i % 90) / 1000,
        types: ['feature', 'fix'],
        lines: i % 900,
        flags: i % 3 ? [] : ['schema'],
        written: features.map((_feature, k) => iso(-86_400_000 * (k + 1))),
      },
    };
  });
}

/** Whole folders in `history/`, as many as are kept by default. */
const wholeFolders = 1000;
/** Rows in a file of the index. */
const inFile = 4096;

/** Makes a memory in `dir` with `n` past deployments, the newest of them with their folders. */
export async function makePast(dir: string, n: number, end: number): Promise<void> {
  const rows = pastDeployments(n, end);
  const whole = new Set(rows.slice(-wholeFolders).map(({ id }) => id));
  for (const { id } of rows.slice(-wholeFolders)) {
    const folder = path.join(dir, 'history', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'deployment.json'), printJson(recordOf(aSuccess(id))));
  }
  const files = openIndexFiles(path.join(dir, 'index'));
  const facts = new Map(rows.flatMap((row) => (row.facts ? [[row.id, row.facts] as const] : [])));
  for (let from = 0, file = 1; from < rows.length; from += inFile, file += 1) {
    const kept = rows
      .slice(from, from + inFile)
      .map((row) => ({ row, place: whole.has(row.id) ? ('history' as const) : ('archive' as const) }));
    await files.create(file, linesOfRows(kept, facts));
  }
}
