import { describe, expect, it } from 'vitest';
import { environmentLooks } from '../../store/environment-looks.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../harness/journal.ts';

async function underWay() {
  const [deployment] = await new FakeOrchestrator({ running: new JournalBuilder().requested() }).active();
  if (!deployment) throw new TypeError('it was just requested');
  return deployment;
}

describe('looking at what runs where', () => {
  it('looks once in three times where nothing is followed', () => {
    const due = environmentLooks();
    expect([1, 2, 3, 4].map(() => due(undefined))).toEqual([true, false, false, true]);
  });

  it('looks less often at a deployment that moves nothing, and at once when it did', async () => {
    const due = environmentLooks();
    const deployment = await underWay();
    expect([1, 2, 3, 4].map(() => due(deployment))).toEqual([true, false, false, true]);
    expect(due(deployment)).toBe(false);
    expect(due({ ...deployment, weight: { wanted: 5, actual: 5 } })).toBe(true);
    expect(due({ ...deployment, weight: { wanted: 5, actual: 5 }, stableLost: true })).toBe(true);
    expect(due(undefined)).toBe(true);
  });
});
