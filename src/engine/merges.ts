import type { Deployment } from '../domain/deployment.ts';
import type { Ref } from '../domain/feature.ts';
import type { Settings } from '../domain/settings.ts';
import { findRange } from '../planning/range.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';

/** What following the development branch needs to know (REQUIREMENTS T6). */
export interface Merges {
  /** Where changes wait now: the branch and its head. Throws as discovery does where there is none. */
  developmentHead(): Promise<Ref>;
  /** The head that was deployed last because it was merged; undefined where none was, among the newest deployments. */
  lastMerge(environment: string): Promise<string | undefined>;
}

/** How many past deployments are looked through for the last that followed a merge. */
const newest = 20;

/** Reads the repository and the memory; starts nothing. */
export function createMerges(ports: {
  git: Git;
  memory: Pick<Memory, 'history' | 'record'>;
  readSettings: () => Promise<{ settings: Settings }>;
  active: () => Promise<Deployment[]>;
}): Merges {
  const { git, memory } = ports;
  const mergedBy = (d: Deployment | undefined) =>
    d?.trigger?.branch === undefined ? undefined : d.trigger.sha;
  return {
    async developmentHead() {
      const { settings } = await ports.readSettings();
      return (await findRange(git, { settings }, await git.checkout())).head;
    },
    async lastMerge(environment) {
      const running = (await ports.active()).find((d) => d.environment === environment);
      const under = mergedBy(running);
      if (under !== undefined) return under;
      const rows = (await memory.history()).filter((row) => row.environment === environment);
      for (const { id } of rows.slice(0, newest)) {
        const sha = mergedBy(await memory.record(id));
        if (sha !== undefined) return sha;
      }
      return undefined;
    },
  };
}
