import { z } from 'zod';
import path from 'node:path';
import { disk } from '../../../providers/runtime/disk.ts';
import { historyRowSchema, type HistoryRow } from '../../domain/memory.ts';
import { moveAside, type DocumentContext } from '../json-document.ts';
import { CorruptDocument } from '../corrupt-document.ts';
import { JsonFile } from '../json-file.ts';

const oldIndexName = 'orchestra/history@1';
const oldIndexSchema = z.object({ schema: z.literal(oldIndexName), rows: z.array(historyRowSchema) });

/** Rows of the index as versions before kept it, one document; none where it cannot be read, which is said. */
export async function readOldIndex(file: string, context: DocumentContext): Promise<HistoryRow[]> {
  try {
    return (await new JsonFile(file, oldIndexSchema, oldIndexName).read())?.rows ?? [];
  } catch (error) {
    if (!(error instanceof CorruptDocument)) throw error;
    const aside = await moveAside(file, context.clock.now());
    context.warn(
      `${path.basename(file)} could not be read (${error.message}); the file was moved to ${path.basename(aside)} and it is rebuilt from the other records`,
    );
    return [];
  }
}

/** Keeps the old index beside its place: what was in it stands in the new one. */
export async function retireOldIndex(file: string): Promise<void> {
  if (await disk.exists(file)) await disk.rename(file, `${file}.backup`);
}
