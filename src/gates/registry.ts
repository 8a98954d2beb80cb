import { businessMetrics } from './after/business-metrics.ts';
import { database } from './after/database.ts';
import { errorRate } from './after/error-rate.ts';
import { latency } from './after/latency.ts';
import { logErrors } from './after/log-errors.ts';
import { resources } from './after/resources.ts';
import { smoke } from './after/smoke.ts';
import { version } from './after/version.ts';
import { testRequirement } from './before/test-requirement.ts';
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
  testRequirement,
  quality,
  migrations,
  variables,
  environment,
  otherDeployment,
  staging,
  signOffs,
  rollbackPlan,
  // during: how they stand in each phase follows from the fold, see src/domain/phase-gates.ts
  // after
  smoke,
  errorRate,
  latency,
  version,
  logErrors,
  database,
  resources,
  businessMetrics,
];
