import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** A Node that does nothing, from start to end. */
export async function nothing(): Promise<void> {
  await promisify(execFile)(process.execPath, ['-e', '0']);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value that `share` (0 … 1) of all are at most. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Runs the program with these arguments, its output unread; gives its peak resident memory in MB (10⁶ bytes). */
export async function peakMemory(args: readonly string[]): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orchestra-bench-'));
  const report = path.join(folder, 'report');
  const preload = path.join(folder, 'preload.cjs');
  await writeFile(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)));\n`,
  );
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(process.execPath, ['--require', preload, path.resolve('dist/bin.js'), ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          ORCHESTRA_STATE_DIR: path.join(folder, 'state'),
          ORCHESTRA_VERIFICATION: 'off',
          ORCHESTRA_WARM_START: 'off',
        },
      });
      child.on('error', reject);
      child.on('exit', resolve);
    });
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
    return (Number(await readFile(report, 'utf8')) * 1024) / 1e6;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
