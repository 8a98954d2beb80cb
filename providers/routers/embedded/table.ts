import type { RouteChange } from '../../../src/ports/router.ts';
import { Refusal } from './refusal.ts';
import type { Table } from './protocol.ts';

/** A proxy that was told nothing yet: nobody serves. */
export const emptyTable: Table = {
  stable: null,
  candidate: null,
  weight: 0,
  rollout: null,
  switched: null,
  fence: 0,
};

/** Throws a `Refusal` with code `fenced` when `fence` is lower than the last seen: its holder lost the lock. */
export function checkFence(table: Table, fence: number): void {
  if (fence < table.fence) {
    throw new Refusal(
      409,
      'fenced',
      `fencing token ${fence} is older than ${table.fence}, the last one seen`,
    );
  }
}

/** The table after `change`. Throws a `Refusal`: `fenced`, or `bad-change` for a weight without a candidate. */
export function applyChange(table: Table, change: RouteChange): Table {
  checkFence(table, change.fence);
  if (!change.candidate && change.weight > 0) {
    throw new Refusal(400, 'bad-change', `weight ${change.weight} has no candidate to go to`);
  }
  return { ...change, switched: table.switched };
}

/** The table after the dead man's switch took the rollout's traffic back at `at`; it needs no sign of life any more. */
export function takeBack(table: Table, at: Date): Table {
  const rollout = table.rollout ?? '';
  const { cohort: _, ...rest } = table;
  return { ...rest, weight: 0, rollout: null, switched: { rollout, at: at.toISOString() } };
}
