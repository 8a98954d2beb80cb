import { z } from 'zod';
import { runsWhereSchema } from '../../domain/environments-document.ts';
import { historyRowSchema } from '../../domain/memory.ts';
import { rowColumnsSchema, factColumnsSchema } from './columns.ts';
import { placeSchema } from './place.ts';

/** The history index's schema; each of its files begins with it. */
export const historyIndexName = 'orchestra/history@2';

/** What `history/` looked like, its time of change in nanoseconds: while it does, the index knows all that is in it. */
const folder = z.string().optional();

/** What a line of the history index may say. Later lines count; a row's id says which one it replaces. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begin'), schema: z.literal(historyIndexName) }),
  z.object({
    kind: z.literal('row'),
    row: historyRowSchema,
    /** What runs in its environment since then, where it changed that. */
    runs: runsWhereSchema.optional(),
    folder,
  }),
  /** Deployments that are kept elsewhere now. */
  z.object({ kind: z.literal('moved'), ids: z.array(z.string()), to: placeSchema, folder }),
  /** Deployments that somebody took out of the history by hand. */
  z.object({ kind: z.literal('gone'), ids: z.array(z.string()), folder }),
  /** Somebody looked through the folder and found nothing else, but what cannot be read. */
  z.object({ kind: z.literal('looked'), folder, unreadable: z.array(z.string()).optional() }),
  rowColumnsSchema,
  factColumnsSchema,
]);
export type Entry = z.infer<typeof entrySchema>;
