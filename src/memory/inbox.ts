import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { writeWhole } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';
import { requestSchema, type Request } from '../domain/command.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { checksumFits, withChecksum } from './checksum.ts';
import { parseJson } from '../domain/parse-json.ts';

/** The requests that faces put down for the conductor of one deployment, in order of coming. */
export interface Inbox {
  /** Throws code `not-running` (2) when the deployment is over. */
  send(request: Request): Promise<void>;
  /** Every request that can be read; others are dropped, and that is said. */
  requests(): Promise<Request[]>;
  /** Removes the request with this id; one that is not there is fine. */
  settle(request: string): Promise<void>;
}

/** The inbox of deployment `id` in `folder`, a file a request. */
export function openInbox(options: {
  folder: string;
  id: string;
  clock: Clock;
  onProblem: (problem: string) => void;
}): Inbox {
  const { folder, id, clock, onProblem } = options;

  /** The order of coming is kept where the clock was set back. */
  async function nextTime(): Promise<number> {
    const times = (await disk.list(folder)).map(({ name }) => Number(/^(\d{15})-/.exec(name)?.[1] ?? -1));
    return Math.max(clock.now().getTime(), ...times.map((time) => time + 1));
  }

  return {
    async send(request) {
      const temp = path.join(folder, `.${randomUUID()}`);
      try {
        const name = `${String(await nextTime()).padStart(15, '0')}-${request.id}.json`;
        await writeWhole(temp, `${JSON.stringify(withChecksum(request))}\n`);
        await disk.rename(temp, path.join(folder, name));
        await disk.syncFolder(folder);
      } catch (error) {
        await disk.unlink(temp).catch(() => undefined);
        if (!hasCode(error, 'ENOENT')) throw error;
        throw new OrchestraError('not-running', `deployment ${id} is not running`, {
          exit: exitCode.usage,
          hint: '`orchestrate status` shows what runs',
        });
      }
    },

    async requests() {
      // A pipe would be waited for, a folder cannot be dropped: what is no file is none of ours.
      const names = (await disk.list(folder).catch(ifMissing([])))
        .filter((entry) => entry.kind === 'file' && entry.name.endsWith('.json'))
        .map(({ name }) => name)
        .sort();
      const requests: Request[] = [];
      for (const name of names) {
        const file = path.join(folder, name);
        const data = parseJson(await textOf(file));
        const parsed = requestSchema.safeParse(data);
        if (parsed.success && checksumFits(data) && name.endsWith(`-${parsed.data.id}.json`))
          requests.push(parsed.data);
        else {
          onProblem(`a request in the inbox of ${id} could not be read and was dropped`);
          await disk.unlink(file).catch(ifMissing(undefined));
        }
      }
      return requests;
    },

    async settle(request) {
      for (const { name } of await disk.list(folder).catch(ifMissing([]))) {
        if (name.endsWith(`-${request}.json`))
          await disk.unlink(path.join(folder, name)).catch(ifMissing(undefined));
      }
    },
  };
}

/** A request's text; one that cannot be read is as good as one that says nothing. */
async function textOf(file: string): Promise<string> {
  return disk.read(file).then(
    (bytes) => bytes.toString('utf8'),
    () => '',
  );
}
