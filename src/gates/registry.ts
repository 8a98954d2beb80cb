import { rollbackPlan } from './before/rollback-plan.ts';
import { tests } from './before/tests.ts';
import { approval } from './before/approval.ts';
import { freeze } from './before/freeze.ts';
import { window } from './before/window.ts';
import type { Gate } from './gate.ts';

/** Every gate, in the order in which they are looked at and shown. */
export const gates: readonly Gate[] = [
  // before
  tests,
  window,
  freeze,
  approval,
  rollbackPlan,
  // during

  // after
];
