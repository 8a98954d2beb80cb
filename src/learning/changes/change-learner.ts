import type { ChangeLabels, ChangeLearning } from '../../domain/risk/change-learning.ts';
import { judgeChange, learnChange, type ChangeModel } from '../../domain/risk/change-model.ts';
import { addJudged, scoreOf, turnJudged, type Judged } from '../../domain/risk/change-score.ts';
import type { OpenChange } from '../../planning/past/open-change.ts';
import { recentTime, type PastStep } from '../../planning/past/read-past.ts';
import { waitingTime } from '../../planning/past/waiting-time.ts';

/** More changes than this within a year, and those from before them are let go: nothing is learned of them twice. */
const mostOpen = 20_000;

/** Outcomes of this repository that a judgement must rest on to be scored: before, it is other repositories'. */
const scoredFrom = 100;

/**
 * Learns from a history in the order of time, as it would have been done from the first day: each change is judged when it
 * lands, and learned from when its `waitingTime` is over, as what it counts as by then. What shows a defect early waits as
 * long as the others do: else the last months would look worse than they are. Where one that counted as good shows a
 * defect later, within a year, that is learned too.
 */
export class ChangeLearner {
  private readonly labels: ChangeLabels;
  private readonly judged: Judged;
  private model: ChangeModel;
  private learnedTo: ChangeLearning['learnedTo'];
  private readonly open: Map<number, OpenChange>;
  /** Those that were not learned from yet, oldest first. */
  private readonly waiting: OpenChange[];

  constructor(from: ChangeLearning, open: readonly OpenChange[]) {
    this.labels = { ...from.labels };
    this.judged = {
      ...from.judged,
      good: [...from.judged.good],
      defective: [...from.judged.defective],
    };
    this.model = from.model;
    this.learnedTo = from.learnedTo;
    this.open = new Map(open.map((change) => [change.number, { ...change }]));
    this.waiting = [...this.open.values()].filter(({ learned }) => !learned);
  }

  take({ number, sha, at, metrics, shows }: PastStep): void {
    for (const [shown, by] of shows) {
      const change = this.open.get(shown);
      if (change) this.countDefective(change, by);
    }
    this.countOld(at);
    this.letGo(at);
    this.learnedTo = { sha, commits: number + 1 };
    if (!metrics) return;
    const { defect, n } = judgeChange(this.model, metrics);
    const change: OpenChange = {
      number,
      sha,
      at,
      metrics,
      defect,
      scored: n >= scoredFrom,
      counts: 'nothing',
      learned: false,
    };
    this.open.set(number, change);
    this.waiting.push(change);
  }

  private countDefective(change: OpenChange, by: 'revert' | 'fix'): void {
    if (change.counts === 'defective') return;
    if (change.counts === 'good') {
      this.labels.good -= 1;
      this.labels.late += 1;
      if (change.scored) turnJudged(this.judged, change.defect);
      this.model = learnChange(this.model, change.metrics, true);
    } else if (change.scored) addJudged(this.judged, change.defect, true);
    if (by === 'revert') this.labels.reverted += 1;
    else this.labels.fixed += 1;
    change.counts = 'defective';
  }

  /** What has shown nothing for long enough counts as good; whatever it counts as is learned. */
  private countOld(now: number): void {
    let old = 0;
    for (const change of this.waiting) {
      if (change.at > now - waitingTime) break;
      old += 1;
      if (change.counts === 'nothing') {
        change.counts = 'good';
        this.labels.good += 1;
        if (change.scored) addJudged(this.judged, change.defect, false);
      }
      change.learned = true;
      this.model = learnChange(this.model, change.metrics, change.counts === 'defective');
    }
    if (old > 0) this.waiting.splice(0, old);
  }

  private letGo(now: number): void {
    for (const change of this.open.values()) {
      if (!change.learned) return;
      if (change.at >= now - recentTime && this.open.size <= mostOpen) return;
      this.open.delete(change.number);
    }
  }

  /** The changes of the last year, oldest first. */
  openChanges(): OpenChange[] {
    return [...this.open.values()];
  }

  /** What has been learned so far, as it is kept. */
  learned(): ChangeLearning {
    const waiting = this.waiting.filter(({ counts }) => counts === 'nothing').length;
    return {
      schema: 'orchestra/change-model@1',
      learnedTo: this.learnedTo,
      labels: { ...this.labels, waiting },
      score: scoreOf(this.judged),
      judged: {
        ...this.judged,
        good: [...this.judged.good],
        defective: [...this.judged.defective],
      },
      model: this.model,
    };
  }
}
