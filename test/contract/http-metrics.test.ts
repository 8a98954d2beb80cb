import type { ServerResponse } from 'node:http';
import { measure } from '../harness/measure.ts';
import { startUpstream } from '../harness/upstream.ts';
import { metricsContract, type Said, type SourceUnderTest } from './metrics.ts';

async function open(): Promise<SourceUnderTest> {
  const said = new Map<string, Said>();
  let hangs = false;
  let ended = false;
  const server = await startUpstream('metrics', (request, response) => {
    if (hangs) return;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const version = url.pathname.startsWith('/by/')
      ? decodeURIComponent(url.pathname.slice('/by/'.length))
      : (url.searchParams.get('version') ?? '');
    answer(response, url, said.get(version), String(request.headers.authorization));
  });
  const base = `http://127.0.0.1:${server.route.port}`;
  const plan = (path: string, timePath?: string) =>
    measure({
      source: {
        kind: 'http',
        url: base + path,
        jsonPath: '$.data[0].orders',
        tokenEnv: 'SOURCE_TOKEN',
        ...(timePath === undefined ? {} : { timePath }),
      },
    });
  const end = async () => {
    if (!ended) await server.kill();
    ended = true;
  };
  return {
    bySha: plan('/orders?version={{sha}}'),
    byName: plan('/by/{{version}}'),
    say: (version, text) => said.set(version.sha, text).set(version.name, text),
    aged: async (ageMs) => plan(`/aged?ms=${ageMs}`, '$.at'),
    flooding: async () => plan('/flood'),
    babbling: async () => plan('/babble'),
    telling: async () => plan('/tell'),
    hang: () => {
      hangs = true;
    },
    end,
    close: end,
  };
}

function answer(response: ServerResponse, url: URL, said: Said, authorization: string): void {
  if (!authorization.startsWith('Bearer ')) response.writeHead(401).end('{}');
  else if (url.pathname === '/tell')
    response.writeHead(500, authorization).end(JSON.stringify(authorization));
  else if (url.pathname === '/flood') response.end(`{"data":"${'x'.repeat(10_000_000)}"}`);
  else if (url.pathname === '/babble') response.end('<html>all is well</html>');
  else if (url.pathname === '/aged') {
    const at = new Date(Date.now() - Number(url.searchParams.get('ms'))).toISOString();
    response.end(JSON.stringify({ at, data: [{ orders: 4 }] }));
  } else response.end(JSON.stringify({ data: said === undefined ? [] : [{ orders: said }] }));
}

metricsContract('HTTP JSON', open);
