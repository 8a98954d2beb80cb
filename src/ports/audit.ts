import type { AuditAct, AuditEntry } from '../domain/audit.ts';
import type { ChainVerdict } from '../domain/audit-chain.ts';

/** Who did what, when, from which face, why: append-only, each entry chained to the one before. */
export interface AuditTrail {
  /**
   * Writes an entry; it is on the disk when it resolves. Several processes may write at once. Throws `audit-write` (74) where it
   * cannot be written.
   */
  record(act: AuditAct): Promise<AuditEntry>;
  /** Every entry that can be read, newest first; `skipped` hears of each line that cannot. */
  entries(skipped?: () => void): AsyncIterable<AuditEntry>;
  /** Reads the whole trail and says where it is not what was written. Changes nothing. */
  verify(signal?: AbortSignal): Promise<ChainVerdict>;
}
