import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import { Journey } from './journey.ts';
import { gitIn } from './git-in.ts';

/** A service in one file that behaves as `behaviour.json` beside it says. */
export const greeter = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const { name, failing = 0, slowMs = 0, healthy = true, exits = false, flapMs = 0, leakMb = 0, spinsAfter = Infinity, says, honest = 0 } =
  JSON.parse(readFileSync('behaviour.json', 'utf8'));
if (exits) {
  console.error('cannot read the certificate');
  process.exit(9);
}
let asked = 0;
let askedVersion = 0;
const kept = [];
const started = Date.now();
const well = () => healthy && (flapMs === 0 || Date.now() - started < 2000 || Math.floor(Date.now() / flapMs) % 2 === 0);
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.writeHead(well() ? 200 : 503).end();
  if (request.url === '/version') return response.end(says !== undefined && ++askedVersion > honest ? says : process.env.ORCHESTRA_VERSION);
  asked += 1;
  if (leakMb > 0 && kept.length * leakMb < 600) kept.push(Buffer.alloc(leakMb * 1024 * 1024, 1));
  if (asked > spinsAfter) for (;;);
  const status = asked % 100 < failing ? 500 : 200;
  setTimeout(() => response.writeHead(status).end(name), slowMs);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

export interface Behaviour {
  /** Percent of the requests that fail. */
  failing?: number;
  slowMs?: number;
  healthy?: boolean;
  exits?: boolean;
  /** Health that comes and goes, this long each. */
  flapMs?: number;
  /** Memory that each request leaves behind. */
  leakMb?: number;
  /** After so many requests it takes all of a processor and answers nothing. */
  spinsAfter?: number;
  /** What it says its version is, after `honest` true answers. */
  says?: string;
  honest?: number;
  /** What the unit suite says. */
  tests?: 'pass' | 'fail';
}

export interface Greeter {
  journey: Journey;
  port: number;
  /** Commits a version of the service on `dev` that greets with `name`, and tags it so. */
  version: (name: string, behaviour?: Behaviour) => void;
}

const settings = (port: number, changes: Record<string, string>) => {
  const {
    metrics = '[]',
    duration = '1s',
    pause_timeout = '2s',
    health_timeout = '20s',
    // Empty: the environment names none, and the risk decides.
    strategy = 'canary',
    // Empty: nothing is run before the candidate starts.
    migrate = '',
    steps = '[5, 25, 50, 100]',
    approval = '{ required: false }',
    router = 'embedded',
    instances = '1',
    health = '',
    thresholds = '',
    // A new process is slow at first, on a busy machine for seconds; tests of slowness say what is slow to them.
    tolerance = '5s',
    more = '',
  } = changes;
  return `version: 1
project: greeter
branches: { production: main, development: dev }
services:
  greeter:
    start: exec node service.mjs
${migrate === '' ? '' : `    migrate: ${migrate}\n`}    health: { path: /healthz, interval: 100ms, timeout: ${health_timeout}${health} }
    stop_timeout: 2s
environments:
  production:
    port: ${port}
    router: ${router}
${strategy === '' ? '' : `    strategy: ${strategy}\n`}    canary: { steps: ${steps}, duration: ${duration} }
    rolling: { bake: ${duration} }
    recreate: { bake: ${duration} }
    instances: ${instances}
    thresholds: { minimum_sample: 5, error_window: 2s, latency_window: 60s, latency_increase: 300, latency_tolerance: ${tolerance}, unhealthy_window: 2s${thresholds} }
    measure_every: 200ms
    pause_timeout: ${pause_timeout}
    approval: ${approval}
    metrics: ${metrics}
${more}suites:
  - { name: unit, run: node unit.mjs, timeout: 30s }
`;
};

/** A repository with that service, its first version tagged `v1` on `main` and `dev`; nothing is deployed yet. */
export async function makeGreeter(changes: Record<string, string> = {}): Promise<Greeter> {
  const journey = new Journey('greeter');
  const port = await freeServerPort();
  mkdirSync(path.join(journey.repository), { recursive: true });
  const git = gitIn(journey.repository);
  git.run('init', '--quiet', '--initial-branch=main');
  git.write({
    'service.mjs': greeter,
    'orchestra.yaml': settings(port, changes),
    '.gitignore': 'node_modules\n',
  });
  const version = (name: string, { tests = 'pass', ...behaviour }: Behaviour = {}) => {
    git.write({
      'behaviour.json': JSON.stringify({ name, ...behaviour }),
      'unit.mjs': `process.exit(${tests === 'pass' ? 0 : 7});\n`,
    });
    git.commit(`feat: greet as ${name}`);
    git.run('tag', name);
  };
  version('v1');
  git.run('checkout', '--quiet', '-b', 'dev');
  return { journey, port, version };
}
