import { formatDuration } from './duration.ts';
import type { MeasurePlan } from './measure.ts';

/** What a measure must keep to, in words. */
export function limitsOf(plan: MeasurePlan): string {
  const than = plan.compare === 'baseline' ? 'before the rollout' : 'the old version’s';
  const limits = [
    ...(plan.max === undefined ? [] : [`at most ${plan.max}`]),
    ...(plan.min === undefined ? [] : [`at least ${plan.min}`]),
    ...(plan.maxDrop === undefined ? [] : [`at most ${plan.maxDrop} % down from ${than}`]),
    ...(plan.maxIncrease === undefined ? [] : [`at most ${plan.maxIncrease} % up from ${than}`]),
  ];
  return `${plan.name} is ${limits.join(' and ')}`;
}

/** What breaking it leads to, in words. */
export function breachOf(plan: MeasurePlan): string {
  const lasting =
    plan.forMs === 0 ? 'taken back at once' : `taken back when it lasts ${formatDuration(plan.forMs)}`;
  return plan.business && plan.forMs > 0 ? `a pause at first, ${lasting}` : lasting;
}
