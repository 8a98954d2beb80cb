import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endProcesses } from '../../demo/processes.ts';
import { isAlive } from '../../providers/runtime/processes.ts';
import { startedProcesses } from '../../demo/started-processes.ts';
import { readLoad } from '../../demo/load/load-process.ts';
import { root } from '../harness/journey.ts';

const summarySchema = z.strictObject({
  repository: z.string(),
  deployments: z.array(
    z.strictObject({
      id: z.string().regex(/^\d{8}_\d{6}(-\d+)?$/u),
      outcome: z.string(),
      version: z.string(),
      reason: z.string(),
    }),
  ),
});

let folder: string | undefined;
let ran: { code: number | null; stdout: string; stderr: string };

/** Every process that the demo's records name: proxy, versions, conductors, load. */
const named = (at: string) => {
  const load = readLoad(at);
  const records = startedProcesses({
    state: path.join(at, 'state'),
    memory: path.join(at, 'shop', 'deployment_memory'),
  });
  return load ? [...records, load] : records;
};

beforeAll(async () => {
  const child = spawn('npm', ['run', '-s', 'demo', '--', '--headless', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    folder ??= /Making the sample in (\S+)\/shop /u.exec(stderr)?.[1];
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  ran = { code, stdout, stderr };
}, 360_000);
afterAll(async () => {
  if (folder === undefined) return;
  await endProcesses(named(folder), 1500);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}, 60_000);

describe('npm run demo -- --headless --json', () => {
  it('C1 S6 N6 plays a good deployment, one that is taken back, and the rest of that, and exits 0', () => {
    expect(ran.code, ran.stderr).toBe(0);
    const summary = summarySchema.parse(JSON.parse(ran.stdout.trimEnd().split('\n').at(-1) ?? ''));
    expect(summary.deployments.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'rolled_back',
      'succeeded',
    ]);
    // What was taken back left the version of the good one serving.
    expect(summary.deployments[1]?.version).toBe(summary.deployments[0]?.version);
    expect(summary.deployments[2]?.version).not.toBe(summary.deployments[0]?.version);
    expect(summary.deployments[1]?.reason).toMatch(/% of the candidate's (?:\d+ )?requests failed/u);
    expect(existsSync(path.join(summary.repository, 'deployment_memory', 'history'))).toBe(true);
    expect(summary.repository).toBe(path.join(folder ?? '', 'shop'));
  });

  it('C1 tells people what happened and what was learned', () => {
    expect(ran.stderr).toMatch(/8 features shipped: succeeded/u);
    expect(ran.stderr).toMatch(/3 more: rolled back/u);
    expect(ran.stderr).toMatch(/Likely "Show how soon a product can be sent": \d+ of \d+ stacks/u);
    expect(ran.stderr).toMatch(/What was learned: .* fell in the recommendation/u);
    expect(ran.stderr).toMatch(/The rest of 2: succeeded/u);
    expect(ran.stderr).toMatch(/How it differs: without "Show how soon a product can be sent"/u);
  });

  it('P1 leaves no process behind', () => {
    const records = named(folder ?? '');
    expect(records.length).toBeGreaterThan(4);
    expect(records.filter(isAlive)).toEqual([]);
  });
});
