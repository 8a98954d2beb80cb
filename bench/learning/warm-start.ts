import { availableParallelism } from 'node:os';
import { figure, type Figure } from '../figure.ts';
import { emptyChangeLearning } from '../../src/domain/risk/change-learning.ts';
import { ChangeLearner } from '../../src/learning/changes/change-learner.ts';
import type { CommitDiff } from '../../src/planning/diff.ts';
import { readDiffs } from '../../src/planning/diff-pass.ts';
import { isCode } from '../../src/planning/past/line-owners.ts';
import { readPastLog } from '../../src/planning/past/past-log.ts';
import { emptyPast, takeChange } from '../../src/planning/past/read-past.ts';
import { steadyTimes } from '../../src/planning/past/steady-times.ts';
import type { Git } from '../../src/ports/git.ts';

/** Commits whose diffs are held at once: what git takes is measured apart from what is done with it. */
const mostHeld = 3000;

/** How quickly a history is learned from once git has given its diffs, and how well it was judged on the way. */
export async function warmStart(git: Git, name: string, tip: string): Promise<Figure[]> {
  const units = (await readPastLog(git, tip)) ?? [];
  const times = steadyTimes(units.map(({ landed }) => landed));
  const state = emptyPast();
  const learner = new ChangeLearner(emptyChangeLearning(), []);
  let [gitMs, ownMs, cpuMs, done] = [0, 0, 0, 0];
  let held: CommitDiff[] = [];
  const spend = () => {
    const began = performance.now();
    const used = process.cpuUsage();
    for (const diff of held) {
      const unit = units[done];
      if (unit) learner.take(takeChange(state, unit, Math.max(state.past.lastAt, times[done] ?? 0), diff));
      done += 1;
    }
    ownMs += performance.now() - began;
    const { user, system } = process.cpuUsage(used);
    cpuMs += (user + system) / 1000;
    held = [];
  };
  const shas = units.map(({ sha }) => sha);
  let waiting = performance.now();
  for await (const diff of readDiffs({
    git,
    shas,
    wantsLines: isCode,
    shards: Math.min(4, availableParallelism()),
  })) {
    held.push(diff);
    if (held.length < mostHeld) continue;
    gitMs += performance.now() - waiting;
    spend();
    waiting = performance.now();
  }
  gitMs += performance.now() - waiting;
  spend();
  const { labels, score } = learner.learned();
  const known = labels.good + labels.reverted + labels.fixed;
  const of = `${name}: ${known} of ${units.length} commits known, ${labels.reverted} taken back, ${labels.fixed} fixed; with the waiting time, from the 101st outcome on`;
  const bench = 'learning';
  return [
    figure(
      bench,
      `${name}: commits learned from a second of the processor's time, after git`,
      (done / cpuMs) * 1000,
      `${Math.round((done / ownMs) * 1000)} a second by the clock; git gives ${Math.round((done / gitMs) * 1000)}`,
      { atLeast: 1000 },
    ),
    ...(score.auc === undefined
      ? []
      : [figure(bench, `${name}: area under the curve as it was learned`, score.auc, of, 'none')]),
    ...(score.brier === undefined || score.baseBrier === undefined
      ? []
      : [
          figure(
            bench,
            `${name}: Brier's score as it was learned`,
            score.brier,
            `${of}; base rate ${score.baseBrier.toFixed(3)}`,
            'none',
          ),
        ]),
    ...(score.calibrationError === undefined
      ? []
      : [figure(bench, `${name}: calibration error as it was learned`, score.calibrationError, of, 'none')]),
  ];
}
