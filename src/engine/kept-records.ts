import type { Deployment } from '../domain/deployment.ts';
import type { Memory } from '../ports/memory.ts';

/** Records that are kept; what runs in each environment is asked for again and again, and it is one record each. */
const most = 24;

/** The memory, with the records read last at hand: a finished deployment does not change any more. */
export function withKeptRecords(memory: Memory): Memory {
  const kept = new Map<string, Deployment>();
  return {
    ...memory,
    async record(id) {
      const known = kept.get(id);
      kept.delete(id);
      const record = known ?? (await memory.record(id));
      if (record?.status.kind === 'finished') kept.set(id, record);
      for (const old of kept.keys()) if (kept.size > most) kept.delete(old);
      return record;
    },
  };
}
