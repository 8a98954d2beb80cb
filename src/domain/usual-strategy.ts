import type { RiskLevel } from './feature.ts';

/** The strategy where nobody asks for one, and why: the environment's own, else canary when the risk is high, else blue-green. */
export function usualStrategy(known: { environment: string | undefined; risk: RiskLevel }): {
  name: string;
  reason: string;
} {
  if (known.environment !== undefined) return { name: known.environment, reason: 'the environment’s own' };
  return known.risk === 'high'
    ? { name: 'canary', reason: 'the deployment is HIGH RISK' }
    : { name: 'blue-green', reason: 'the risk is not high' };
}
