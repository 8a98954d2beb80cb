import { describe, expect, it } from 'vitest';
import { version as gate } from '../../../src/gates/after/version.ts';
import type { RouterState } from '../../../src/ports/router.ts';
import { plan } from '../../harness/plan.ts';
import { rolledOut, version } from '../../harness/rolled-out.ts';
import { World } from '../../harness/world.ts';

const other = { sha: 'c'.repeat(40), name: 'v9' };
const route = { version, host: '127.0.0.1', port: 4001 };
const state: RouterState = {
  stable: { version: other, host: '127.0.0.1', port: 4000 },
  candidate: route,
  weight: 100,
  rollout: null,
  switched: null,
  fence: 1,
};
const copy = { version, pid: 7, startTime: '7', port: 4001, log: '' };

/** A world in which the router and the service say this. */
function context(said: { state?: Partial<RouterState>; copies?: (typeof copy)[]; answer?: string } = {}) {
  const { platform, router } = new World().conductor();
  const base = plan();
  const health = {
    ...base.service.health,
    ...(said.answer === undefined ? {} : { versionPath: '/version' }),
  };
  return rolledOut({
    plan: { service: { ...base.service, health } },
    running: {
      router: { ...router, read: async () => ({ ...state, ...said.state }) },
      platform: {
        ...platform,
        running: async () => said.copies ?? [copy],
        versionAt: async () => said.answer,
      },
    },
  });
}

describe('the gate of the version', () => {
  it('G3 passes where the router sends all traffic to it and it says its own version', async () => {
    expect(await gate.look(context({ answer: version.sha.slice(0, 12) }))).toEqual({
      status: 'passed',
      detail: 'the router sends all traffic to v2 (pid 7), and GET /version says so',
    });
  });

  it('says where the service does not tell its version', async () => {
    expect(await gate.look(context())).toEqual({
      status: 'passed',
      detail: 'the router sends all traffic to v2 (pid 7); the service does not say which version it is',
    });
  });

  it('G3 fails where another version answers, and says what it said', async () => {
    expect(await gate.look(context({ answer: 'v1' }))).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('GET /version through the router says "v1"'),
    });
  });

  it.each([
    ['part of the traffic goes elsewhere', { state: { weight: 99 } }, 'does not send all traffic to v2'],
    ['the router knows no candidate', { state: { candidate: null } }, 'does not send all traffic to v2'],
    [
      'only a cohort sees it',
      { state: { cohort: { kind: 'header', name: 'x-beta', value: '1' } as const } },
      'does not send all traffic to v2',
    ],
    ['nothing of it runs', { copies: [] }, 'no process of v2 runs'],
  ])('fails where %s', async (_, said, detail) => {
    expect(await gate.look(context(said))).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining(detail),
    });
  });
});
