import { z } from 'zod';
import { changeModelSchema, startChangeModel } from './change-model.ts';
import { changeScoreSchema, judgedSchema, judgedSoFar, nothingJudged, scoreOf } from './change-score.ts';

export const changeLearningName = 'orchestra/change-model@1';

const count = z.number().int().nonnegative();

/** What became of changes, how many each. */
const labelsSchema = z.object({
  /** Nothing was seen of a defect for so long that they count as good. */
  good: count,
  reverted: count,
  /** A later fix replaced lines of theirs. */
  fixed: count,
  /** Of the reverted and fixed ones those that had counted as good before. */
  late: count,
  /** Too young to say. */
  waiting: count,
});
export type ChangeLabels = z.infer<typeof labelsSchema>;

/** `deployment_memory/patterns/change_model.json`: what this repository's own git history taught about changes. */
export const changeLearningSchema = z
  .object({
    schema: z.literal(changeLearningName),
    /** The last first-parent commit that was learned from, and how many came before it with it. */
    learnedTo: z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/u), commits: count }).nullable(),
    labels: labelsSchema,
    /** How it judged changes of which it had not learned yet what became of them, once it had learned of a hundred. */
    score: changeScoreSchema,
    judged: judgedSchema,
    model: changeModelSchema,
  })
  .refine(({ learnedTo, labels, score, judged }) => {
    const commits = learnedTo?.commits ?? 0;
    const { good, reverted, fixed, late, waiting } = labels;
    const known = good + reverted + fixed;
    return (
      known + waiting <= commits &&
      late <= known &&
      judgedSoFar(judged) <= commits &&
      score.n <= commits &&
      (score.n > 0 || score.brier === undefined)
    );
  }, 'more changes than it has read commits');
export type ChangeLearning = z.infer<typeof changeLearningSchema>;

export function emptyChangeLearning(): ChangeLearning {
  const judged = nothingJudged();
  return {
    schema: changeLearningName,
    learnedTo: null,
    labels: { good: 0, reverted: 0, fixed: 0, late: 0, waiting: 0 },
    score: scoreOf(judged),
    judged,
    model: startChangeModel(),
  };
}

/** Labels of either kind before a repository's past counts as enough to speak of. */
const enough = { labels: 50, defective: 5 };

/** Whether so much is known of what became of changes that it says something about the next ones. */
export function hasLearnedEnough({ labels }: Pick<ChangeLearning, 'labels'>): boolean {
  const defective = labels.reverted + labels.fixed;
  return defective >= enough.defective && defective + labels.good >= enough.labels;
}
