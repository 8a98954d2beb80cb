import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import type { Held } from '../../providers/runtime/file-lock.ts';
import { deploymentIdPattern } from './layout.ts';
import { parseJson } from '../domain/parse-json.ts';

/** A folder with more in it stays as it is, in bytes: it is packed in memory. */
const largestBytes = 64 * 1024 * 1024;
const nameEnd = '.json.gz';

const packedSchema = z.object({
  schema: z.literal('orchestra/packed@1'),
  id: z.string(),
  /** By path below the deployment's folder, with `/`: the contents, in base64 where they are no UTF-8 text. */
  files: z.array(z.object({ path: z.string(), text: z.string().optional(), base64: z.string().optional() })),
});

const unzipped = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
const zipped = promisify<Buffer, Buffer>(gzip);

/** Past deployments whose folder is packed: `archive/<YYYYMM>/<id>.json.gz`, all their files in one JSON document. */
export interface Packed {
  fileOf(id: string): string;
  has: (id: string) => Promise<boolean>;
  /** One file of a packed deployment, by its path below the folder; undefined where there is none. */
  read(id: string, name: string): Promise<Buffer | undefined>;
  /** All of them; undefined where there are none, or they cannot be read. */
  all(id: string): Promise<Map<string, Buffer> | undefined>;
  /** The ids of all that are packed, oldest first. */
  ids: () => Promise<string[]>;
  /**
   * Packs a folder, on the disk and read back before it resolves; false where it cannot be: too large, or with something in
   * it that is neither file nor folder.
   */
  pack(id: string, folder: string, held: Held): Promise<boolean>;
}

export function openPacked(root: string): Packed {
  const fileOf = (id: string) => path.join(root, id.slice(0, 6), `${id}${nameEnd}`);

  async function all(id: string): Promise<Map<string, Buffer> | undefined> {
    const bytes = await disk.read(fileOf(id)).catch(ifMissing(undefined));
    if (!bytes) return undefined;
    const text = await unzipped(bytes, { maxOutputLength: 3 * largestBytes }).catch(() => undefined);
    const found = packedSchema.safeParse(text && parseJson(text.toString('utf8'))).data;
    if (found?.id !== id) return undefined;
    return new Map(
      found.files.map((file) => [
        file.path,
        file.base64 === undefined ? Buffer.from(file.text ?? '') : Buffer.from(file.base64, 'base64'),
      ]),
    );
  }

  return {
    fileOf,
    all,
    has: (id) => disk.exists(fileOf(id)),
    read: async (id, name) => (await all(id))?.get(name),
    async ids() {
      const months = (await disk.list(root).catch(ifMissing([])))
        .map(({ name }) => name)
        .filter((name) => /^\d{6}$/.test(name))
        .sort();
      const found: string[] = [];
      for (const month of months)
        for (const { name } of await disk.list(path.join(root, month)).catch(ifMissing([]))) {
          const id = name.endsWith(nameEnd) ? name.slice(0, -nameEnd.length) : '';
          if (deploymentIdPattern.test(id)) found.push(id);
        }
      return found.sort();
    },
    async pack(id, folder, held) {
      const files = await contentsOf(folder);
      if (!files) return false;
      const document = {
        schema: 'orchestra/packed@1',
        id,
        files: [...files].map(([name, bytes]) => ({ path: name, ...encoded(bytes) })),
      };
      if (await disk.makeFolders(path.dirname(fileOf(id)))) await disk.syncFolder(root);
      await held.write(fileOf(id), await zipped(Buffer.from(JSON.stringify(document))));
      const back = await all(id);
      return back !== undefined && same(back, files);
    },
  };
}

function encoded(bytes: Buffer): { text: string } | { base64: string } {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

/** Whether the same files are in both, byte for byte. */
function same(a: ReadonlyMap<string, Buffer>, b: ReadonlyMap<string, Buffer>): boolean {
  return a.size === b.size && [...a].every(([name, bytes]) => b.get(name)?.equals(bytes) === true);
}

/** All files of a folder by their paths; undefined where they are too many bytes, or something else is among them. */
export async function contentsOf(folder: string): Promise<Map<string, Buffer> | undefined> {
  const files = new Map<string, Buffer>();
  let bytes = 0n;
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const { name, kind } of await disk.list(path.join(folder, below))) {
      const its = path.posix.join(below, name);
      if (kind === 'other') return undefined;
      if (kind === 'folder') {
        waiting.push(its);
        continue;
      }
      bytes += (await disk.stat(path.join(folder, its))).size;
      if (bytes > BigInt(largestBytes)) return undefined;
      files.set(its, await disk.read(path.join(folder, its)));
    }
  }
  return files;
}
