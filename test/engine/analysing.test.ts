import { describe, expect, it } from 'vitest';
import { emptyChangeLearning } from '../../src/domain/risk/change-learning.ts';
import { createAnalysing } from '../../src/engine/analysing.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { aSuccess } from '../harness/deployment.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();

describe('what the engine says of past deployments', () => {
  it('N2 shows how well changes are judged once the history of the code was learned from, and not before', async () => {
    const clock = stoppedClock();
    const memory = openMemory({ dir: folder(), clock });
    await memory.archive(aSuccess('20260131_142500'));
    const engine = createAnalysing({ memory, clock });
    const before = await engine.analysis();
    expect(before.looked.deployments).toBe(1);
    expect(before.changeModel).toBeUndefined();
    const score = { n: 500, defective: 60, auc: 0.75, brier: 0.1, baseBrier: 0.11, calibrationError: 0.02 };
    const learnedTo = { sha: 'a'.repeat(40), commits: 600 };
    await memory.keepChangeLearning({ ...emptyChangeLearning(), learnedTo, score });
    expect((await engine.analysis()).changeModel).toEqual(score);
  });

  it('keeps of a deployment which folders it changed', async () => {
    const clock = stoppedClock();
    const memory = openMemory({ dir: folder(), clock });
    await memory.archive(aSuccess('20260131_142500'));
    const { trends } = await createAnalysing({ memory, clock }).analysis();
    expect(trends.byArea.length).toBeGreaterThan(0);
    expect(trends.byArea.every(({ n }) => n === 1)).toBe(true);
  });

  it('W3 writes an analysis into a new file below the memory', async () => {
    const clock = stoppedClock();
    const dir = folder();
    const memory = openMemory({ dir, clock });
    const engine = createAnalysing({ memory, clock });
    const file = await engine.exportAnalysis(await engine.analysis(), 'csv');
    expect(file).toMatch(/exports.analysis-\d{8}_\d{6}\.csv$/);
    expect(file.startsWith(dir)).toBe(true);
  });
});
