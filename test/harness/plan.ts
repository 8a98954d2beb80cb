import type { Phase, Plan } from '../../src/domain/plan.ts';

/** A phase of a canary with the requirements' sample and a bake of a minute. */
export function phase(weight: number, change: Partial<Phase> = {}): Phase {
  return {
    name: `canary ${weight} %`,
    weight,
    bakeMs: 60_000,
    extendToMs: 180_000,
    minimumSample: 50,
    judged: true,
    ...change,
  };
}

/** A canary in two phases, no suites, with the default triggers of the requirements. */
export function plan(change: Partial<Plan> = {}): Plan {
  return {
    schema: 'orchestra/plan@1',
    environment: 'production',
    host: '127.0.0.1',
    port: 8080,
    platform: 'local',
    router: 'embedded',
    strategy: 'canary',
    strategyReason: 'asked for',
    service: {
      name: 'app',
      start: 'node server.js',
      portEnv: 'PORT',
      health: { path: '/healthz', intervalMs: 100, timeoutMs: 5000 },
      variables: {},
      stopTimeoutMs: 1000,
    },
    variables: {},
    suites: [],
    phases: [phase(5), phase(100)],
    triggers: {
      minimumSample: 50,
      immediateErrorRate: 5,
      errorRate: 1,
      errorWindowMs: 300_000,
      latencyIncrease: 50,
      latencyWindowMs: 300_000,
      latencyToleranceMs: 20,
      unhealthy: 30,
      unhealthyWindowMs: 180_000,
      falseRollbackBudget: 0.1,
    },
    measureEveryMs: 1000,
    pauseTimeoutMs: 60_000,
    afterPromotion: 'keep',
    risk: 'low',
    rollback: [],
    estimates: { earliestPromotionMs: 120_000, longestRollbackMs: 11_000 },
    notes: [],
    settingsHash: 'hash',
    ...change,
  };
}
