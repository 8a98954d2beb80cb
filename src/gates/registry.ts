import { rollbackPlan } from './before/rollback-plan.ts';
import { testRequirement } from './before/test-requirement.ts';
import { tests } from './before/tests.ts';
import type { Gate } from './gate.ts';

/** Every gate, in the order in which they are looked at and shown. */
export const gates: readonly Gate[] = [
  // before
  tests,
  testRequirement,
  rollbackPlan,
  // during

  // after
];
