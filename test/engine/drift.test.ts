import { describe, expect, it } from 'vitest';
import { driftOf, type Found } from '../../src/engine/drift.ts';
import type { PlaceLook } from '../../src/engine/environment-report.ts';

const v1 = { sha: '1'.repeat(40), name: 'v1' };
const v2 = { sha: '2'.repeat(40), name: 'v2' };

const place = (part: Partial<PlaceLook> = {}): PlaceLook => ({
  key: 'production',
  service: 'web',
  url: 'http://127.0.0.1:8080',
  router: { stable: v2, candidate: null, weight: 0 },
  copies: [{ version: v2, pid: 7, port: 4000, healthy: true }],
  wanted: 1,
  ...part,
});

const found = (part: Partial<Found> = {}): Found => ({
  environment: 'production',
  deployed: v2,
  runs: { version: v2, since: '2026-01-01T00:00:00.000Z', deployment: 'd2', verified: true, places: [] },
  places: [place()],
  underWay: false,
  settingsChanged: false,
  ...part,
});

const texts = (part: Partial<Found>) => driftOf(found(part)).map(({ tone, text }) => `${tone}: ${text}`);

describe('E2 drift between what is recorded and what really runs', () => {
  it('is none where record, history, router and processes say the same', () => {
    expect(texts({})).toEqual([]);
  });

  it.each([
    ['no router', { router: undefined }, 'bad: no router runs: nobody is served'],
    [
      'a router that leads nowhere',
      { router: { stable: null, candidate: null, weight: 0 } },
      'bad: the router leads nowhere: nobody is served',
    ],
    ['no process', { copies: [] }, 'bad: no process of v2 (2222222) runs'],
    ['too few copies', { wanted: 3 }, 'warn: 1 of 3 copies run'],
    [
      'a process that is not healthy',
      { copies: [{ version: v2, pid: 7, port: 4000, healthy: false }] },
      'bad: its process (pid 7) does not answer its health check',
    ],
    [
      'a process that says it is another version',
      { asked: { path: '/version', answer: 'v1' } },
      'bad: http://127.0.0.1:8080/version says "v1", not 222222222222 (v2)',
    ],
    [
      'a candidate that was forgotten',
      { router: { stable: v2, candidate: v1, weight: 5 } },
      'bad: 5 % of the traffic goes to v1 (1111111), and nothing is under way',
    ],
  ] satisfies [string, Partial<PlaceLook>, string][])('names %s', (_, part, text) => {
    expect(texts({ places: [place(part)] })).toEqual([text]);
  });

  it('names a router that serves another version than the record', () => {
    const router = { stable: v1, candidate: null, weight: 0 };
    const copies = [{ version: v1, pid: 7, port: 4000, healthy: true }];
    expect(texts({ places: [place({ router, copies })] })).toEqual([
      'bad: the router gives the traffic to v1 (1111111), the record says v2 (2222222)',
    ]);
  });

  it('names a record that something else moved, or removed', () => {
    expect(texts({ deployed: v1, places: [] })).toEqual([
      'warn: the record says v1 (1111111), but d2 brought v2 (2222222): something else moved it',
    ]);
    expect(texts({ deployed: null, places: [] })[0]).toContain(
      'bad: d2 brought v2 (2222222), but refs/orchestra/deployed/production is gone',
    );
  });

  it('names the place where there are several, and the worst first', () => {
    const places = [place({ wanted: 2 }), place({ service: 'api', region: 'eu', copies: [] })];
    expect(texts({ places, settingsChanged: true })).toEqual([
      'bad: api in eu: no process of v2 (2222222) runs',
      'warn: web: 1 of 2 copies run',
      'info: orchestra.yaml has changed since: the next deployment goes by the new one',
    ]);
  });

  it('says nothing of router and processes while a deployment moves them', () => {
    const router = { stable: v1, candidate: v2, weight: 5 };
    expect(texts({ underWay: true, places: [place({ router, copies: [] })] })).toEqual([]);
  });
});
