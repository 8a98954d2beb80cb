import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';
import { requestSchema, type Request } from '../domain/command.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { parseJson } from './parse-json.ts';

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
  return {
    async send(request) {
      const temp = path.join(folder, `.${randomUUID()}`);
      try {
        await writeFile(temp, `${JSON.stringify(request)}\n`, { flag: 'wx' });
        await rename(
          temp,
          path.join(folder, `${String(clock.now().getTime()).padStart(15, '0')}-${request.id}.json`),
        );
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
        throw new OrchestraError('not-running', `deployment ${id} is not running`, {
          exit: exitCode.usage,
          hint: '`orchestrate status` shows what runs',
        });
      }
    },

    async requests() {
      // A pipe would be waited for, a folder cannot be dropped: what is no file is none of ours.
      const names = (await readdir(folder, { withFileTypes: true }).catch(ifMissing<Dirent[]>([])))
        .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
        .map(({ name }) => name)
        .sort();
      const requests: Request[] = [];
      for (const name of names) {
        const file = path.join(folder, name);
        const parsed = requestSchema.safeParse(parseJson(await readFile(file, 'utf8').catch(() => '')));
        if (parsed.success && name.endsWith(`-${parsed.data.id}.json`)) requests.push(parsed.data);
        else {
          onProblem(`a request in the inbox of ${id} could not be read and was dropped`);
          await rm(file, { force: true });
        }
      }
      return requests;
    },

    async settle(request) {
      for (const name of await readdir(folder).catch(ifMissing<string[]>([]))) {
        if (name.endsWith(`-${request}.json`)) await rm(path.join(folder, name), { force: true });
      }
    },
  };
}
