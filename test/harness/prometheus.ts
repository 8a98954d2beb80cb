import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import { temporaryFolder } from './folder.ts';
import { ask, eventually } from './http.ts';
import { installed } from './installed.ts';

export interface Prometheus {
  address: string;
  /** Stops it without ending it: it accepts connections and answers none. */
  freeze(): void;
  /** Ends it at once and removes its data. */
  kill(): Promise<void>;
}

/** A real Prometheus server on loopback that scrapes `target` (a port) every second, its data in a temporary folder. */
export async function startPrometheus(target: number): Promise<Prometheus> {
  const folder = temporaryFolder('orchestra-prometheus-');
  const config = path.join(folder, 'prometheus.yml');
  mkdirSync(path.join(folder, 'data'));
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ['127.0.0.1:${target}'] }]
`,
  );
  const port = await freeServerPort();
  const child = spawn(
    installed('prometheus'),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const address = `http://127.0.0.1:${port}`;
  await eventually(
    async () =>
      (await ask({ port, path: '/-/ready' }).then(
        (answer) => answer.status,
        () => 0,
      )) === 200,
    'Prometheus is ready',
    20_000,
  );
  return {
    address,
    freeze: () => void child.kill('SIGSTOP'),
    async kill() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
