import path from 'node:path';
import { disk } from '../../../providers/runtime/disk.ts';
import { withFileLock } from '../../../providers/runtime/file-lock.ts';
import {
  deploymentOf,
  deploymentRecordName,
  deploymentRecordSchema,
  recordOf,
} from '../../domain/deployment-record.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { Event } from '../../domain/event.ts';
import { checksumFits } from '../checksum.ts';
import { parseReadable } from '../journal-lines.ts';
import { lockOf, moveAside, type DocumentContext } from '../json-document.ts';
import { CorruptDocument } from '../corrupt-document.ts';
import { JsonFile } from '../json-file.ts';
import { refuseNewer } from '../schema-versions.ts';
import type { Packed } from '../packed.ts';
import { parseJson } from '../../domain/parse-json.ts';

/** Folds a journal; undefined when its events make no deployment. */
export type Fold = (events: readonly Event[]) => Deployment | undefined;

export const recordName = 'deployment.json';
export const journalName = 'journal.ndjson';

/** The finished deployment that a journal tells, up to its first line that is none; undefined where it is none. */
export function foldedOf(journal: Buffer, id: string, fold: Fold): Deployment | undefined {
  const deployment = fold(parseReadable(journal, id).events);
  return deployment?.status.kind === 'finished' ? deployment : undefined;
}

export interface RecordFiles {
  /** The record in a deployment's folder, else what its journal tells; undefined where neither can be read. */
  read(folder: string): Promise<Deployment | undefined>;
  /** That of a deployment whose folder is packed; undefined where there is none. */
  readPacked(packed: Packed, id: string): Promise<Deployment | undefined>;
  /** Writes it; it is on the disk when this resolves. */
  write(folder: string, deployment: Deployment): Promise<void>;
}

/** Records of deployments in their folders. One that cannot be read is moved aside, and said. */
export function openRecordFiles(context: DocumentContext, fold: Fold | undefined): RecordFiles {
  const jsonOf = (folder: string) =>
    new JsonFile(path.join(folder, recordName), deploymentRecordSchema, deploymentRecordName, {
      checked: true,
    });

  async function fromJournal(folder: string): Promise<Deployment | undefined> {
    const journal = path.join(folder, journalName);
    if (!fold || !(await disk.exists(journal))) return undefined;
    return foldedOf(await disk.read(journal), path.basename(folder), fold);
  }

  async function setAside(file: string): Promise<string> {
    if (context.onlyLooks === true) return '';
    try {
      return await withFileLock(lockOf(file), async () => {
        const aside = await moveAside(file, context.clock.now());
        return ` and was moved to ${path.basename(aside)}`;
      });
    } catch {
      return '';
    }
  }

  return {
    async read(folder) {
      const json = jsonOf(folder);
      try {
        const found = await json.read();
        if (found) return deploymentOf(found);
      } catch (error) {
        if (!(error instanceof CorruptDocument)) throw error;
        const again = await fromJournal(folder);
        const name = `${path.basename(folder)}/${recordName}`;
        const asItIs = deploymentRecordSchema.safeParse(error.data);
        if (!again && asItIs.success) {
          context.warn(
            `${name} was changed (${error.message}) and there is no journal to make it again from`,
          );
          return deploymentOf(asItIs.data);
        }
        const aside = await setAside(json.file);
        const then = again
          ? 'it is made again from its journal'
          : 'its journal does not tell its end, so the deployment is lost';
        context.warn(`${name} could not be read (${error.message})${aside}; ${then}`);
        if (again && context.onlyLooks !== true) await json.write(recordOf(again)).catch(() => undefined);
        return again;
      }
      return fromJournal(folder);
    },
    async readPacked(packed, id) {
      const files = await packed.all(id);
      if (!files) return undefined;
      const data = parseJson(files.get(recordName)?.toString('utf8') ?? '');
      refuseNewer(data, deploymentRecordName, packed.fileOf(id));
      const record = deploymentRecordSchema.safeParse(data);
      if (record.success && checksumFits(data)) return deploymentOf(record.data);
      const journal = files.get(journalName);
      return fold && journal ? foldedOf(journal, id, fold) : undefined;
    },
    write: (folder, deployment) => jsonOf(folder).write(recordOf(deployment)),
  };
}
