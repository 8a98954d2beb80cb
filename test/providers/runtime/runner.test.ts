import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { processesWith } from '../../../providers/runtime/process-table.ts';
import { createRunner, runMark } from '../../../providers/runtime/runner.ts';
import { temporaryFolder } from '../../harness/folder.ts';

const runner = createRunner();
let folder: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = temporaryFolder();
  env = { PATH: process.env['PATH'] ?? '', [runMark]: folder };
});
afterEach(() => {
  expect(processesWith({ [runMark]: folder })).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

async function output(commandLine: string) {
  let text = '';
  const result = await runner.shell(commandLine, {
    cwd: folder,
    env,
    onOutput: (chunk) => (text += chunk.toString()),
  });
  return { ...result, text };
}

/** Starts it, and ends it once it has said `ready` as often as told. */
async function endWhenReady(commandLine: string, times = 1) {
  const abort = new AbortController();
  let text = '';
  return runner.shell(commandLine, {
    cwd: folder,
    env,
    signal: abort.signal,
    killAfterMs: 300,
    onOutput: (chunk) => {
      text += chunk.toString();
      if (text.split('ready').length > times) abort.abort();
    },
  });
}

const node = (code: string) => `'${process.execPath}' -e '${code}'`;

describe('a command of the project', () => {
  it('gives its exit code, and stdout and stderr in the order written', async () => {
    const result = await output('for i in 1 2 3; do echo out$i; echo err$i >&2; done; exit 7');
    expect(result).toMatchObject({ exitCode: 7, signal: null, timedOut: false });
    expect(result.text).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\n');
  });

  it('gets the environment it was given and nothing of the caller’s', async () => {
    process.env['ORCHESTRA_TEST_SECRET'] = 'hidden';
    env['SHOWN'] = 'yes';
    const { text } = await output('env');
    delete process.env['ORCHESTRA_TEST_SECRET'];
    expect(text).toContain('SHOWN=yes');
    expect(text).not.toContain('hidden');
  });

  it('says by which signal it ended', async () => {
    expect(await output('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  it('fails with the folder’s name when there is no such folder', async () => {
    await expect(runner.shell('true', { cwd: join(folder, 'gone'), env })).rejects.toMatchObject({
      code: 'run-failed',
      message: expect.stringContaining('gone'),
    });
  });

  it('that hangs is ended at its time-out', async () => {
    const result = await runner.shell('sleep 600', { cwd: folder, env, timeoutMs: 100 });
    expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: 'SIGTERM' });
  });

  it('that was aborted before it began does not go on', async () => {
    const result = await runner.shell('sleep 600', { cwd: folder, env, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ exitCode: null, timedOut: false });
  });

  it('that ignores SIGTERM is killed with the children that ignore it too', async () => {
    const stubborn = 'process.on("SIGTERM",()=>{});setInterval(()=>{},1e3);console.log("ready")';
    const result = await endWhenReady(`${node(stubborn)} & ${node(stubborn)}; true`, 2);
    expect(result.exitCode).not.toBe(0);
  });

  it('takes with it a child that left the process group', async () => {
    await endWhenReady(
      node(
        'require("child_process").spawn("sleep",["600"],{detached:true,stdio:"ignore"}).unref();setInterval(()=>{},1e3);console.log("ready")',
      ),
    );
  });

  it('that ends by itself does not wait for a server it left behind, and takes it along', async () => {
    expect(await output('sleep 600 & echo done')).toMatchObject({ exitCode: 0, text: 'done\n' });
  });

  it('may print 200 MB without being kept in memory', async () => {
    let bytes = 0;
    let highest = 0;
    const before = process.memoryUsage().rss;
    const result = await runner.shell('head -c 200000000 /dev/zero', {
      cwd: folder,
      env,
      onOutput: (chunk) => {
        bytes += chunk.length;
        highest = Math.max(highest, process.memoryUsage.rss());
      },
    });
    expect(result.exitCode).toBe(0);
    expect(bytes).toBe(200_000_000);
    expect((highest - before) / 1e6).toBeLessThan(80);
  });

  it('is ended, and the error told, when its output cannot be taken', async () => {
    const failing = runner.shell('echo full; sleep 600', {
      cwd: folder,
      env,
      onOutput: () => {
        throw new Error('no space left');
      },
    });
    await expect(failing).rejects.toThrow('no space left');
  });
});
