import type { Deployment } from './deployment.ts';

/** Why `name` may not approve a deployment: it is theirs, and its environment wants another person's eyes; else undefined. Pure. */
export function whyNotOwnApproval(
  { plan, by }: Pick<Deployment, 'plan' | 'by'>,
  name: string,
): string | undefined {
  return plan.approval?.byAnother === true && name === by.name
    ? `another person has to approve it: ${name} asked for it`
    : undefined;
}
