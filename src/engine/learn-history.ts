import { emptyChangeLearning, type ChangeLearning } from '../domain/risk/change-learning.ts';
import { ChangeLearner } from '../learning/changes/change-learner.ts';
import { keepPast, recallState } from '../planning/past/kept-past.ts';
import { emptyPast, readPast, type PastState } from '../planning/past/read-past.ts';
import { settledTip } from '../planning/past/settled.ts';
import type { Cache } from '../ports/cache.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';

export interface LearnHistoryPorts {
  git: Git;
  memory: Pick<Memory, 'changeLearning' | 'keepChangeLearning'>;
  cache: Cache;
}

export interface LearnHistoryRequest {
  base: string;
  head: string;
  signal?: AbortSignal;
  /** Told now and then how many of the commits were read. */
  progress?: (done: number, of: number) => void;
}

/** Commits after which what was learned is kept, so that a process that is ended loses no more. */
const keptEvery = 5000;

/** Where learning goes on. */
interface Learning {
  state: PastState;
  learner: ChangeLearner;
}

/**
 * Learns from the git history what is not learned yet, up to what is settled of the range, and keeps it. A history that was
 * rewritten is learned anew. Ended by the signal it keeps what it has. Gives what is known then; undefined where there is no
 * history.
 */
export async function learnHistory(
  ports: LearnHistoryPorts,
  { base, head, signal, progress }: LearnHistoryRequest,
): Promise<ChangeLearning | undefined> {
  const { git, cache, memory } = ports;
  const tip = await settledTip(git, { base, head }, signal);
  if (tip === undefined) return memory.changeLearning();
  const kept = await goOn(ports);
  if (kept?.state.sha !== undefined && (await isAncestor(git, tip, kept.state.sha)))
    return kept.learner.learned();
  const goesOn = kept?.state.sha !== undefined && (await isAncestor(git, kept.state.sha, tip));
  for (const { state, learner } of goesOn ? [kept, anew()] : [anew()]) {
    const keep = async () => {
      await keepPast(cache, state, learner.openChanges());
      if (state.sha !== undefined) await memory.keepChangeLearning(learner.learned());
    };
    let rewritten = false;
    let since = 0;
    try {
      for await (const step of readPast({ git, tip, state, signal, progress })) {
        if (!step) {
          rewritten = true;
          break;
        }
        learner.take(step);
        since += 1;
        if (since % keptEvery === 0) await keep();
      }
    } finally {
      if (since > 0) await keep();
    }
    if (!rewritten) return learner.learned();
  }
  return undefined;
}

/** What an earlier run left, where all of it is there. */
async function goOn({ cache, memory }: LearnHistoryPorts): Promise<Learning | undefined> {
  const [learning, kept] = [await memory.changeLearning(), await recallState(cache)];
  if (!learning?.learnedTo || learning.learnedTo.sha !== kept?.state.sha) return undefined;
  return { state: kept.state, learner: new ChangeLearner(learning, kept.changes) };
}

function anew(): Learning {
  return { state: emptyPast(), learner: new ChangeLearner(emptyChangeLearning(), []) };
}

/** Whether everything up to `a` is in `b`; a commit that is not there any more is in nothing. */
async function isAncestor(git: Git, a: string, b: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', a, b], { accept: [0, 1, 128] })).exitCode === 0;
}
