import type { Deployment } from '../../domain/deployment.ts';
import type { Document } from '../../ports/memory.ts';
import { checklist } from './checklist.ts';
import { deploymentGuide } from './deployment-guide.ts';
import { deploymentPlan } from './plan/deployment-plan.ts';
import { rollbackProcedure } from './rollback-procedure.ts';
import { helperScripts } from './scripts.ts';
import { testPlan } from './test-plan.ts';

/** The papers and scripts of a built candidate (REQUIREMENTS S3); the same deployment gives the same bytes. */
export function stagingPapers(deployment: Deployment): Document[] {
  return [
    deploymentPlan(deployment),
    deploymentGuide(deployment),
    testPlan(deployment),
    checklist(deployment),
    rollbackProcedure(deployment),
    ...helperScripts(deployment),
  ];
}
