import { describe, expect, it } from 'vitest';
import type { FoundImprovement } from '../../../src/domain/improvement.ts';
import { findImprovements } from '../../../src/learning/improvements/find.ts';
import { testingTime } from '../../../src/learning/improvements/makespan.ts';
import type { DeploymentProcess } from '../../../src/learning/improvements/process-facts.ts';
import { phaseWent, processes, settingsWith, suiteRan } from '../../harness/process.ts';

function found(
  deployments: readonly DeploymentProcess[],
  over: Parameters<typeof settingsWith>[0] = {},
): FoundImprovement[] {
  const settings = settingsWith(over);
  return findImprovements({ settings, environments: ['production'], deployments, suitesAtOnce: 4 });
}

const ids = (all: readonly FoundImprovement[]) => all.map(({ id }) => id);
const one = (all: readonly FoundImprovement[], id: string): FoundImprovement => {
  const its = all.find((other) => other.id === id);
  if (!its) throw new TypeError(`no ${id} among ${ids(all).join(', ')}`);
  return its;
};
const suites = ['unit', 'e2e', 'lint'].map((name) => ({ name, run: `npm run ${name}` }));

describe('M4 slow suites', () => {
  const tested = processes(12, (i) => ({
    suites: [suiteRan('unit', 60_000 + i), suiteRan('e2e', 240_000 + i), suiteRan('lint', 55_000)],
    phases: [],
  }));

  it('are run side by side where the settings allow fewer at once than would help', () => {
    const its = one(found(tested, { suites, testing: { parallel: 1 } }), 'suites-parallel');
    expect(its.edits).toEqual([{ path: ['testing', 'parallel'], value: 2 }]);
    expect(its).toMatchObject({ savesMs: 115_006, n: 12, weakens: [] });
  });

  it('are left as they are where more at once would not help, or nothing was set', () => {
    expect(ids(found(tested, { suites }))).not.toContain('suites-parallel');
    expect(ids(found(tested, { suites, testing: { parallel: 2 } }))).not.toContain('suites-parallel');
  });

  it('have time-outs that fit, at least three times what they ever took, and never below', () => {
    const its = one(found(tested, { suites }), 'suite-timeout-lint');
    expect(its.edits).toEqual([{ path: ['suites', 2, 'timeout'], value: '3m' }]);
    expect(its.rate).toMatchObject({ count: 0, n: 12 });
    expect(ids(found(tested.slice(0, 9), { suites }))).not.toContain('suite-timeout-lint');
    expect(ids(found(tested, { suites }))).not.toContain('suite-timeout-e2e');
  });

  it('get more time where they come near their time-out, and it is said that a hang is then told later', () => {
    const near = found(tested, { suites: suites.map((s) => ({ ...s, timeout: '5m' })) });
    expect(one(near, 'suite-timeout-e2e')).toMatchObject({
      edits: [{ path: ['suites', 1, 'timeout'], value: '9m' }],
      weakens: [expect.stringContaining('after 9 min instead of 5 min')],
    });
  });

  it('are begun as they are run: in their order, when what they need is over and a place is free', () => {
    const list = [
      { name: 'a', needs: [] },
      { name: 'b', needs: ['a'] },
      { name: 'c', needs: [] },
    ];
    const usual = new Map([
      ['a', 10],
      ['b', 10],
      ['c', 15],
    ]);
    expect([1, 2, 3].map((parallel) => testingTime(list, usual, parallel))).toEqual([35, 20, 20]);
    expect(testingTime([{ name: 'a', needs: ['a'] }], usual, 2)).toBe(0);
  });
});

describe('M4 flaky suites', () => {
  const flaky = (i: number) => i % 4 === 0;
  const past = processes(12, (i) => ({
    phases: [],
    testingMs: flaky(i) ? 900_000 : 120_000,
    suites: [
      suiteRan('e2e', 60_000, {
        passedMs: [60_000],
        ...(flaky(i) && { runs: 2, flaky: true, againBy: 'Bo', allMs: 120_000, failing: ['pays \u001b[2J'] }),
      }),
    ],
  }));

  it('are run again by themselves, with the tests named, the share and its interval, and what that gives up', () => {
    const its = one(found(past, { suites: suites.slice(1, 2) }), 'flaky-e2e');
    expect(its).toMatchObject({
      rate: { count: 3, n: 12 },
      edits: [{ path: ['suites', 0, 'retries'], value: 1 }],
      weakens: [expect.stringContaining('only sometimes can pass')],
      savesMs: 180_000,
    });
    expect(its.evidence.join(' ')).toContain('3 of 12 (10–49 %)');
    expect(its.evidence.join(' ')).toContain('3 times somebody had it run again by hand: Bo 3');
    expect(its.evidence.join(' ')).not.toContain('\u001b');
  });

  it('are not called so for one accident, where they run again by themselves, or under another command', () => {
    const once = processes(12, (i) => ({
      suites: [suiteRan('e2e', 1000, i === 0 ? { runs: 2, flaky: true } : {})],
    }));
    expect(ids(found(once, { suites }))).not.toContain('flaky-e2e');
    expect(ids(found(past, { suites: [{ name: 'e2e', run: 'npm run e2e', retries: 1 }] }))).not.toContain(
      'flaky-e2e',
    );
    expect(ids(found(past, { suites: [{ name: 'e2e', run: 'other' }] }))).not.toContain('flaky-e2e');
  });
});

describe('M4 phases that never decide anything', () => {
  it('are watched half as long after 20 rollouts without a verdict, and it is said what that gives up', () => {
    expect(one(found(processes(20)), 'phase-duration-production-canary')).toMatchObject({
      edits: [{ path: ['environments', 'production', 'canary', 'duration'], value: '150s' }],
      savesMs: 600_000,
      rate: { count: 0, n: 20 },
      weakens: [expect.stringContaining('Up to 12 in 100')],
    });
    expect(ids(found(processes(19)))).not.toContain('phase-duration-production-canary');
  });

  it('stay as they are wherever one once caught something, or somebody went back afterwards', () => {
    for (const over of [
      { phases: [phaseWent(5, { held: ['latency'] }), phaseWent(100)] },
      {
        phases: [phaseWent(5, { held: ['error-rate'], passed: false }), phaseWent(100, { passed: false })],
        outcome: 'rolled_back' as const,
      },
      { kind: 'rollback' as const },
    ]) {
      const all = ids(found(processes(40, (i) => (i === 17 ? over : {}))));
      expect(all).not.toContain('phase-duration-production-canary');
      if ('kind' in over) expect(all.join(' ')).not.toContain('phase-');
    }
  });

  it('keep the time in which their sample comes and the thresholds’ windows fit', () => {
    const slow = processes(30, () => ({
      phases: [5, 25, 50, 100].map((w) => phaseWent(w, { requests: 60 })),
    }));
    expect(ids(found(slow))).not.toContain('phase-duration-production-canary');
    const bluegreen = processes(30, () => ({ strategy: 'blue-green', phases: [phaseWent(100)] }));
    expect(ids(found(bluegreen))).toEqual(['threshold-error-rate-production']);
  });

  it('go where they are a step between that never caught anything, while those that did stay', () => {
    const past = processes(25, (i) => ({
      phases: [5, 25, 50, 100].map((w) => phaseWent(w, i === 3 && w === 25 ? { held: ['latency'] } : {})),
    }));
    expect(one(found(past), 'phase-step-production-50')).toMatchObject({
      edits: [{ path: ['environments', 'production', 'canary', 'steps', 2] }],
      savesMs: 300_000,
      weakens: [expect.stringContaining('What 25 % of the users did not show meets 100 %')],
    });
    // What was seen in longer phases says nothing of shorter ones.
    const shorter = { production: { port: 8080, canary: { duration: '150s' } } };
    expect(ids(found(past, shorter))).not.toContain('phase-step-production-50');
  });
});

describe('M4 approvals that wait', () => {
  const required = { production: { port: 8080, approval: { required: true } } };
  const asked = (i: number) => (i % 2 === 0 ? 10 : 19);
  const past = processes(20, (i) => {
    const askedAt = new Date(Date.UTC(2026, 0, 5 + (i % 5) + 7 * Math.floor(i / 5), asked(i))).toISOString();
    return {
      phases: [],
      approval: { by: i % 3 === 0 ? 'Bo' : 'Cy', askedAt, waitedMs: asked(i) === 10 ? 300_000 : 50_000_000 },
    };
  });

  it('are asked for when somebody answers: a window of the hours in which the answer came soon', () => {
    const its = one(found(past, required), 'approval-window-production');
    expect(its.edits).toEqual([
      {
        path: ['environments', 'production', 'windows'],
        value: [{ days: 'mon-fri', from: '10:00', to: '11:00' }],
      },
    ]);
    expect(its).toMatchObject({ n: 20, savesMs: 25_000_000, weakens: [] });
    expect(its.evidence.join(' ')).toContain('Cy answered 13 times');
  });

  it('have more time for the answer where nobody answers, and it is said what that costs', () => {
    const lost = processes(10, (i) => ({
      phases: [],
      ...(i < 3 && { approvalTimedOut: true as const, outcome: 'rolled_back' as const }),
    }));
    expect(one(found(lost, required), 'approval-timeout-production')).toMatchObject({
      edits: [{ path: ['environments', 'production', 'approval', 'timeout'], value: '2h' }],
      weakens: [expect.stringContaining('nobody has approved')],
    });
  });

  it('are left alone where they are quick, few, or not asked for', () => {
    const quick = processes(20, () => ({
      phases: [],
      approval: { by: 'Bo', askedAt: '2026-01-05T10:00:00Z', waitedMs: 1000 },
    }));
    expect(found(quick, required)).toEqual([]);
    expect(found(past.slice(0, 4), required)).toEqual([]);
    expect(found(past)).toEqual([]);
  });
});

describe('M4 steps repeated by hand', () => {
  it('a gate that is let pass again and again warns, unless it went wrong where it was let pass', () => {
    const past = (says: 'success' | 'failure') =>
      processes(12, (i) => ({
        phases: [],
        ...(i < 4 && { overrides: ['coverage', 'no-gate', '__proto__'], says }),
      }));
    expect(one(found(past('success')), 'override-production-coverage')).toMatchObject({
      edits: [{ path: ['environments', 'production', 'gates', 'coverage', 'severity'], value: 'warning' }],
      weakens: [expect.stringContaining('stops nothing any more')],
      rate: { count: 4, n: 12 },
    });
    expect(found(past('failure'))).toEqual([]);
  });

  it('emergencies soon after the window has closed move its end, and it is said that the gate lets more through', () => {
    const windows = [{ days: 'mon-fri', from: '08:00', to: '16:00' }];
    const past = processes(20, (i) => ({
      phases: [],
      ...(i % 7 === 2 && {
        emergency: true,
        requestedAt: new Date(Date.UTC(2026, 0, 5 + i, 17, 20)).toISOString(),
      }),
    }));
    const its = one(found(past, { production: { port: 8080, windows } }), 'emergency-production');
    expect(its.edits).toEqual([{ path: ['environments', 'production', 'windows', 0, 'to'], value: '18:00' }]);
    expect(its.weakens[0]).toContain('until 18:00 instead of 16:00');
  });

  it('versions that people take back soon after the rollout are watched longer', () => {
    const past = processes(12, (i) => ({
      strategy: 'blue-green',
      phases: [],
      ...(i % 4 === 3 && {
        kind: 'rollback' as const,
        requestedAt: new Date(Date.UTC(2026, 0, 5 + i - 1, 9, 40)).toISOString(),
      }),
    }));
    const its = one(found(past), 'went-back-production');
    expect(its.edits).toEqual([{ path: ['environments', 'production', 'blue-green', 'bake'], value: '15m' }]);
    expect(its.weakens).toEqual([]);
  });

  it('a deployment that one person asks for every week at that hour is told as a line for a scheduler', () => {
    const past = processes(50, (i) => ({ phases: [], what: i % 7 === 0 ? 'selection' : 'version' }));
    expect(one(found(past), 'routine-production').suggestion).toContain('cron 0 9 * * mon');
  });

  it('phases that a person ends early end by their numbers', () => {
    const past = processes(10, () => ({
      phases: [phaseWent(5, { byHand: true, watchedMs: 60_000 }), phaseWent(100)],
    }));
    expect(one(found(past), 'promote-production')).toMatchObject({
      edits: [{ path: ['environments', 'production', 'canary', 'duration'], value: '150s' }],
      weakens: [expect.stringContaining('also where nobody')],
    });
  });
});

describe('M4 thresholds', () => {
  it('that no healthy phase came near get tighter, and none of these phases would have been taken back', () => {
    expect(one(found(processes(10)), 'threshold-error-rate-production')).toMatchObject({
      edits: [{ path: ['environments', 'production', 'thresholds', 'error_rate'], value: 0.2 }],
      n: 40,
      weakens: [],
    });
    const quiet = processes(10, () => ({
      phases: [5, 25, 50, 100].map((w) => phaseWent(w, { requests: 2000 })),
    }));
    expect(ids(found(quiet))).not.toContain('threshold-error-rate-production');
    const near = processes(10, () => ({
      phases: [phaseWent(5, { errorRate: 0.3 }), phaseWent(100), phaseWent(100)],
    }));
    expect(ids(found(near))).not.toContain('threshold-error-rate-production');
  });

  it('that healthy phases nearly break are looked at, not raised', () => {
    const past = processes(10, () => ({ phases: [phaseWent(5, { errorRate: 0.9 })] }));
    expect(one(found(past), 'threshold-near-production').edits).toEqual([]);
  });

  it('samples that are too small ask for longer phases, never for fewer requests', () => {
    const past = processes(10, (i) => ({
      phases: [phaseWent(5, i < 4 ? { held: ['sample'] } : {}), phaseWent(100)],
    }));
    expect(one(found(past), 'threshold-sample-production').edits).toEqual([
      { path: ['environments', 'production', 'canary', 'duration'], value: '15m' },
    ]);
  });
});

describe('M4 improvements altogether', () => {
  it('says nothing of nothing, and of few deployments', () => {
    expect(found([])).toEqual([]);
    expect(found(processes(4), { suites })).toEqual([]);
  });

  it('never says two things about one setting, and puts most time saved first', () => {
    const all = found(processes(30), { suites });
    const places = all.flatMap(({ edits }) => edits.map(({ path }) => path.join('.')));
    expect(new Set(places).size).toBe(places.length);
    expect(all.map(({ savesMs = 0 }) => savesMs)).toEqual(
      all.map(({ savesMs = 0 }) => savesMs).toSorted((a, b) => b - a),
    );
  });

  it('stays finite on numbers and times that make no sense', () => {
    const odd = processes(40, (i) => ({
      requestedAt: i % 2 ? 'never' : '2099-01-01T00:00:00Z',
      testingMs: 1e308,
      suites: [suiteRan('unit', 1e308, { passedMs: [1e308, Number.NaN], runs: 0 })],
      phases: [phaseWent(5, { requests: 0, watchedMs: 1e308, errorRate: Number.NaN }), phaseWent(100)],
      approval: { by: '\u001b', askedAt: 'never', waitedMs: Number.NaN },
      by: '__proto__',
    }));
    for (const { savesMs = 0, edits } of found(odd, {
      suites,
      production: { port: 8080, approval: { required: true } },
    })) {
      expect(Number.isFinite(savesMs)).toBe(true);
      expect(JSON.stringify(edits)).not.toContain('null');
    }
  });
});
