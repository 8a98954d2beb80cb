import type { ChangeMetrics } from '../../domain/risk/change-metrics.ts';
import type { ChangeLabels } from '../../domain/risk/change-learning.ts';
import type { ChangeModel } from '../../domain/risk/change-model.ts';
import type { Candidate } from '../assemble.ts';
import { isTrunkMerge, mostFrequent, saysFix } from './past-unit.ts';
import type { Past } from './past.ts';

/** No change is measured further from the last one that is known than this, in seconds: clocks can be wrong. */
const mostAhead = 2 * 365 * 86_400;

/** A history that was read, with the model that learned from it. */
export interface LearnedPast {
  view: PastView;
  model: ChangeModel;
  /** What it learned of; `hasLearnedEnough` says whether that is enough to speak of. */
  labels: ChangeLabels;
}

/** What the history so far says about changes that wait. */
export class PastView {
  constructor(
    /** The last commit of that history. */
    readonly sha: string,
    private readonly past: Past,
    /** What was measured of its last commits when they landed. */
    private readonly measured: ReadonlyMap<string, ChangeMetrics>,
  ) {}

  /**
   * The metrics of a feature, as of before it; undefined where there is nothing to measure: tools' files alone, or files
   * that this clone does not have. One that landed before the history's end is told as it was measured then.
   */
  metricsOf({
    feature,
    group,
    unread,
  }: Pick<Candidate, 'feature' | 'group' | 'unread'>): ChangeMetrics | undefined {
    const [unit] = group.units;
    if (unread || !unit) return undefined;
    const known = group.units.length === 1 ? this.measured.get(unit.commit.sha) : undefined;
    if (known) return known;
    const files = feature.files.filter(
      ({ generated, vendored, submodule }) => !generated && !vendored && !submodule,
    );
    if (files.length === 0) return undefined;
    const own = group.units.filter((one) => !isTrunkMerge(one.commit.parents.length, one.message));
    const commits = own.flatMap((one) => (one.commits.length > 1 ? one.commits.slice(0, -1) : one.commits));
    const newest = Math.floor(Math.max(0, ...commits.map(({ at }) => at)) / 1000);
    const { lastAt } = this.past;
    return this.past.measure({
      author: mostFrequent(commits.map(({ email }) => email.toLowerCase())) ?? '',
      at: Math.min(Math.max(newest, lastAt), lastAt + mostAhead),
      fix: saysFix(unit.message, ''),
      files: files.map((file) => ({ ...file, oldPath: file.path })),
    });
  }
}
