import { afterAll, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/plan.ts';
import { approval } from '../../../src/gates/before/approval.ts';
import { freeze } from '../../../src/gates/before/freeze.ts';
import { window } from '../../../src/gates/before/window.ts';
import type { Gate } from '../../../src/gates/gate.ts';
import { gatesSettingsSchema } from '../../../src/domain/gate-settings.ts';
import { aDeployment } from '../../harness/deployment.ts';
import { plan } from '../../harness/plan.ts';
import { World } from '../../harness/world.ts';

const world = new World();
afterAll(() => world.remove());

const monday = '2026-11-23T08:00:00.000Z';
const schedule = {
  timeZone: 'Europe/Berlin',
  windows: [{ kind: 'days' as const, days: [1, 2, 3, 4], from: 540, to: 960, timeZone: 'Europe/Berlin' }],
  freezes: [{ from: '2026-12-20', to: '2027-01-03', why: 'the holidays', timeZone: 'Europe/Berlin' }],
};

/** What a gate finds of a plan at a moment; `asked` is the fold of its deployment, where it has begun. */
async function found(gate: Gate, change: Partial<Plan>, now: string, begun = false) {
  const clock = { now: () => new Date(now), sleep: async () => undefined };
  const wanted = plan(change);
  const deployment = aDeployment()
    .with((d) => {
      d.plan = wanted;
    })
    .build();
  return gate.look({
    subject: {
      environment: 'production',
      kind: 'deploy',
      plan: wanted,
      source: deployment.source,
      stable: null,
      ...(begun ? { deployment } : {}),
    },
    settings: gatesSettingsSchema.parse({}),
    ports: { ...world.conductor(), clock, served: async () => [] },
  });
}

it('G1 a closed window refuses, says when it opens, and what gets on', async () => {
  expect(await found(window, { schedule }, '2026-11-20T10:00:00Z')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('closed; it opens Mon 23 Nov 2026 09:00 (Europe/Berlin)'),
    fix: expect.stringContaining('--at next-window'),
    opensAt: monday,
  });
  expect(await found(window, { schedule }, monday)).toMatchObject({
    status: 'passed',
    detail: expect.stringContaining('open until Mon 23 Nov 2026 16:00'),
  });
  expect(await found(window, {}, monday)).toMatchObject({ status: 'skipped' });
});

it('G1 what is asked for later is not refused for what is closed now, only for what is closed then', async () => {
  const start = (at: string) => ({ schedule, start: { kind: 'at' as const, at } });
  const friday = '2026-11-20T10:00:00Z';
  expect(await found(window, { schedule, start: { kind: 'next-window' } }, friday)).toMatchObject({
    status: 'skipped',
  });
  expect(await found(window, start(monday), friday)).toMatchObject({ status: 'passed' });
  expect(await found(window, start('2026-11-22T08:00:00.000Z'), friday)).toMatchObject({ status: 'failed' });
  expect(
    await found(window, { schedule, start: { kind: 'next-window' } }, friday, true),
    'once its tests are done',
  ).toMatchObject({
    status: 'failed',
    opensAt: monday,
  });
});

it('G1 a freeze refuses with its reason, and names the first opening after it', async () => {
  expect(await found(freeze, { schedule }, '2026-12-22T10:00:00Z')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('the holidays: frozen until Mon 4 Jan 2027 00:00'),
    opensAt: '2027-01-04T08:00:00.000Z',
  });
  expect(await found(freeze, { schedule }, monday)).toMatchObject({
    status: 'passed',
    detail: expect.stringContaining('the holidays'),
  });
});

it.each([window, freeze])(
  'T6 an emergency is not held up by $id, and that is said with its reason',
  async (gate) => {
    expect(
      await found(gate, { schedule, emergency: 'the shop is down' }, '2026-12-22T10:00:00Z'),
    ).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('EMERGENCY'),
    });
  },
);

it('T3 an approval that nobody is left to give refuses before anything starts', async () => {
  const asked = { byAnother: true, timeoutMs: 60_000 };
  expect(await found(approval, {}, monday, true)).toMatchObject({ status: 'skipped' });
  expect(await found(approval, { approval: { ...asked, by: ['Ada'] } }, monday, true)).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('nobody who may is left'),
  });
  expect(await found(approval, { approval: { ...asked, by: ['Ada', 'Bo'] } }, monday, true)).toMatchObject({
    status: 'skipped',
    detail: expect.stringContaining('Bo may give it'),
  });
});
