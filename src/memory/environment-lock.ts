import path from 'node:path';
import { z } from 'zod';
import { createFileAtomic, makeFolders, writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import { actorSchema } from '../domain/actor.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock, LockEntry } from '../ports/environment-lock.ts';
import type { Processes } from '../ports/processes.ts';
import { checksumFits, withChecksum } from './checksum.ts';
import { printJson } from './json-file.ts';
import { parseJson } from '../domain/parse-json.ts';

const identitySchema = z.object({ pid: z.number().int(), startTime: z.string() });

const entrySchema = z.object({
  schema: z.literal('orchestra/lock@1'),
  environment: z.string(),
  deployment: z.string().nullable(),
  owner: actorSchema,
  reason: z.string(),
  since: z.string(),
  face: identitySchema,
  conductor: identitySchema.nullable(),
  fence: z.number().int().positive(),
  released: z.boolean(),
});
type Entry = z.infer<typeof entrySchema>;

/** Old entries kept for people who wonder who had it before. */
const keptEntries = 5;

/**
 * A lock as a row of numbered files: the highest number is the holder, its number the fencing token. A new holder
 * is the one whose `link` of the next number succeeds, so two can never both win, and nothing is ever unlinked
 * that another may hold.
 */
export function createEnvironmentLock(deps: {
  /** The folder of an environment's running parts. */
  folder: (environment: string) => string;
  clock: Clock;
  processes: Processes;
}): EnvironmentLock {
  const folderOf = (environment: string) => path.join(deps.folder(environment), 'lock');
  const fileOf = (entry: Entry) => path.join(folderOf(entry.environment), `${entry.fence}.json`);
  const print = (entry: Entry) => printJson(withChecksum(entry));

  async function highest(environment: string): Promise<Entry | undefined> {
    const folder = folderOf(environment);
    // A holder may be replaced between listing and reading: look again, the next number is there by then.
    for (let tries = 0; tries < 20; tries++) {
      const numbers = await numbersIn(folder);
      const last = numbers.at(-1);
      if (last === undefined) return undefined;
      const text = await disk.read(path.join(folder, `${last}.json`)).catch(ifMissing(undefined));
      if (text === undefined) continue;
      const data = parseJson(text.toString('utf8'));
      const parsed = entrySchema.safeParse(data);
      // A pid or a fence with another digit would make a living holder look dead.
      if (parsed.success && parsed.data.fence === last && checksumFits(data)) return parsed.data;
      throw new OrchestraError('bad-lock', `the lock ${path.join(folder, `${last}.json`)} cannot be read`, {
        exit: exitCode.io,
        hint: 'look at the file; when no deployment is running, remove it',
      });
    }
    throw new OrchestraError('bad-lock', `the lock in ${folder} changes too fast to be read`, {
      exit: exitCode.io,
      hint: 'try again; when no deployment is running, look at the folder',
    });
  }

  /** Puts an entry down under its number; false when another was first. */
  async function put(entry: Entry): Promise<boolean> {
    const folder = folderOf(entry.environment);
    await makeFolders(folder, 0o700);
    if (!(await createFileAtomic(fileOf(entry), print(entry), { mode: 0o600 }))) return false;
    for (const old of (await numbersIn(folder)).slice(0, -keptEntries)) {
      await disk.unlink(path.join(folder, `${old}.json`)).catch(ifMissing(undefined));
    }
    return true;
  }

  async function replace(entry: Entry): Promise<void> {
    await writeFileAtomic(fileOf(entry), print(entry), { mode: 0o600 });
  }

  /** Throws when the lock is another deployment's, or this one has a live conductor. */
  function refuseTakeOver(held: Entry, deployment: string): void {
    if (held.deployment !== deployment) {
      throw new OrchestraError('lock-lost', `${held.environment} is not held for deployment ${deployment}`, {
        hint: `it is held for ${held.deployment ?? 'a deployment that is starting'}`,
      });
    }
    if (held.conductor && deps.processes.isAlive(held.conductor)) {
      throw new OrchestraError(
        'conductor-alive',
        `deployment ${deployment} has a conductor, pid ${held.conductor.pid}`,
        { hint: 'nothing to do: it goes on' },
      );
    }
  }

  return {
    async read(environment) {
      const entry = await highest(environment);
      return entry && !entry.released ? toLockEntry(entry) : undefined;
    },

    async acquire(request, stale) {
      const before = await highest(request.environment);
      if (before && !before.released && !(await stale(toLockEntry(before)))) throw locked(before);
      const entry: Entry = {
        schema: 'orchestra/lock@1',
        environment: request.environment,
        deployment: null,
        owner: request.owner,
        reason: request.reason,
        since: deps.clock.now().toISOString(),
        face: deps.processes.self(),
        conductor: null,
        fence: (before?.fence ?? 0) + 1,
        released: false,
      };
      if (await put(entry)) return toLockEntry(entry);
      const winner = await highest(request.environment);
      throw locked(winner ?? entry);
    },

    async assign(lockEntry, deployment) {
      const entry = await highest(lockEntry.environment);
      if (!entry || entry.fence !== lockEntry.fence) throw locked(entry ?? { ...lockEntry, released: false });
      const assigned = { ...entry, deployment };
      await replace(assigned);
      return toLockEntry(assigned);
    },

    async takeOver(environment, deployment, owner) {
      const before = await highest(environment);
      if (before && !before.released) refuseTakeOver(before, deployment);
      const self = deps.processes.self();
      const anew = { owner, reason: 'it goes on', since: deps.clock.now().toISOString(), face: self };
      const { owner: by, reason, since, face } = before?.deployment === deployment ? before : anew;
      const entry: Entry = {
        schema: 'orchestra/lock@1',
        environment,
        deployment,
        owner: by,
        reason,
        since,
        face,
        conductor: self,
        fence: (before?.fence ?? 0) + 1,
        released: false,
      };
      if (await put(entry)) return toLockEntry(entry);
      throw new OrchestraError(
        'conductor-alive',
        `deployment ${deployment} got another conductor at the same moment`,
        {
          hint: 'nothing to do: it goes on',
        },
      );
    },

    async holds(environment, fence) {
      const entry = await highest(environment);
      return entry !== undefined && entry.fence === fence && !entry.released;
    },

    async free(environment, owner, reason) {
      const last = (await numbersIn(folderOf(environment))).at(-1);
      if (last === undefined) return undefined;
      const entry: Entry = {
        schema: 'orchestra/lock@1',
        environment,
        deployment: null,
        owner,
        reason,
        since: deps.clock.now().toISOString(),
        face: deps.processes.self(),
        conductor: null,
        fence: last + 1,
        released: true,
      };
      if (await put(entry)) return path.join(folderOf(environment), `${last}.json`);
      throw locked((await highest(environment)) ?? entry);
    },

    async release(environment, fence) {
      const entry = await highest(environment);
      if (entry && entry.fence === fence && !entry.released) await replace({ ...entry, released: true });
    },
  };
}

function toLockEntry({ schema: _schema, released: _released, ...entry }: Entry): LockEntry {
  return entry;
}

function locked(entry: Omit<Entry, 'schema'>): OrchestraError {
  const owner = safeText(entry.owner.name, 100);
  const what = entry.deployment ? `deployment ${entry.deployment}` : 'a deployment that is starting';
  return new OrchestraError(
    'locked',
    `${entry.environment} is held by ${owner} for ${what}, since ${entry.since} (${safeText(entry.reason, 200)})`,
    {
      exit: exitCode.locked,
      hint: 'wait for it to end, watch it with `orchestrate status --monitor`, or end it with `orchestrate deploy abort`',
      details: {
        environment: entry.environment,
        owner,
        deployment: entry.deployment,
        since: entry.since,
        fence: entry.fence,
      },
    },
  );
}

async function numbersIn(folder: string): Promise<number[]> {
  const entries = await disk.list(folder).catch(ifMissing([]));
  return entries
    .flatMap(({ name }) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .sort((a, b) => a - b);
}
