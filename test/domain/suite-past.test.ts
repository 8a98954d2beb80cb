import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { suitePasts, usualMs } from '../../src/domain/suite-past.ts';
import { aDeployment, sha } from '../harness/deployment.ts';

const [unit] = aDeployment().build().plan.suites;
if (!unit) throw new TypeError('the harness names a suite unit');

/** A past deployment whose unit suite ended so, run by run, on the tree of this letter. */
function past(tree: string, ...runs: ('passed' | 'failed')[]): Deployment {
  return aDeployment()
    .built()
    .suite('unit', runs.at(-1) ?? 'passed')
    .with((d) => {
      if (d.candidate.kind !== 'none') d.candidate.tree = sha(tree);
      const [state] = d.suites;
      if (!state || runs.length < 2) return;
      state.earlier = runs.slice(0, -1).map((status) => ({
        status,
        exitCode: status === 'passed' ? 0 : 1,
        durationMs: 1000,
        log: 'unit.log',
        ...(status === 'failed' && { cases: [{ line: '✖ adds', name: 'adds' }] }),
      }));
    })
    .build();
}

describe('what the past says of a suite', () => {
  it('S4 calls it flaky where it passed and failed on the same candidate, in one deployment or two', () => {
    const { unit: said } = suitePasts(
      [
        past('1', 'passed'),
        past('2', 'failed', 'passed'),
        past('3', 'failed'),
        past('3', 'passed'),
        past('4', 'failed'),
      ],
      [unit],
    );
    expect(said).toMatchObject({ candidates: 4, flaky: 2, flakyCases: { adds: 1 } });
  });

  it('knows how long it usually takes from the runs that passed', () => {
    const { unit: said } = suitePasts(
      [past('1', 'passed', 'passed'), past('2', 'passed'), past('3', 'failed')],
      [unit],
    );
    expect(said?.durations).toEqual([4200, 1000, 4200]);
    expect(said && usualMs(said)).toBe(4200);
    expect(usualMs({ durations: [] })).toBeUndefined();
  });

  it('takes another command under the same name for another suite', () => {
    expect(suitePasts([past('1', 'passed')], [{ ...unit, run: 'make test' }])).toEqual({
      unit: { durations: [], candidates: 0, flaky: 0, flakyCases: {} },
    });
  });

  it('tells candidates with lockfiles made anew apart by their commit', () => {
    const anew = (letter: string, status: 'passed' | 'failed') => {
      const d = past('1', status);
      if (d.candidate.kind !== 'none') {
        d.candidate.regenerated = [{ path: 'package-lock.json', tool: 'npm', reason: 'it changed' }];
        d.candidate.version = { sha: sha(letter), name: letter };
      }
      return d;
    };
    expect(suitePasts([anew('5', 'passed'), anew('6', 'failed')], [unit])['unit']).toMatchObject({
      candidates: 2,
      flaky: 0,
    });
  });
});
