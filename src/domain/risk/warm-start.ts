import { counted } from '../counted.ts';
import { hasLearnedEnough, type ChangeLearning } from './change-learning.ts';

/** What the git history taught, in numbers. */
export type WarmStartLearned = Pick<ChangeLearning, 'labels' | 'score'> & {
  /** First-parent commits that were read. */
  commits: number;
};

/** How learning from the git history stands. */
export interface WarmStart {
  /** `off`: it is turned off here; `none`: nothing was learned yet; `learning`: it is under way; `ready`: it has been done. */
  state: 'off' | 'none' | 'learning' | 'ready';
  /** Of the commits that are read now; 0 where none are. */
  done: number;
  of: number;
  /** Absent until something was learned. */
  learned?: WarmStartLearned;
  /** The same in a line; absent where there is nothing to tell. */
  words?: string;
}

/** How it stands, with its line. */
export function withWords(stands: Omit<WarmStart, 'words'>): WarmStart {
  const words = wordsOf(stands);
  return { ...stands, ...(words !== undefined && { words }) };
}

function wordsOf({ state, done, of, learned }: Omit<WarmStart, 'words'>): string | undefined {
  if (state === 'off' && !learned) return undefined;
  if (state === 'learning')
    return of === 0
      ? 'reading the git history to learn which changes needed a fix'
      : `learning from the git history: ${number(done)} of ${number(of)} commits`;
  if (!learned) return undefined;
  return learnedWords(learned);
}

/** What was learned, with how many changes it rests on and how well it judges. */
export function learnedWords({ commits, labels, score }: WarmStartLearned): string {
  const { good, reverted, fixed } = labels;
  const known = `${number(good)} changes without a known defect, ${number(reverted)} taken back, ${number(fixed)} fixed within a year`;
  if (!hasLearnedEnough({ labels }))
    return `not enough history to learn from: ${counted(commits, 'commit', 'commits')}, ${known}`;
  const said = [
    ...(score.auc === undefined ? [] : [`AUC ${score.auc.toFixed(2)}`]),
    ...(score.brier === undefined || score.baseBrier === undefined
      ? []
      : [
          `Brier ${score.brier.toFixed(3)} against ${score.baseBrier.toFixed(3)} for always saying ${Math.round((100 * score.defective) / score.n)} %`,
        ]),
  ];
  return `learned from ${number(commits)} commits: ${known}; judged before they were known, n=${number(score.n)}: ${said.join(', ')}`;
}

const number = (value: number) => value.toLocaleString('en-US');
