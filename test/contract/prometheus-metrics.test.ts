import { measure } from '../harness/measure.ts';
import { leftOut } from '../harness/installed.ts';
import { startPrometheus } from '../harness/prometheus.ts';
import { startUpstream, type Upstream } from '../harness/upstream.ts';
import { metricsContract, type Said, type SourceUnderTest } from './metrics.ts';

/** A label's value as the exposition format writes it. */
const label = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** A real server that scrapes a little exporter; what it cannot be made to do (another clock, a flood) is imitated. */
async function open(): Promise<SourceUnderTest> {
  const said = new Map<string, { name: string; said: Said }>();
  const exporter = await startUpstream('exporter', (_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    const lines = [...said].flatMap(([sha, version]) =>
      version.said === undefined
        ? []
        : [`shop_orders{sha="${sha}",version="${label(version.name)}"} ${version.said}`],
    );
    response.end(`${lines.join('\n')}\n`);
  });
  const server = await startPrometheus(exporter.route.port);
  const imitations: Upstream[] = [];
  const plan = (query: string, address = server.address) =>
    measure({ source: { kind: 'prometheus', address, query, tokenEnv: 'SOURCE_TOKEN' } });
  const imitation = async (body: (token: string) => string) => {
    const upstream = await startUpstream('imitation', (request, response) => {
      response.end(body(String(request.headers.authorization)));
    });
    imitations.push(upstream);
    return plan('up', `http://127.0.0.1:${upstream.route.port}`);
  };
  let ended = false;
  const end = async () => {
    if (!ended) await server.kill();
    ended = true;
  };
  return {
    bySha: plan('sum(shop_orders{sha="{{sha}}"})'),
    byName: plan('sum(shop_orders{version=~"{{version}}"})'),
    say: (version, text) => said.set(version.sha, { name: version.name, said: text }),
    aged: (ageMs) =>
      imitation(() =>
        JSON.stringify({
          status: 'success',
          data: { resultType: 'scalar', result: [(Date.now() - ageMs) / 1000, '4'] },
        }),
      ),
    flooding: () => imitation(() => 'x'.repeat(10_000_000)),
    babbling: () => imitation(() => '{"status":"success","data":{"resultType":"vector","result":"many"}}'),
    telling: () =>
      imitation((token) =>
        JSON.stringify({ status: 'error', errorType: 'auth', error: `not you: ${token}` }),
      ),
    hang: () => server.freeze(),
    end,
    async close() {
      await end();
      await exporter.kill();
      await Promise.all(imitations.map((upstream) => upstream.kill()));
    },
  };
}

metricsContract('Prometheus', open, leftOut('prometheus'));
