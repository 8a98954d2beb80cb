import { describe, expect, it } from 'vitest';
import { tooMuchMemory } from '../../src/domain/judge-memory.ts';
import { judge } from '../../src/domain/judge.ts';
import { formatSize, parseSize } from '../../src/domain/size-setting.ts';
import { at, readings } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';

const mb = 1024 ** 2;
const triggers = { ...plan().triggers, memoryLimitBytes: 500 * mb };
const using = (...candidate: (number | undefined)[]) =>
  readings(candidate.length - 1, { candidate: 10 }).map((sample, i) => {
    const size = candidate[i];
    return size === undefined ? sample : { ...sample, memory: { candidate: size * mb, stable: 80 * mb } };
  });

describe('G3 the memory of a candidate', () => {
  it('takes it back once three readings in a row are over its limit, and says how much', () => {
    const samples = using(100, 600, 610, 612);
    expect(judge({ phase: phase(5), weightAt: at(0), triggers, samples })).toMatchObject({
      kind: 'roll_back',
      verdict: {
        rule: 'memory',
        reason: 'the candidate uses 612 MB of memory, more than the 500 MB it may; stable uses 80 MB',
      },
    });
  });

  it.each([
    ['a moment', [600, 610, 400]],
    ['exactly the limit', [500, 500, 500]],
    ['a reading that could not see it', [600, undefined, 610]],
    ['too few readings', [600, 610]],
    ['what is no number', [600, Number.NaN, 610]],
  ])('is let be for %s', (_, sizes) => {
    expect(tooMuchMemory(using(...sizes), triggers)).toBeUndefined();
  });

  it('decides nothing without a limit', () => {
    expect(tooMuchMemory(using(9000, 9000, 9000), plan().triggers)).toBeUndefined();
  });

  it.each([
    ['512MB', 512 * mb],
    ['1.5 GB', 1536 * mb],
    ['0MB', undefined],
    ['512', undefined],
    ['-1MB', undefined],
    ['1e9GB', undefined],
  ])('E1 %s as a size', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it('shows sizes as people read them', () => {
    expect([612.4 * mb, 80 * mb, 1.25 * mb].map(formatSize)).toEqual(['612 MB', '80 MB', '1.3 MB']);
  });
});
