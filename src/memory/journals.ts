import { randomUUID } from 'node:crypto';
import {
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../providers/runtime/atomic-file.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { requestSchema, type Request } from '../domain/command.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { eventSchema, type Event, type EventBody } from '../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, Journals } from '../ports/journal.ts';

/** How often a follower looks for new lines, in milliseconds. */
const followEveryMs = 40;

const idPattern = /^\d{8}_\d{6}(-\d+)?$/;

/** Journals as files: `current/<id>/journal.ndjson`, one event a line, fsynced before anyone acts on it. */
export function createJournals(deps: {
  dir: string;
  clock: Clock;
  onProblem: (problem: string) => void;
}): Journals {
  const current = path.join(deps.dir, 'current');
  const folder = (id: string) => path.join(current, checked(id));
  const inboxOf = (id: string) => path.join(folder(id), 'inbox');

  async function locate(id: string): Promise<string> {
    for (const stage of ['current', 'history']) {
      const file = path.join(deps.dir, stage, checked(id), 'journal.ndjson');
      if (await exists(file)) return file;
    }
    throw unknownDeployment(id);
  }

  return {
    claim: (at) => claim(deps.dir, at),

    async create(id, first, at) {
      await mkdir(inboxOf(id), { recursive: true });
      const file = await open(path.join(folder(id), 'journal.ndjson'), 'ax');
      try {
        const [event] = await append(file, id, 0, [first], at);
        if (!event) throw new TypeError('nothing was appended');
        await syncFolder(folder(id));
        await syncFolder(current);
        return event;
      } finally {
        await file.close();
      }
    },

    async open(id) {
      const name = path.join(folder(id), 'journal.ndjson');
      const { events, length } = parse(await readFile(name), id);
      const file = await open(name, 'a');
      const { size } = await file.stat();
      if (size > length) {
        deps.onProblem(
          `the journal of ${id} ended in the middle of a line; ${size - length} bytes were cut off`,
        );
        await file.truncate(length);
        await file.sync();
      }
      return writable(file, id, events);
    },

    async read(id) {
      return parse(await readFile(await locate(id)), id).events;
    },

    async *follow(id, fromSeq, signal) {
      // The handle stays good when the folder moves to history/.
      const file = await open(await locate(id), 'r');
      try {
        let seen = 0;
        let rest = Buffer.alloc(0);
        while (!signal?.aborted) {
          const { size } = await file.stat();
          if (size > seen) {
            const chunk = Buffer.alloc(size - seen);
            const { bytesRead } = await file.read(chunk, 0, chunk.length, seen);
            seen += bytesRead;
            rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
            const { events, length } = parse(rest, id, null);
            rest = rest.subarray(length);
            for (const event of events) {
              if (event.seq > fromSeq) yield event;
              if (event.type === 'deployment.finished') return;
            }
          } else {
            await deps.clock.sleep(followEveryMs, signal).catch(() => undefined);
          }
        }
      } finally {
        await file.close();
      }
    },

    async current() {
      const names = await readdir(current).catch(() => []);
      const ids = names.filter((name) => idPattern.test(name)).sort();
      const whole = await Promise.all(ids.map((id) => exists(path.join(current, id, 'journal.ndjson'))));
      return ids.filter((_, i) => whole[i]);
    },

    async send(id, request) {
      const inbox = inboxOf(id);
      const temp = path.join(inbox, `.${randomUUID()}`);
      try {
        await writeFile(temp, `${JSON.stringify(request)}\n`, { flag: 'wx' });
        await rename(
          temp,
          path.join(inbox, `${String(deps.clock.now().getTime()).padStart(15, '0')}-${request.id}.json`),
        );
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        throw new OrchestraError('not-running', `deployment ${id} is not running`, {
          exit: exitCode.usage,
          hint: '`orchestrate status` shows what runs',
        });
      }
    },

    async inbox(id) {
      const inbox = inboxOf(id);
      const names = (await readdir(inbox).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
      const requests: Request[] = [];
      for (const name of names) {
        const file = path.join(inbox, name);
        const parsed = requestSchema.safeParse(json(await readFile(file, 'utf8').catch(() => '')));
        if (parsed.success && name.endsWith(`-${parsed.data.id}.json`)) requests.push(parsed.data);
        else {
          deps.onProblem(`a request in the inbox of ${id} could not be read and was dropped`);
          await rm(file, { force: true });
        }
      }
      return requests;
    },

    async settle(id, request) {
      const inbox = inboxOf(id);
      for (const name of await readdir(inbox).catch(() => [])) {
        if (name.endsWith(`-${request}.json`)) await rm(path.join(inbox, name), { force: true });
      }
    },
  };
}

function writable(file: FileHandle, id: string, before: readonly Event[]): Journal {
  const events = [...before];
  let broken: unknown;
  return {
    events,
    async append(bodies, at) {
      if (bodies.length === 0) return [];
      if (broken !== undefined) throw cannotWrite(id, broken);
      try {
        const added = await append(file, id, events.at(-1)?.seq ?? 0, bodies, at);
        events.push(...added);
        return added;
      } catch (error) {
        // After a failed fsync nobody knows what is on the disk: only a reader of the file can tell.
        broken = error;
        throw cannotWrite(id, error);
      }
    },
    close: () => file.close(),
  };
}

async function append(
  file: FileHandle,
  deployment: string,
  last: number,
  bodies: readonly EventBody[],
  at: Date,
): Promise<Event[]> {
  const events: Event[] = bodies.map((body, i) => ({
    seq: last + i + 1,
    deployment,
    at: at.toISOString(),
    ...(i < bodies.length - 1 ? { more: true as const } : {}),
    ...body,
  }));
  await file.appendFile(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await file.datasync();
  return events;
}

/**
 * The events of a journal's whole decisions, and the length in bytes up to the last whole one. Only the end may be
 * torn: a bad line before it, or a gap in `seq`, throws code `bad-journal` (74).
 */
function parse(bytes: Buffer, id: string, expected: number | null = 1): { events: Event[]; length: number } {
  const events: Event[] = [];
  let decision: Event[] = [];
  let length = 0;
  let next = expected;
  for (let from = 0; ;) {
    const end = bytes.indexOf(10, from);
    if (end < 0) break;
    const parsed = eventSchema.safeParse(json(bytes.toString('utf8', from, end)));
    if (!parsed.success && end === bytes.length - 1) break;
    if (!parsed.success || (next !== null && parsed.data.seq !== next)) {
      throw new OrchestraError('bad-journal', `the journal of ${id} cannot be read at event ${next ?? '?'}`, {
        exit: exitCode.io,
        hint: 'it was changed by something else; look at journal.ndjson in the deployment’s folder',
      });
    }
    if (next !== null) next++;
    from = end + 1;
    decision.push(parsed.data);
    if (parsed.data.more === true) continue;
    events.push(...decision);
    decision = [];
    length = from;
  }
  return { events, length };
}

/** Makes `current/<id>` for the first free id of this second. */
async function claim(dir: string, at: Date): Promise<string> {
  const stamp = at.toISOString().replaceAll(/[-:]/g, '').replace('T', '_').slice(0, 15);
  await mkdir(path.join(dir, 'current'), { recursive: true });
  for (let n = 1; n < 1000; n++) {
    const id = n === 1 ? stamp : `${stamp}-${n}`;
    if (await exists(path.join(dir, 'history', id))) continue;
    try {
      await mkdir(path.join(dir, 'current', id));
      return id;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  throw new OrchestraError('no-id', `no free deployment id is left for ${stamp}`, {
    exit: exitCode.io,
    hint: 'try again in a second',
  });
}

function checked(id: string): string {
  if (!idPattern.test(id)) throw unknownDeployment(id);
  return id;
}

function unknownDeployment(id: string): OrchestraError {
  return new OrchestraError(
    'unknown-deployment',
    `there is no deployment ${JSON.stringify(id.slice(0, 60))}`,
    {
      exit: exitCode.usage,
      hint: '`orchestrate history` lists the past ones, `orchestrate status` the running ones',
    },
  );
}

function cannotWrite(id: string, cause: unknown): OrchestraError {
  return new OrchestraError('journal-write', `the journal of ${id} cannot be written: ${messageOf(cause)}`, {
    exit: exitCode.io,
    hint: 'make room on the disk or mend its permissions; the deployment goes on with the next command',
    cause,
  });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
