import { constants, setPriority } from 'node:os';
import { composeWarmStart } from './compose.ts';
import { OrchestraError, exitCode } from './domain/errors.ts';

const [root, base, head] = process.argv.slice(2);

// The terminal that started it may go away; what is begun is kept all the same.
process.on('SIGHUP', () => undefined);

/** A history takes seconds to minutes; what is not read by then is read by the next one. */
const longestMs = 30 * 60_000;

async function run(folder: string, range: { base: string; head: string }): Promise<never> {
  // Nobody waits for it: keys, deployments and the git processes of others come first.
  setPriority(constants.priority.PRIORITY_LOW);
  const ended = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ended.abort());
  try {
    await composeWarmStart(folder, range, AbortSignal.any([ended.signal, AbortSignal.timeout(longestMs)]));
    process.exit(0);
  } catch (error) {
    if (ended.signal.aborted) process.exit(exitCode.done);
    process.stderr.write(
      `${new Date().toISOString()} ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(error instanceof OrchestraError ? error.exit : exitCode.failed);
  }
}

if (root === undefined || base === undefined || head === undefined) {
  process.stderr.write('usage: warm-start ROOT BASE HEAD\n');
  process.exitCode = exitCode.usage;
} else {
  void run(root, { base, head });
}
