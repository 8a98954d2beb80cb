import { environment } from './before/environment.ts';
import { migrations } from './before/migrations.ts';
import { otherDeployment } from './before/other-deployment.ts';
import { quality } from './before/quality.ts';
import { rollbackPlan } from './before/rollback-plan.ts';
import { signOffs } from './before/sign-offs.ts';
import { staging } from './before/staging.ts';
import { tests } from './before/tests.ts';
import { variables } from './before/variables.ts';
import type { Gate } from './gate.ts';

/** Every gate, in the order in which they are looked at and shown. */
export const gates: readonly Gate[] = [
  // before
  tests,
  quality,
  migrations,
  variables,
  environment,
  otherDeployment,
  staging,
  signOffs,
  rollbackPlan,
  // during

  // after
];
