import { describe, expect, it } from 'vitest';
import {
  changeLearningSchema,
  emptyChangeLearning,
  hasLearnedEnough,
} from '../../../src/domain/risk/change-learning.ts';
import { learnedWords } from '../../../src/domain/risk/warm-start.ts';
import { ChangeLearner } from '../../../src/learning/changes/change-learner.ts';
import type { Evidence, PastStep } from '../../../src/planning/past/read-past.ts';

const day = 86_400;
const metrics = (la: number) => ({
  ns: 1,
  nd: 1,
  nf: 1,
  entropy: 0,
  la,
  ld: 0,
  lt: 100,
  fix: false,
  ndev: 1,
  age: 1,
  nuc: 2,
  exp: 5,
  rexp: 5,
  sexp: 2,
});

/** A change a day, the large ones fixed two days later. */
function history(count: number, isBad: (i: number) => boolean): PastStep[] {
  return Array.from({ length: count }, (_, i) => ({
    number: i,
    sha: i.toString(16).padStart(40, '0'),
    at: 1_700_000_000 + i * day,
    metrics: metrics(isBad(i) ? 400 : 4),
    shows: new Map<number, Evidence>(i >= 2 && isBad(i - 2) ? [[i - 2, 'fix']] : []),
  }));
}

function learnt(steps: readonly PastStep[]) {
  const learner = new ChangeLearner(emptyChangeLearning(), []);
  for (const step of steps) learner.take(step);
  return learner;
}

describe('learning from a history in the order of time', () => {
  it('N2 a change is good once 90 days went by, defective when that is seen, and learned from after 90 days either way', () => {
    const steps = history(100, (i) => i === 95);
    const { labels, model } = learnt(steps).learned();
    expect(labels).toEqual({ good: 10, reverted: 0, fixed: 1, late: 0, waiting: 89 });
    expect(model.n).toBe(10);
  });

  it('N2 what shows a defect after it counted as good is put right, and learned', () => {
    const steps = history(200, () => false);
    const last = steps[199];
    if (last) steps[199] = { ...last, shows: new Map([[20, 'revert']]) };
    const { labels } = learnt(steps).learned();
    expect(labels).toMatchObject({ reverted: 1, late: 1 });
    expect(labels.good + labels.reverted + labels.waiting).toBe(200);
  });

  it('N2 a change that shows twice counts once', () => {
    const steps = history(300, () => false);
    for (const i of [150, 160, 280]) {
      const step = steps[i];
      if (step) steps[i] = { ...step, shows: new Map([[140, 'fix']]) };
    }
    expect(learnt(steps).learned().labels.fixed).toBe(1);
  });

  it('N2 it learns what tells the bad ones, and its score says so: better than the base rate', () => {
    const { score, labels } = learnt(history(900, (i) => i % 5 === 0)).learned();
    expect(labels.fixed).toBeGreaterThan(150);
    expect(score.auc).toBeGreaterThan(0.95);
    expect(score.brier).toBeLessThan(score.baseBrier ?? 0);
  });

  it('N2 learning on from what was kept gives what learning in one go gives', () => {
    const steps = history(600, (i) => i % 4 === 1);
    const first = learnt(steps.slice(0, 333));
    const kept = changeLearningSchema.parse(JSON.parse(JSON.stringify(first.learned())));
    const second = new ChangeLearner(kept, JSON.parse(JSON.stringify(first.openChanges())));
    for (const step of steps.slice(333)) second.take(step);
    expect(second.learned()).toEqual(learnt(steps).learned());
    expect(second.openChanges()).toEqual(learnt(steps).openChanges());
  });

  it('N2 without a single fix it says that there is not enough history', () => {
    const { labels, score, learnedTo } = learnt(history(2000, () => false)).learned();
    expect(hasLearnedEnough({ labels })).toBe(false);
    const words = learnedWords({ commits: learnedTo?.commits ?? 0, labels, score });
    expect(words).toMatch(/^not enough history to learn from: 2000 commits/u);
    expect(score.auc).toBeUndefined();
  });

  it('N2 what is kept stays small and readable: at most 16 kB', () => {
    const learned = learnt(history(3000, (i) => i % 7 === 0)).learned();
    expect(JSON.stringify(learned, null, 2).length).toBeLessThanOrEqual(16_384);
    expect(changeLearningSchema.parse(JSON.parse(JSON.stringify(learned)))).toEqual(learned);
  });

  it('N2 metrics that nothing can have leave a sound model', () => {
    const steps = history(400, (i) => i % 3 === 0).map((step, i) => ({
      ...step,
      metrics: { ...metrics(3), la: [Number.NaN, 1e308, -5, Infinity][i % 4] ?? 0 },
    }));
    const learned = learnt(steps).learned();
    expect(changeLearningSchema.safeParse(JSON.parse(JSON.stringify(learned))).success).toBe(true);
  });
});

it('a file that claims more changes than it has read commits is refused', () => {
  const learned = learnt(history(300, (i) => i % 5 === 0)).learned();
  expect(changeLearningSchema.safeParse(learned).success).toBe(true);
  const claims = [
    { ...learned, labels: { ...learned.labels, good: Number.MAX_SAFE_INTEGER } },
    { ...learned, labels: { ...learned.labels, late: 10_000 } },
    { ...learned, learnedTo: null },
    { ...learned, score: { n: 0, defective: 9, brier: 1, baseBrier: 1 } },
    { ...learned, judged: { ...learned.judged, good: learned.judged.good.map(() => 1e9) } },
  ];
  for (const claim of claims) expect(changeLearningSchema.safeParse(claim).success).toBe(false);
});
