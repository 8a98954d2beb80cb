import { artifact } from './before/artifact.ts';
import { rollbackPlan } from './before/rollback-plan.ts';
import { tests } from './before/tests.ts';
import type { Gate } from './gate.ts';

/** Every gate, in the order in which they are looked at and shown. */
export const gates: readonly Gate[] = [
  // before
  tests,
  artifact,
  rollbackPlan,
  // during

  // after
];
