import { messageOf, OrchestraError } from '../domain/errors.ts';
import type { RiskLevel } from '../domain/feature.ts';
import type { Phase, Plan } from '../domain/plan.ts';
import { usualStrategy } from '../domain/usual-strategy.ts';
import { assemblePlan } from '../strategies/plan.ts';
import { strategies } from '../strategies/registry.ts';
import type { DraftPorts } from './drafts.ts';
import { environmentNamed } from './environments.ts';
import { needsOf } from '../gates/router-needs.ts';
import { planInForce, stableOf } from './versions.ts';

/** A way to roll out, as it would be in one environment. */
export interface RolloutOption {
  name: string;
  summary: string;
  phases: readonly Phase[];
  /** Until all traffic has passed its watch, at the earliest; milliseconds. */
  takesMs: number;
  /** Why it cannot be taken there; undefined where nothing is known to stand against it. */
  whyNot?: string;
}

export interface RolloutOptions {
  options: readonly RolloutOption[];
  /** What is taken where nobody asks for another, and why. */
  usual: { name: string; reason: string };
  /** Nothing serves there yet, so the steps of any strategy are skipped. */
  first: boolean;
}

/**
 * The strategies that an environment can roll out with, and why it cannot with the others, as far as the settings, this
 * machine and the feature flag's service say so now. Starts nothing. Throws `no-config` (78), `unknown-environment` (2).
 */
export async function rolloutOptions(
  ports: DraftPorts,
  request: { environment: string; risk: RiskLevel },
): Promise<RolloutOptions> {
  const { settings, hash } = await ports.readSettings();
  const { name, target } = environmentNamed(settings, request.environment);
  const [stable, before, preferences] = await Promise.all([
    stableOf(ports, name),
    planInForce(ports.memory, name),
    ports.memory.preferences(),
  ]);
  const planFor = (flag: string) =>
    assemblePlan({
      settings,
      settingsHash: hash,
      environment: name,
      target,
      kind: 'deploy',
      stable: stable?.name ?? null,
      candidate: 'the candidate',
      flag,
      risk: request.risk,
      autoRollbackThreshold: preferences.user_preferences.auto_rollback_threshold,
      productionBranch: settings.branches.production,
      before,
    });
  const options = await Promise.all(
    strategies.map(async ({ name: strategy, summary }): Promise<RolloutOption> => {
      try {
        const plan = planFor(strategy);
        const whyNot = await obstacle(ports, plan);
        const { phases, estimates } = plan;
        const option = { name: strategy, summary, phases, takesMs: estimates.earliestPromotionMs };
        return whyNot === undefined ? option : { ...option, whyNot };
      } catch (error) {
        if (!(error instanceof OrchestraError)) throw error;
        return { name: strategy, summary, phases: [], takesMs: 0, whyNot: `${error.message}: ${error.hint}` };
      }
    }),
  );
  return {
    options,
    usual: usualStrategy({ environment: target.strategy, risk: request.risk }),
    first: stable === null,
  };
}

/** What stands against a plan that could be made: its router, or the service of its flag. */
async function obstacle(ports: DraftPorts, plan: Plan): Promise<string | undefined> {
  const missing = await ports.missingRouter(plan.router, needsOf(plan));
  if (missing) return `${missing.why}: ${missing.hint}`;
  if (!plan.flag) return undefined;
  try {
    await ports.flags.read(plan.flag.provider, plan.flag.flag);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
