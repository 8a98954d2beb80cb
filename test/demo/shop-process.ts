import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeServerPort } from '../../providers/runtime/free-port.ts';

/** Starts a shop from a work tree on a free port with data in `data`; `stop` ends it. */
export async function startShop(folder: string, data: string) {
  const port = await freeServerPort();
  const child = spawn(process.execPath, [path.join(folder, 'src/server.js')], {
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      ORCHESTRA_DATA_DIR: data,
      ORCHESTRA_VERSION: 'tested',
    },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const url = new URL(`http://127.0.0.1:${port}`);
  while (child.exitCode === null) {
    const answer = await fetch(new URL('/healthz', url)).catch(() => undefined);
    if (answer?.ok) break;
    await sleep(30);
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
