import type { Actor } from '../domain/actor.ts';
import type { Backup } from '../domain/backup.ts';

/** What a swap of the memory did. */
export interface Swapped {
  backup: Backup;
  /** Deployments that were put away; that came back; that happened since and were kept beside those. */
  putAway: string[];
  cameBack: string[];
  since: string[];
}

/** Memories that were put away, below `backups/`. */
export interface Backups {
  /** Newest first; folders without a readable record are none. Reads only. */
  list(): Promise<Backup[]>;
  /**
   * Puts the memory away and begins anew, or with the backup `restores` instead; deployments that happened since that one are kept
   * beside its own. Nothing is deleted or overwritten, and a kill at any moment leaves everything in one of the two places: `finish`
   * goes on. Throws `unknown-backup` (2), `reset-interrupted` (1) where an earlier one was not finished.
   */
  swap(request: {
    by: Actor;
    why?: string | undefined;
    keepPreferences: boolean;
    restores?: string | undefined;
  }): Promise<Swapped>;
  /** Ends a swap that was interrupted. */
  finish(name: string): Promise<Swapped>;
}
