import { describe, expect, it } from 'vitest';
import { chosenFrom, learnedFrom } from '../../harness/choices.ts';
import { FakeOrchestrator } from '../../harness/fake-orchestrator.ts';
import { feature } from '../../harness/features.ts';
import { runCommand } from '../../harness/shell.ts';

const hostile = 'x\u001b[2J';
const patterns = () =>
  learnedFrom(
    Array.from({ length: 8 }, (_, n) =>
      chosenFrom(
        n,
        [
          feature(`f${n}`, { files: [] }),
          feature(`c${n}`, { type: 'chore', title: 'chore: tidy', files: [] }),
          feature(`h${n}`, {
            title: 'feat: x',
            bucket: 'optional',
            files: [{ path: `${hostile}/a.ts`, status: 'modified', additions: 1, deletions: 1 }],
          }),
        ],
        { take: [`f${n}`, `h${n}`] },
      ),
    ),
  );

const run = (engine: FakeOrchestrator, ...args: string[]) =>
  runCommand(['choices', ...args], { open: async () => engine });

describe('choices', () => {
  it('M6 shows what moves the advice, with n and interval, and nothing unsafe', async () => {
    for (const args of [[], ['show']]) {
      const { code, out } = await run(new FakeOrchestrator({ patterns: patterns() }), ...args);
      expect(code).toBe(0);
      expect(out).toContain('24 changes decided in 8 deployments, each counted as decided last.');
      expect(out).toContain('recommended: 8 of 16 taken (31–69 %)');
      expect(out).toContain('You left out 8 of 8 chore changes (75–100 %): moved to optional');
      expect(out).not.toMatch(/\u001b/);
    }
  });

  it('C1 M6 gives the same as one document', async () => {
    const { out } = await run(new FakeOrchestrator({ patterns: patterns() }), '--json');
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const data: unknown = JSON.parse(out);
    expect(data).toMatchObject({
      schema: 'orchestra/choices@1',
      since: null,
      deployments: 8,
      changes: 24,
      leanings: expect.arrayContaining([
        expect.objectContaining({
          direction: 'down',
          kind: 'type',
          key: 'chore',
          count: 8,
          n: 8,
          state: 'moves',
        }),
      ]),
    });
  });

  it('says so where nothing was learned yet', async () => {
    const { code, out } = await run(new FakeOrchestrator());
    expect(code).toBe(0);
    expect(out).toContain('Nothing was learned of your choices yet');
    expect(out).toContain('Selection agreement: not enough history');
  });

  it('M6 are forgotten at a yes, and only then', async () => {
    const engine = new FakeOrchestrator({ patterns: patterns() });
    const refused = await run(engine, 'clear', '--no-input', '--json');
    expect([refused.code, engine.cleared]).toEqual([4, []]);
    expect(JSON.parse(refused.out)).toMatchObject({ error: { code: 'needs-yes', hint: 'add --yes' } });
    const done = await run(engine, 'clear', '--yes');
    expect([done.code, engine.cleared]).toEqual([0, ['Ada']]);
    expect(done.out).toContain('what was chosen of 24 changes in 8 deployments');
    expect(done.out).toContain('/memory/exports/choices-20261121_101520.json');
    expect((await run(engine)).out).toContain('Nothing was learned');
  });
});
