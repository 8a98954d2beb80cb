import { describe, expect, it } from 'vitest';
import { resources } from '../../../src/gates/after/resources.ts';
import type { Usage } from '../../../src/ports/platform.ts';
import { rolledOut, type RolledOutOptions, version } from '../../harness/rolled-out.ts';
import { World } from '../../harness/world.ts';

const mb = 1024 ** 2;
const copy = { version, pid: 7, startTime: '7', port: 4001, log: '' };

/** One copy whose usage is read twice, with a clock that lets a second pass at once. */
function look(options: RolledOutOptions, usage?: [Usage, Usage]) {
  const { platform } = new World().conductor();
  const context = rolledOut({
    ...options,
    running: {
      platform: {
        ...platform,
        running: async () => [copy],
        ...(usage ? { usage: async () => (now === 0 ? usage[0] : usage[1]) } : {}),
      },
    },
  });
  let now = 0;
  const clock = {
    now: () => new Date(now),
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  return resources.look({ ...context, ports: { ...context.ports, clock } });
}

describe('the gate of the resources', () => {
  it('G3 passes within its limit of memory', async () => {
    expect(
      await look({ memory: { candidate: 200 * mb }, settings: { resources: { memory: '256MB' } } }),
    ).toEqual({ status: 'passed', detail: 'memory 200 MB, 256 MB is the limit' });
  });

  it('G3 fails over the limit that the thresholds name', async () => {
    const triggers = { ...rolledOut().subject.plan.triggers, memoryLimitBytes: 128 * mb };
    expect(await look({ memory: { candidate: 129 * mb }, plan: { triggers } })).toMatchObject({
      status: 'failed',
      detail: 'memory 129 MB, 128 MB is the limit',
    });
  });

  it('compares with stable at its most where no limit is named, a small rise being no harm', async () => {
    expect(await look({ memory: { candidate: 210 * mb, stable: 100 * mb } })).toMatchObject({
      status: 'failed',
      detail: 'memory 210 MB, stable’s was at most 100 MB',
    });
    expect(await look({ memory: { candidate: 60 * mb, stable: 10 * mb } })).toMatchObject({
      status: 'passed',
    });
    expect(await look({ memory: { candidate: 200 * mb, stable: 100 * mb } })).toMatchObject({
      status: 'passed',
    });
    expect(await look({ memory: { candidate: 900 * mb } })).toEqual({
      status: 'passed',
      detail: 'memory 900 MB, with nothing to compare it with',
    });
  });

  it('tells processor time and open files, and holds them to their limits', async () => {
    const files = (open: number) => ({ openFiles: { open, limit: 1000 } });
    const usage: [Usage, Usage] = [
      { cpuMs: 100, ...files(1) },
      { cpuMs: 850, ...files(801) },
    ];
    expect(await look({}, [usage[0], { cpuMs: 850, ...files(800) }])).toEqual({
      status: 'passed',
      detail: 'processor 75 %; 800 of 1000 files open',
    });
    expect(await look({}, usage)).toMatchObject({ status: 'failed', detail: '801 of 1000 files open' });
    expect(await look({ settings: { resources: { cpu: 50, open_files: 90 } } }, usage)).toMatchObject({
      status: 'failed',
      detail: 'processor 75 %, 50 % is the limit',
    });
  });

  it('is skipped where nothing of it can be seen', async () => {
    expect(await look({})).toMatchObject({ status: 'skipped' });
  });
});
