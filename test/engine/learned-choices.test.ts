import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditAct, AuditEntry } from '../../src/domain/audit.ts';
import { leaningsOf } from '../../src/domain/choices-leanings.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { createLearnedChoices } from '../../src/engine/learned-choices.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { chosenFrom } from '../harness/choices.ts';
import { stoppedClock } from '../harness/clock.ts';
import { feature } from '../harness/features.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { learn } from '../harness/past.ts';

const folder = temporaryFolders();
const by = { name: 'Ana', face: 'cli' } as const;

/** Deployments that leave a chore out each, put away into a memory as their conductors do it. */
async function past(full = false) {
  const dir = folder();
  const clock = stoppedClock('2026-01-09T00:00:00.000Z');
  const open = () => openMemory({ dir, clock, learn });
  const memory = open();
  const acts: AuditAct[] = [];
  const choices = createLearnedChoices({
    memory,
    clock,
    audit: {
      async record(act) {
        if (full) throw new Error('no space');
        acts.push(act);
        return act as unknown as AuditEntry;
      },
      entries: async function* () {},
      verify: async () => ({ entries: 0, problems: [], more: 0, end: 'unknown' }),
    },
    tell: () => undefined,
  });
  async function ends(n: number): Promise<Deployment> {
    const deployment = chosenFrom(
      n,
      [feature(`f${n}`, { files: [] }), feature(`c${n}`, { type: 'chore', title: 'chore: x', files: [] })],
      { take: [`f${n}`] },
    );
    deployment.lessons = [];
    deployment.concludedAt = deployment.requestedAt;
    await memory.updatePatterns((patterns) => learn(patterns, deployment));
    await memory.archive(deployment);
    return deployment;
  }
  for (let n = 0; n < 6; n += 1) await ends(n);
  return { dir, open, memory, acts, choices, ends };
}
const moving = (patterns: Parameters<typeof leaningsOf>[0]) =>
  leaningsOf(patterns).filter(({ state }) => state === 'moves');

describe('what was learned of choices', () => {
  it('M6 M7 is told with how far the advice was followed', async () => {
    const { choices } = await past();
    const report = await choices.choices();
    expect(report).toMatchObject({ deployments: 6, changes: 12 });
    expect(report.leanings[0]?.text).toBe('you left out 6 of 6 chore changes (69–100 %): moved to optional');
    expect(report.agreement).toMatchObject({
      all: { count: 6, n: 12 },
      exactly: { count: 0, n: 6 },
    });
  });

  it('M6 W4 is cleared with a copy, both in the audit trail, and does not come back with what is learned again', async () => {
    const { choices, memory, acts, dir, open, ends } = await past();
    const done = await choices.clearChoices({ by, why: 'new team' });
    expect(done).toMatchObject({ deployments: 6, changes: 12 });
    expect(JSON.parse(readFileSync(done.backup ?? '', 'utf8'))).toMatchObject({
      schema: 'orchestra/choices-backup@1',
      by,
      why: 'new team',
      chosen: { decisions: expect.any(Array) },
    });
    expect(acts.map(({ action, details }) => [action, details])).toEqual([
      [
        'choices-clear.requested',
        { moved: ['you left out 6 of 6 chore changes (69–100 %): moved to optional'] },
      ],
      ['choices-clear.done', { backup: done.backup, deployments: 6, changes: 12 }],
    ]);
    expect(moving(await memory.patterns())).toEqual([]);
    // What outcomes taught stays.
    expect((await memory.patterns()).deployments.succeeded).toBe(6);

    writeFileSync(path.join(dir, 'patterns/deployment_patterns.json'), '{"schema":');
    const again = await open().patterns();
    expect([again.deployments.succeeded, again.chosen?.decisions]).toEqual([6, []]);
    await ends(10);
    expect((await memory.patterns()).chosen?.decisions.map(({ id }) => id)).toEqual(['f10', 'c10']);
  });

  it('M6 nothing is cleared that cannot be written down', async () => {
    const { choices, memory } = await past(true);
    await expect(choices.clearChoices({ by })).rejects.toThrow('no space');
    expect(moving(await memory.patterns())).toHaveLength(1);
  });

  it('M6 clearing twice is clearing once', async () => {
    const { choices } = await past();
    await choices.clearChoices({ by });
    expect(await choices.clearChoices({ by })).toEqual({ backup: null, deployments: 0, changes: 0 });
  });
});
