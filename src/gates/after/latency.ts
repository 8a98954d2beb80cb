import { formatDuration, parseDuration } from '../../domain/duration.ts';
import { beyondShare } from '../../domain/exact-test.ts';
import { lastPhaseCounts } from '../../domain/last-phase.ts';
import { histogramOf, latencyBounds, quantile } from '../../domain/sample.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout } from './rolled-out.ts';
import { chanceWords } from './share-words.ts';

/** Of 100 answers so many may be slower than the limit: that is what a limit on p95 says. */
const slowShare = 0.05;

/**
 * The candidate's p95 of its last phase is under a limit, 500 ms by default (REQUIREMENTS G3). A p95 is over it where more than a
 * twentieth of the answers are slower: whether that is more than chance is asked as for errors. Answers are counted in buckets
 * 15 % wide; those of the bucket that the limit falls into count as within it.
 */
export const latency = afterRollout(
  { id: 'latency', title: 'answers are quick' },
  ({ deployment, settings }) => {
    const limit = parseDuration(settings.latency.p95) ?? 0;
    const counts = lastPhaseCounts(deployment);
    const histogram = counts ? histogramOf(counts) : [];
    const answers = histogram.reduce((sum, n) => sum + n, 0);
    const minimum = deployment.plan.triggers.minimumSample;
    if (answers < minimum)
      return skipped(`${answers} answers were timed in the last phase, ${minimum} are needed to judge them`);
    const slow = histogram.reduce((sum, n, i) => sum + ((latencyBounds[i - 1] ?? 0) >= limit ? n : 0), 0);
    const p95 = Math.round(quantile(histogram, 0.95) ?? 0);
    const said = `p95 of ${answers} answers in the last phase is ${formatDuration(p95)}, ${formatDuration(limit)} is the limit`;
    const found = beyondShare(slow, answers, slowShare);
    switch (found.kind) {
      case 'kept':
        return passed(said);
      case 'chance':
        return skipped(`${said}; ${slow} were slower, and ${chanceWords(found.p)}`);
      case 'over':
        return failed(
          `${said}; ${slow} were slower`,
          'see which routes are slow; a service that may take longer says so in gates.latency.p95',
        );
      default:
        return found satisfies never;
    }
  },
);
