import { mkdirSync } from 'node:fs';
import { freeServerPort } from '../../providers/runtime/free-port.ts';
import { gitIn } from './git-in.ts';
import { Journey } from './journey.ts';

/** `api` answers with its version, `web` with its own and what `api` says; what fails, and only in production, stands in `behaviour.json`. */
const api = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const { name, failing = 0 } = JSON.parse(readFileSync('behaviour.json', 'utf8'));
const bad = process.env.ORCHESTRA_ENVIRONMENT === 'production' ? failing : 0;
let asked = 0;
createServer((request, response) => {
  if (request.url === '/healthz') return response.end();
  asked += 1;
  response.writeHead(asked % 100 < bad ? 500 : 200).end(name);
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const web = `import { createServer, get, Agent } from 'node:http';
import { readFileSync } from 'node:fs';
const { name } = JSON.parse(readFileSync('behaviour.json', 'utf8'));
const agent = new Agent({ keepAlive: true });
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end();
  const inner = get(process.env.API_URL + '/', { agent }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    answer.on('end', () => response.writeHead(200).end(name + '+' + (answer.statusCode === 200 ? text : 'error')));
  });
  inner.on('error', (error) => response.writeHead(502).end(error.message));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

export interface TwoServices {
  journey: Journey;
  /** Where users of `production` reach each service, those of its second region, and who tries `staging`. */
  ports: { web: number; api: number; usWeb: number; usApi: number; staging: { web: number; api: number } };
  /** Commits a version of both and tags it; `failing` is the percent of `api`'s answers in production that are errors. */
  version: (name: string, failing?: number) => void;
}

/** A repository with two services in `staging`, and in two regions of `production`, which comes after it. */
export async function makeTwoServices(): Promise<TwoServices> {
  const journey = new Journey('shop');
  mkdirSync(journey.repository, { recursive: true });
  const taken: number[] = [];
  while (taken.length < 6) {
    const port = await freeServerPort();
    if (!taken.includes(port)) taken.push(port);
  }
  const [web1 = 0, api1 = 0, usWeb = 0, usApi = 0, stagingWeb = 0, stagingApi = 0] = taken;
  const canary = `strategy: canary
    canary: { steps: [20, 100], duration: 1s }
    thresholds: { minimum_sample: 5, error_window: 2s, latency_window: 60s, latency_increase: 300, latency_tolerance: 5s, unhealthy_window: 2s }
    measure_every: 200ms
    pause_timeout: 2s`;
  const git = gitIn(journey.repository);
  git.run('init', '--quiet', '--initial-branch=main');
  git.write({
    'api.mjs': api,
    'web.mjs': web,
    'orchestra.yaml': `version: 1
project: shop
services:
  web: { start: exec node web.mjs, depends_on: [api], health: { path: /healthz, interval: 100ms } }
  api: { start: exec node api.mjs, health: { path: /healthz, interval: 100ms } }
environments:
  staging:
    port: ${stagingWeb}
    services: { api: { port: ${stagingApi} } }
    blue-green: { bake: 100ms }
    thresholds: { minimum_sample: 1 }
    pause_timeout: 1s
    strategy: blue-green
  production:
    after: staging
    regions:
      - { name: eu, port: ${web1}, services: { api: { port: ${api1} } } }
      - { name: us, port: ${usWeb}, services: { api: { port: ${usApi} } } }
    ${canary}
`,
    '.gitignore': 'node_modules\n',
  });
  const version = (name: string, failing = 0) => {
    git.write({ 'behaviour.json': JSON.stringify({ name, failing }) });
    git.commit(`feat: sell as ${name}`);
    git.run('tag', name);
  };
  version('v1');
  return {
    journey,
    ports: { web: web1, api: api1, usWeb, usApi, staging: { web: stagingWeb, api: stagingApi } },
    version,
  };
}
