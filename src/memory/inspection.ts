import { counted } from '../domain/counted.ts';
import type { HowMuch, Inspection } from '../ports/inspection.ts';
import type { Memory } from '../ports/memory.ts';
import type { Fold } from './history-store.ts';
import { inspectDeployments } from './inspection/deployments.ts';
import { inspectDerived } from './inspection/derived.ts';
import { inspectDocuments } from './inspection/documents.ts';
import {
  inspectFolder,
  inspectLeftovers,
  inspectSetAside,
  removeLeftovers,
} from './inspection/surroundings.ts';

/** Looks at the memory in `dir` as its files are. `memory` is what mends it. */
export function openInspection(options: {
  dir: string;
  fold: Fold;
  memory: Pick<Memory, 'settle' | 'takeWarnings'>;
}): Inspection {
  const { dir, fold, memory } = options;
  let last: { newest: number; looks: ReturnType<typeof inspectDeployments> } | undefined;

  /** Journals and records are read together, once. */
  function deployments({ newest }: HowMuch) {
    if (last?.newest !== newest) last = { newest, looks: inspectDeployments(dir, newest, fold) };
    return last.looks;
  }

  return {
    folder: () => inspectFolder(dir),
    documents: () => inspectDocuments(dir),
    journals: async (much) => (await deployments(much)).journals,
    records: async (much) => (await deployments(much)).records,
    derived: () => inspectDerived(dir),
    leftovers: () => inspectLeftovers(dir),
    setAside: () => inspectSetAside(dir),
    async mend() {
      last = undefined;
      const removed = await removeLeftovers(dir);
      await memory.settle();
      return [
        ...(removed > 0 ? [`${counted(removed, 'leftover')} of killed writers removed`] : []),
        'what runs where, the index and the statistics were taken anew from the history',
        ...memory.takeWarnings(),
      ];
    },
  };
}
