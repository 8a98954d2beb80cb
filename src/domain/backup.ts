import { z } from 'zod';
import { actorSchema } from './actor.ts';

export const backupName = 'orchestra/backup@1';

/** `backups/<time>/backup.json`: what was put away there, and how far that came. */
export const backupSchema = z
  .object({
    schema: z.literal(backupName),
    at: z.iso.datetime(),
    by: actorSchema.loose(),
    why: z.string().optional(),
    /** The backup that took its place; absent where the memory began anew. */
    restores: z.string().optional(),
    keepPreferences: z.boolean(),
    /** What is put away, by its name in the memory's folder. */
    parts: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)),
    /** `away`: parts are being put away; `in`: what takes their place is coming; then `done`. */
    state: z.enum(['away', 'in', 'done']),
    /** When it was taken back. */
    restored: z.iso.datetime().optional(),
  })
  .loose();
export type BackupRecord = z.infer<typeof backupSchema>;

/** A memory that was put away. */
export interface Backup extends BackupRecord {
  /** Its folder's name below `backups/`. */
  name: string;
}
