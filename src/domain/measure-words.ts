import { formatDuration } from './duration.ts';
import type { MeasurePlan } from './measure.ts';

const than = (plan: MeasurePlan) =>
  plan.compare === 'baseline' ? 'before the rollout' : 'the old version’s at the same time';

/** What a measure must keep to, in words. */
export function limitsOf(plan: MeasurePlan): string {
  const limits = [
    ...(plan.max === undefined ? [] : [`at most ${plan.max}`]),
    ...(plan.min === undefined ? [] : [`at least ${plan.min}`]),
    ...(plan.maxDrop === undefined ? [] : [`at most ${plan.maxDrop} % down from ${than(plan)}`]),
    ...(plan.maxIncrease === undefined ? [] : [`at most ${plan.maxIncrease} % up from ${than(plan)}`]),
  ];
  return `${plan.name} is ${limits.join(' and ')}`;
}

/** What breaks it, and what follows, in words. */
export function breachOf(plan: MeasurePlan): string {
  const breaches = [
    ...(plan.max === undefined ? [] : [`over ${plan.max}`]),
    ...(plan.min === undefined ? [] : [`under ${plan.min}`]),
    ...(plan.maxDrop === undefined ? [] : [`more than ${plan.maxDrop} % down from ${than(plan)}`]),
    ...(plan.maxIncrease === undefined ? [] : [`more than ${plan.maxIncrease} % up from ${than(plan)}`]),
  ];
  const lasting = plan.forMs === 0 ? 'at once' : `taken back when it lasts ${formatDuration(plan.forMs)}`;
  const first = plan.business && plan.forMs > 0 ? 'a pause at first, ' : '';
  return `${plan.name} ${breaches.join(' or ')}: ${first}${lasting}`;
}
