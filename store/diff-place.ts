import type { DiffRow } from '../src/domain/feature-diff.ts';
import type { FeatureReading } from './state.ts';

const none: readonly DiffRow[] = [];

/** The rows of the open feature's diff that were read so far. */
export function rowsOf(reading: FeatureReading | undefined): readonly DiffRow[] {
  return reading && reading.diff.status !== 'idle' ? reading.diff.rows : none;
}

/** Where a file begins in the diff; −1 where it does not. */
export function placeOfFile(rows: readonly DiffRow[], path: string): number {
  return rows.findIndex((row) => row.kind === 'file' && row.path === path);
}
