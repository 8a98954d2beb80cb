import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailingClients } from '../../../../providers/routers/embedded/failing-clients.ts';
import { limits } from '../../../../providers/routers/embedded/limits.ts';
import { createPublicServer, listen } from '../../../../providers/routers/embedded/public-server.ts';
import { Sides } from '../../../../providers/routers/embedded/sides.ts';
import { Split } from '../../../../providers/routers/embedded/split.ts';
import { emptyTable } from '../../../../providers/routers/embedded/table.ts';
import { ask } from '../../../harness/http.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

const broken: http.RequestListener = (_, response) => void response.writeHead(500).end();

describe('N3: clients that fail', () => {
  let stable: Upstream;
  let candidate: Upstream;
  let sides: Sides;
  let server: http.Server;
  let port: number;
  let agent: http.Agent;
  let now = 0;
  const counts = (side: Upstream) => sides.counts()[side.route.version.sha];
  const weigh = (weight: number) =>
    sides.use({ ...emptyTable, stable: stable.route, candidate: candidate.route, weight, rollout: 'r' });

  beforeEach(async () => {
    stable = await startUpstream('stable', broken);
    candidate = await startUpstream('candidate', broken);
    now = 0;
    sides = new Sides(new Split(), new FailingClients(() => now));
    weigh(0);
    server = createPublicServer(sides);
    await listen(server, 0, '127.0.0.1');
    port = (server.address() as AddressInfo).port;
    agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(async () => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
    await stable.kill();
    await candidate.kill();
  });

  it('N3 counts a burst on one connection once, and again after ten seconds', async () => {
    for (let i = 0; i < 5; i += 1) await ask({ port, agent });
    expect(counts(stable)).toMatchObject({ requests: 5, status: [0, 0, 0, 0, 5], failedClients: 1 });
    now = limits.oneClientMs - 1;
    await ask({ port, agent });
    expect(counts(stable)?.failedClients).toBe(1);
    now = limits.oneClientMs;
    await ask({ port, agent });
    expect(counts(stable)?.failedClients).toBe(2);
  });

  it('N3 counts a client on the side where it failed first, not on both', async () => {
    await ask({ port, agent });
    weigh(100);
    await ask({ port, agent });
    expect(counts(stable)?.failedClients).toBe(1);
    expect(counts(candidate)).toMatchObject({ requests: 1, failedClients: 0 });
  });

  it('N3 tells connections apart, and clients behind one that a proxy names', async () => {
    await ask({ port });
    await ask({ port });
    expect(counts(stable)?.failedClients).toBe(2);
    for (const client of ['192.0.2.1', '192.0.2.2, 10.0.0.1', '192.0.2.2']) {
      await ask({ port, agent, headers: { 'X-Forwarded-For': client } });
    }
    expect(counts(stable)?.failedClients).toBe(4);
  });

  it('N3 counts a version that is gone as an error of the client, on the candidate', async () => {
    await candidate.kill();
    weigh(100);
    await ask({ port, agent });
    expect(counts(candidate)).toMatchObject({ failures: 1, failedClients: 1 });
    expect(counts(stable)?.failedClients).toBe(0);
  });

  it('N3 remembers no more clients than its limit, whatever names are made up', async () => {
    for (let i = 0; i < limits.failingClients + 50; i += 1) {
      await ask({ port, agent, headers: { 'X-Forwarded-For': `made-up-${i}` } });
    }
    expect(counts(stable)?.failedClients).toBe(limits.failingClients);
    now = limits.oneClientMs;
    await ask({ port, agent });
    expect(counts(stable)?.failedClients).toBe(limits.failingClients + 1);
  }, 30_000);

  it('counts no client for what the user did wrong', async () => {
    await stable.kill();
    stable = await startUpstream('polite', (_, response) => void response.writeHead(404).end());
    weigh(0);
    await ask({ port, agent });
    expect(counts(stable)).toMatchObject({ status: [0, 0, 0, 1, 0], failedClients: 0 });
  });
});
