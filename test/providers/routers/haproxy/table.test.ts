import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configuration } from '../../../../providers/routers/haproxy/configuration.ts';
import { parseVersion, whyNoProgram } from '../../../../providers/routers/haproxy/program.ts';
import { mapLines, parseMap, shareOf } from '../../../../providers/routers/haproxy/route-map.ts';
import { command } from '../../../../providers/routers/haproxy/runtime-api.ts';
import { parseLatencies, parseStats } from '../../../../providers/routers/haproxy/stats.ts';
import { applyChange, emptyTable, inForce } from '../../../../providers/routers/haproxy/table.ts';
import type { Route, RouteChange } from '../../../../src/ports/router.ts';

const now = new Date('2026-11-21T12:00:00.000Z');
const route = (sha: string, change: Partial<Route> & { name?: string } = {}): Route => ({
  version: { sha, name: change.name ?? sha },
  host: change.host ?? '127.0.0.1',
  port: change.port ?? 3000,
});
const change = (more: Partial<RouteChange> = {}): RouteChange => ({
  stable: route('a'),
  candidate: route('b', { port: 3001 }),
  weight: 25,
  rollout: 'r1',
  fence: 1,
  ...more,
});

/** What HAProxy would answer to `show map`. */
const shown = (lines: string[]) => lines.map((line) => `0x55 ${line}`).join('\n');

describe('a table of the HAProxy router', () => {
  it('takes the same server for the same version at the same address, and a new one else', () => {
    const first = applyChange(emptyTable, change(), 0, now);
    expect([first.stable, first.candidate]).toEqual(['v1', 'v2']);
    const promoted = applyChange(
      first,
      change({ stable: route('b', { port: 3001 }), candidate: null, weight: 0 }),
      2,
      now,
    );
    expect([promoted.stable, promoted.candidate]).toEqual(['v2', null]);
    const moved = applyChange(
      promoted,
      change({ stable: route('b', { port: 9 }), candidate: null, weight: 0 }),
      2,
      now,
    );
    expect(moved.servers[moved.stable ?? '']).toMatchObject({ port: 9, lane: 'v2' });
  });

  it('refuses a weight without a candidate, a host that is no address, and a port that is none', () => {
    for (const bad of [
      change({ candidate: null }),
      change({ candidate: route('b', { host: 'localhost' }) }),
      change({ candidate: route('b', { host: '127.0.0.1 weight 256' }) }),
      change({ candidate: route('b', { port: 0 }) }),
      change({ candidate: route('b', { name: 'x'.repeat(301) }) }),
      change({ weight: Number.NaN }),
      change({ weight: 101 }),
    ])
      expect(() => applyChange(emptyTable, bad, 0, now)).toThrow(
        expect.objectContaining({ code: 'bad-change' }),
      );
  });

  it('survives the map whatever versions and rollouts are called, in words the Runtime API takes', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        name,
        name,
        name,
        fc.double({ min: 0, max: 100, noNaN: true }),
        (sha, called, rollout, weight) => {
          const candidate = route(sha, { name: called, port: 3001 });
          const table = applyChange(
            emptyTable,
            change({ stable: route(`not ${sha}`), candidate, weight, rollout }),
            0,
            now,
          );
          const lines = mapLines(table, 15_000);
          for (const line of lines) expect(line).toMatch(/^[a-z]+ [A-Za-z0-9_/-]+$/);
          expect(parseMap(shown(lines))).toEqual(table);
        },
      ),
    );
  });

  it('says the share that is really set when somebody else set it', () => {
    const [, table = ''] = mapLines(applyChange(emptyTable, change(), 0, now), 15_000);
    expect(parseMap(shown([`now v1/v2/32768/1`, table]))).toMatchObject({ weight: 50 });
    for (const foreign of ['v1/v9/32768/1', 'v1/__proto__/1/1', 'v1/v2/x/1', ''])
      expect(() => parseMap(shown([`now ${foreign}`, table]))).toThrow(
        expect.objectContaining({ code: 'router-foreign' }),
      );
    expect(() => parseMap('')).toThrow(expect.objectContaining({ code: 'router-foreign' }));
  });

  it('gives nothing at 0 %, all at 100 % alone, and something to every other share', () => {
    expect([0, 100, 50, 0.0001, 99.9999].map(shareOf)).toEqual([0, 65_536, 32_768, 1, 65_535]);
  });

  it('N4 has lost its rollout’s traffic after the silence, and not before, nor without a healthy stable', () => {
    const table = applyChange(emptyTable, change(), 0, now);
    const at = (ms: number) => new Date(now.getTime() + ms);
    expect(inForce(table, 15_000, true, at(15_000))).toBe(table);
    expect(inForce(table, 15_000, false, at(16_000))).toBe(table);
    expect(inForce(table, 15_000, true, at(16_000))).toMatchObject({
      weight: 0,
      rollout: null,
      switched: { rollout: 'r1', at: at(15_000).toISOString() },
    });
    const watched = { ...table, rollout: null };
    expect(inForce(watched, 15_000, true, at(999_000))).toBe(watched);
  });
});

describe('what the HAProxy router writes and asks', () => {
  it.each(['127.0.0.1\n  mode tcp', 'a b', '-evil', '*', '', 'unix@/etc/x', 'x"y', '${HOME}'])(
    'refuses to listen on %j',
    (host) => {
      expect(() => configuration({ host, port: 8080, socket: 's', threads: 1 }, emptyTable)).toThrow(
        expect.objectContaining({ code: 'bad-listen', exit: 78 }),
      );
    },
  );

  it.each([
    ['127.0.0.1', 'bind ipv4@127.0.0.1:8080\n'],
    ['::1', 'bind ipv6@::1:8080\n'],
    ['shop.internal', 'bind shop.internal:8080\n'],
  ])('listens on %s', (host, line) => {
    expect(configuration({ host, port: 8080, socket: 's', threads: 1 }, emptyTable)).toContain(line);
  });

  it.each(['a;b', 'a b', 'a\nshutdown', '"x"', 'a\\', '<<', ''])('never sends the word %j', (bad) => {
    expect(() => command('/nonexistent', ['show', bad])).toThrow(TypeError);
    expect(() => command('/nonexistent', ['show'], [`key x${bad};`])).toThrow(TypeError);
  });

  it('says that nothing answers where there is no socket', async () => {
    await expect(command('/nonexistent', ['show', 'info'])).rejects.toMatchObject({ code: 'router-down' });
  });

  it('knows the program by its version', async () => {
    expect(parseVersion('HAProxy version 2.6.12-1+deb12u4 2026/10/17')).toEqual({ major: 2, minor: 6 });
    expect(parseVersion('HA-Proxy version 1.8.19')).toEqual({ major: 1, minor: 8 });
    expect(parseVersion('nginx version: nginx/1.22.1')).toBeUndefined();
    expect(await whyNoProgram('/nonexistent')).toBe('HAProxy is not installed on this machine');
  });
});

describe('numbers of HAProxy', () => {
  it('are read by the names of their columns; what is no number counts as none', () => {
    const rows = parseStats(
      '# pxname,svname,scur,hrsp_2xx,econ\nversions,v1,3,12,\nversions,v2,-1,1e99,x\nversions,BACKEND,1,1,1\nusers,v3,1,1,1\n',
    );
    expect([...rows.keys()]).toEqual(['v1', 'v2']);
    const values = ['v1', 'v2'].map((name) =>
      ['scur', 'hrsp_2xx', 'econ', 'gone'].map((f) => rows.get(name)?.(f)),
    );
    expect(values).toEqual([
      [3, 12, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('have the latencies of each version in the histogram’s buckets', () => {
    const text = `# table: latency, type: string, size:20480, used:3
0x1: key=v1/400 use=0 exp=2073599786 gpc0=2
0x2: key=v1/81000 use=0 exp=2073599892 gpc0=1
0x3: key=v2/2100 use=0 exp=2073599800 gpc0=4
0x4: key=v2/-5 use=0 exp=1 gpc0=9`;
    expect(Object.fromEntries(parseLatencies(text))).toEqual({ v1: { 0: 2, 37: 1 }, v2: { 11: 4 } });
  });
});
