import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk, type FolderEntry } from '../../providers/runtime/disk.ts';
import { actorSchema } from '../domain/actor.ts';
import { agentRoleSchema } from '../domain/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { Presence, Present, Stay } from '../ports/presence.ts';
import type { Processes } from '../ports/processes.ts';
import { parseJson } from '../domain/parse-json.ts';

const entrySchema = z.object({
  schema: z.literal('orchestra/presence@1'),
  process: z.object({ pid: z.number().int().positive(), startTime: z.string() }),
  by: actorSchema,
  deployment: z.string(),
  role: agentRoleSchema,
  since: z.string(),
  /** The machine's running time at the last sign of life, milliseconds; absent for who gives none. */
  heardAt: z.number().optional(),
});
type Entry = z.infer<typeof entrySchema>;

/** Files beyond this are not looked at: nobody is followed by so many. */
const mostLooked = 200;

/**
 * Presence as files of the state folder, one a process and deployment. Nothing in them is believed but that a process of that
 * pid and start time runs; a file whose process does not is removed by whoever looks. Nothing is synced: a machine that went
 * down has no processes.
 */
export function createPresence(deps: {
  folder: string;
  clock: Clock;
  processes: Processes;
  /** Milliseconds that pass while the machine runs, the same for all its processes: no clock that is set moves it. */
  running?: () => number;
}): Presence {
  const { folder, clock, processes, running = () => Number(process.hrtime.bigint() / 1_000_000n) } = deps;

  async function read(name: string): Promise<Present | undefined> {
    const file = path.join(folder, name);
    const text = await disk.read(file).then(String, () => undefined);
    if (text === undefined) return undefined;
    const parsed = entrySchema.safeParse(parseJson(text));
    if (!parsed.success || !processes.isAlive(parsed.data.process)) {
      await disk.removeAll(file).catch(() => undefined);
      return undefined;
    }
    const { schema: _, heardAt, ...entry } = parsed.data;
    return { ...entry, silentMs: heardAt === undefined ? undefined : Math.max(0, running() - heardAt) };
  }

  return {
    async arrive({ by, deployment, role }) {
      const file = path.join(folder, `${process.pid}-${randomUUID()}.json`);
      const entry: Entry = {
        schema: 'orchestra/presence@1',
        process: processes.self(),
        by,
        deployment,
        role,
        since: clock.now().toISOString(),
      };
      let last: Promise<void> = Promise.resolve();
      let left = false;
      const put = (signOfLife: boolean) => {
        last = last.then(async () => {
          if (left) return;
          const text = JSON.stringify({ ...entry, ...(signOfLife ? { heardAt: running() } : {}) });
          await writeFileAtomic(file, `${text}\n`, { durable: false, mode: 0o600 }).catch(() => undefined);
        });
        return last;
      };
      await put(role === 'conducts');
      const stay: Stay = {
        renew: () => put(true),
        async leave() {
          left = true;
          await last;
          await disk.removeAll(file).catch(() => undefined);
        },
      };
      return stay;
    },

    async present() {
      const entries = await disk.list(folder).catch((): FolderEntry[] => []);
      const found = await Promise.all(
        entries
          .flatMap(({ kind, name }) => (kind === 'file' && /^\d+-[\w-]+\.json$/.test(name) ? [name] : []))
          .slice(0, mostLooked)
          .map(read),
      );
      return found
        .filter((one) => one !== undefined)
        .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
    },
  };
}
