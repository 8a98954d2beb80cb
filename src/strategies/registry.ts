import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { RiskLevel } from '../domain/feature.ts';
import { usualStrategy } from '../domain/usual-strategy.ts';
import { ab } from './ab.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { featureFlag } from './feature-flag.ts';
import { recreate } from './recreate.ts';
import { rolling } from './rolling.ts';
import type { Strategy } from './strategy.ts';

export const strategies: readonly Strategy[] = Object.freeze([
  canary,
  blueGreen,
  rolling,
  recreate,
  ab,
  featureFlag,
]);

/** Throws code `unknown-strategy` (2), listing the known ones. */
function strategyNamed(name: string): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found) return found;
  throw new OrchestraError('unknown-strategy', `there is no strategy ${JSON.stringify(name.slice(0, 60))}`, {
    exit: exitCode.usage,
    hint: `known strategies: ${strategies.map((s) => s.name).join(', ')}`,
  });
}

/** The strategy by CONTRACT's order (flag, environment, canary when the risk is high, else blue-green), and why. */
export function chooseStrategy(asked: {
  flag: string | undefined;
  environment: string | undefined;
  risk: RiskLevel;
}): { strategy: Strategy; reason: string } {
  if (asked.flag !== undefined) return { strategy: strategyNamed(asked.flag), reason: 'asked for' };
  const { name, reason } = usualStrategy(asked);
  return { strategy: strategyNamed(name), reason };
}
