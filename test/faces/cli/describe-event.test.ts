import { describe, expect, it } from 'vitest';
import { status } from '../../../src/faces/cli/commands/status.ts';
import { describeEvents } from '../../../src/faces/cli/describe-event.ts';
import { createOutput } from '../../../src/faces/cli/output.ts';
import { FakeOrchestrator } from '../../harness/fake-orchestrator.ts';
import { canaryPlan, JournalBuilder } from '../../harness/journal.ts';
import { phase } from '../../harness/plan.ts';
import { quietShell } from '../../harness/shell.ts';

const cohort = { kind: 'header', name: 'X-Beta', value: 'yes' } as const;
const byHeader = canaryPlan({ phases: [phase(1, { name: 'A/B', cohort }), phase(100)] });
const weightSet = { type: 'weight.set', effect: 'w', phase: 0, wanted: 1, actual: 1 } as const;

async function said(journal: JournalBuilder): Promise<string> {
  const { shell, told } = quietShell({ open: async () => new FakeOrchestrator() });
  const orchestrator = new FakeOrchestrator({ running: journal });
  const output = createOutput(false, shell);
  await status({ orchestrator, output, options: { input: false }, shell, recovered: [] }, {});
  return told().out;
}

describe('the events of a deployment, line by line', () => {
  it('T1 name the requests that a header sends to the candidate, where nobody sets a share', () => {
    const journal = new JournalBuilder().requested({ plan: byHeader }).add(weightSet);
    const lines = journal.events.map(describeEvents());
    expect(lines.at(-1)).toBe('traffic: requests with X-Beta: yes to the candidate');
    expect(describeEvents(byHeader.phases)(journal.events[1]!)).toBe(lines.at(-1));
    const canary = new JournalBuilder().requested().rollingOut();
    expect(canary.events.map(describeEvents())).toContain('traffic: 5 % to the candidate');
  });
});

describe('the status of a rollout', () => {
  const rollingOut = () =>
    new JournalBuilder().requested().staged().advance('testing').tested().advance('learning').rollingOut();

  it('says the share that is on record', async () => {
    expect(await said(rollingOut())).toContain('running (canary 5 %, 5 % of traffic)');
  });

  it('N4 says no share on the way back: a dead man’s switch may have taken it already', async () => {
    const back = rollingOut().add({ type: 'rollback.started', trigger: 'dead-man', reason: 'it was silent' });
    expect(await said(back)).toContain('rolling back (canary 5 %): it was silent');
  });
});
