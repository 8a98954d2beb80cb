import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { progressSchema } from '../../src/domain/progress.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { aDeployment, aRollback, aSuccess } from '../harness/deployment.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { lookAt } from '../harness/look.ts';

const now = new Date('2026-02-01T08:00:00.000Z');
const clock = { now: () => now, sleep: async () => undefined };
const open = (dir: string) => openMemory({ dir, clock });
const read = (dir: string) =>
  progressSchema.parse(JSON.parse(readFileSync(path.join(dir, 'progress.json'), 'utf8')));
const text = (dir: string) => readFileSync(path.join(dir, 'progress-status.txt'), 'utf8');
const write = (dir: string, ...deployments: Deployment[]) =>
  open(dir).writeProgress(async () => deployments.map((d) => lookAt(d, now)));

describe('M10 the progress files', () => {
  it('have the tasks, who works on them, and statistics', async () => {
    const dir = temporaryFolder();
    const deployment = aDeployment().built().suite('unit', 'passed').passed('staging').build();
    deployment.conductor = { pid: 4242, startTime: '1' };
    await write(dir, deployment);
    expect(read(dir)).toMatchObject({
      schema: 'orchestra/progress@2',
      updatedAt: '2026-02-01T08:00:00.000Z',
      activeAgents: [
        { name: 'Ada', kind: 'person', role: 'requested' },
        { name: 'conductor', kind: 'worker', pid: 4242, role: 'conducts' },
      ],
      stats: { total: 6, completed: 3, inProgress: 1, pending: 2 },
    });
    expect(read(dir).tasks[3]).toEqual({
      id: '20260131_142500/testing',
      deployment: '20260131_142500',
      environment: 'production',
      stage: 'testing',
      status: 'in_progress',
      progress: 50,
      elapsedMs: 63_270_000,
      detail: '1 of 2 suites',
    });
  });

  it('say the same as lines of ASCII, and nothing is left beside them', async () => {
    const dir = temporaryFolder();
    const deployment = aDeployment().built().passed('testing').phases(1).build();
    deployment.by = { name: 'Zoë "x" \\ 漢', face: 'cli', kind: 'agent', tool: 'claude' };
    deployment.environment = 'pro duction';
    await write(dir, deployment);
    expect(text(dir)).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(text(dir)).toContain('\nupdated=2026-02-01T08:00:00.000Z\n');
    expect(text(dir)).toMatch(/^deployment id=20260131_142500 environment="pro duction" stage=production /m);
    expect(text(dir)).toMatch(/^agent .*kind=agent tool="claude" pid=none name="Zoe 'x' ' \?"$/m);
    expect(text(dir).match(/^task /gm)).toHaveLength(6);
    expect(readdirSync(dir).sort()).toEqual(['progress-status.txt', 'progress.json']);
  });

  it('after the end they say what ended and how, also when others ran on', async () => {
    const dir = temporaryFolder();
    const other = { ...aDeployment('20260131_150000').build(), updatedAt: now.toISOString() };
    await write(dir, aSuccess('20260131_142500'), other);
    expect(read(dir)).toMatchObject({ state: 'running', stats: { deployments: 1 } });
    await write(dir, aRollback('20260131_150000'));
    expect(read(dir)).toMatchObject({
      state: 'idle',
      activeAgents: [],
      waits: [],
      ended: expect.arrayContaining([
        expect.objectContaining({ deployment: '20260131_150000', outcome: 'rolled_back' }),
        expect.objectContaining({ deployment: '20260131_142500', outcome: 'succeeded' }),
      ]),
    });
    expect(text(dir)).toMatch(/^state=idle$/m);
    expect(text(dir)).toMatch(/^ended id=20260131_142500 .*outcome=succeeded/m);
  });

  it('a clock that was set back makes no time negative', async () => {
    const dir = temporaryFolder();
    const d = aDeployment().built().passed('testing').phases(1).build();
    for (const state of Object.values(d.stages))
      if (state.status !== 'pending') state.startedAt = '2027-01-01T00:00:00.000Z';
    await write(dir, d);
    expect(read(dir).tasks.map(({ elapsedMs }) => elapsedMs)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(read(dir).waits.every(({ forMs }) => forMs >= 0)).toBe(true);
  });

  it('M9 a file of version 1 is kept byte for byte', async () => {
    const dir = temporaryFolder();
    const old = '{ "version":1,\n "status": "running", "percent": 40 }';
    writeFileSync(path.join(dir, 'progress.json'), old);
    await write(dir, aDeployment().build());
    expect(readFileSync(path.join(dir, 'progress.json.backup'), 'utf8')).toBe(old);
    expect(read(dir).schema).toBe('orchestra/progress@2');
    await write(dir, aDeployment().build());
    writeFileSync(path.join(dir, 'progress.json'), `${old} `);
    await write(dir, aDeployment().build());
    expect(readFileSync(path.join(dir, 'progress.json.backup'), 'utf8')).toBe(old);
    expect(readFileSync(path.join(dir, 'progress.json.backup-2'), 'utf8')).toBe(`${old} `);
  });

  it('what a later version wrote stays as it is', async () => {
    const dir = temporaryFolder();
    const newer = '{"schema":"orchestra/progress@3"}\n';
    writeFileSync(path.join(dir, 'progress.json'), newer);
    await expect(write(dir, aDeployment().build())).rejects.toMatchObject({ code: 'newer-schema', exit: 78 });
    expect(readFileSync(path.join(dir, 'progress.json'), 'utf8')).toBe(newer);
    expect(existsSync(path.join(dir, 'progress-status.txt'))).toBe(false);
  });

  it('no look is older than what is written already: writers come one after the other', async () => {
    const dir = temporaryFolder();
    let looking = 0;
    let together = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () =>
        open(dir).writeProgress(
          async () => {
            looking += 1;
            together = Math.max(together, looking);
            await new Promise((resolve) => setTimeout(resolve, 2));
            looking -= 1;
            return [];
          },
          { patienceMs: 10_000 },
        ),
      ),
    );
    expect(together).toBe(1);
  });

  it('a memory that is no folder is an error, not a crash of whoever tells', async () => {
    const dir = temporaryFolder();
    mkdirSync(path.join(dir, 'progress.json'));
    await expect(write(dir, aDeployment().build())).rejects.toThrow(/progress\.json/);
  });
});
