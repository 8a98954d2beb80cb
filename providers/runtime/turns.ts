/** Does one thing after the other: what is asked for under the same key waits until all that was asked for before it is over. */
export type Turns = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Turns of this process alone; that one piece of work fails keeps the next from nothing. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
