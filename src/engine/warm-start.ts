import { z } from 'zod';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Discovery } from '../domain/feature.ts';
import { parseJson } from '../domain/parse-json.ts';
import type { ChangeLearning } from '../domain/risk/change-learning.ts';
import { withWords, type WarmStart, type WarmStartLearned } from '../domain/risk/warm-start.ts';
import { keepLooked, recallLooked } from '../planning/past/kept-past.ts';
import type { Clock } from '../ports/clock.ts';
import type { Processes } from '../ports/processes.ts';
import type { WarmStarting } from '../ports/warm-start.ts';
import { learnHistory, type LearnHistoryPorts } from './learn-history.ts';

export interface WarmStartPorts extends LearnHistoryPorts {
  clock: Clock;
  processes: Processes;
  /** Absent where it is turned off. */
  warmStart?: WarmStarting;
}

/** What waits between two commits, as discovery found it. */
export type PastRange = Pick<Discovery, 'base' | 'head'>;

/** What faces may ask about learning from the git history. */
export interface LearningFromHistory {
  /** How it stands. */
  warmStart(): Promise<WarmStart>;
  /** Starts it in the background, where there is something to learn and nobody does it; whether it was started. */
  startWarmStart(range: PastRange): Promise<boolean>;
  /** Does it here and now. Throws `locked` (5) while another process does it. */
  learnFromHistory(
    range: PastRange,
    options?: { signal?: AbortSignal; progress?: (done: number, of: number) => void },
  ): Promise<WarmStart>;
}

/** The one name that the lock is held under. */
const lockName = 'history';
const progressKind = 'warm-start';
/** How often the progress is written down, in milliseconds. */
const toldEveryMs = 300;

const progressSchema = z.object({
  done: z.number().int().nonnegative(),
  of: z.number().int().nonnegative(),
});

export function createWarmStart(ports: WarmStartPorts): LearningFromHistory {
  const { memory, cache, processes, warmStart } = ports;

  const isBusy = async () => {
    const entry = await warmStart?.lock.read(lockName).catch(() => undefined);
    return entry !== undefined && processes.isAlive(entry.face);
  };

  return {
    async warmStart() {
      const learning = await memory.changeLearning();
      const learned = learnedOf(learning);
      const rest = { done: 0, of: 0, ...(learned && { learned }) };
      if (!warmStart) return withWords({ state: 'off', ...rest });
      if (!(await isBusy())) return withWords({ state: learned ? 'ready' : 'none', ...rest });
      const told = progressSchema.safeParse(
        parseJson((await cache.recall(progressKind, 'progress'))?.toString('utf8') ?? ''),
      );
      return withWords({ ...rest, state: 'learning', ...(told.success ? told.data : {}) });
    },

    async startWarmStart({ base, head }) {
      if (!warmStart || (await isBusy())) return false;
      const looked = (await memory.changeLearning()) && (await recallLooked(cache));
      if (looked === nameOf(base.sha, head.sha)) return false;
      try {
        warmStart.launch({ base: base.sha, head: head.sha });
        return true;
      } catch {
        // Where no process can be started, whatever was asked for goes on without.
        return false;
      }
    },

    async learnFromHistory({ base, head }, options = {}) {
      const learning = await learnInTurn(ports, { base: base.sha, head: head.sha, ...options });
      const learned = learnedOf(learning);
      return withWords({ state: learned ? 'ready' : 'none', done: 0, of: 0, ...(learned && { learned }) });
    },
  };
}

/**
 * Learns from the history while nobody else does, and writes down how far it is for whoever looks. Throws `locked` (5)
 * while another process does it.
 */
export async function learnInTurn(
  ports: WarmStartPorts,
  request: Parameters<typeof learnHistory>[1],
): Promise<ChangeLearning | undefined> {
  const { warmStart, cache, processes, clock } = ports;
  const owner = { name: 'learning', face: 'conductor', kind: 'worker', pid: process.pid } as const;
  const entry = await warmStart?.lock
    .acquire(
      { environment: lockName, owner, reason: 'learns from the git history' },
      async ({ face }) => !processes.isAlive(face),
    )
    .catch((error: unknown) => {
      if (!isLearnedElsewhere(error)) throw error;
      // The lock's own words are those of deployments.
      throw new OrchestraError('locked', 'another process learns from this git history now', {
        exit: exitCode.locked,
        hint: 'wait for it to end: what it learns is kept, and `orchestrate analyze` shows how far it is',
        cause: error,
      });
    });
  let told = 0;
  try {
    await cache.remember(progressKind, 'progress', JSON.stringify({ done: 0, of: 0 }));
    const learning = await learnHistory(ports, {
      ...request,
      progress(done, of) {
        request.progress?.(done, of);
        const now = clock.now().getTime();
        if (Math.abs(now - told) < toldEveryMs) return;
        told = now;
        void cache.remember(progressKind, 'progress', JSON.stringify({ done, of }));
      },
    });
    if (learning) await keepLooked(cache, nameOf(request.base, request.head));
    return learning;
  } finally {
    if (entry) await warmStart?.lock.release(lockName, entry.fence).catch(() => undefined);
  }
}

/** Whether learning was refused because another process does it. */
export function isLearnedElsewhere(error: unknown): boolean {
  return error instanceof OrchestraError && error.code === 'locked';
}

const nameOf = (base: string, head: string) => `${base} ${head}`;

function learnedOf(learning: ChangeLearning | undefined): WarmStartLearned | undefined {
  if (!learning?.learnedTo) return undefined;
  return { commits: learning.learnedTo.commits, labels: learning.labels, score: learning.score };
}
