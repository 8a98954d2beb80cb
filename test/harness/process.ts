import type {
  DeploymentProcess,
  PhaseProcess,
  SuiteProcess,
} from '../../src/learning/improvements/process-facts.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import type { z } from 'zod';

/** Settings of a small project with one environment, in which these keys are other ones. */
export function settingsWith(over: {
  production?: z.input<typeof settingsSchema>['environments'][string];
  suites?: z.input<typeof settingsSchema>['suites'];
  testing?: z.input<typeof settingsSchema>['testing'];
}) {
  return settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node server.js' } },
    environments: { production: { port: 8080, ...over.production } },
    ...(over.suites && { suites: over.suites }),
    ...(over.testing && { testing: over.testing }),
  });
}

/** A run of a suite that passed at once. */
export function suiteRan(name: string, ms: number, over: Partial<SuiteProcess> = {}): SuiteProcess {
  return {
    name,
    run: `npm run ${name}`,
    timeoutMs: 600_000,
    needs: [],
    passedMs: [ms],
    allMs: ms,
    runs: 1,
    timedOut: 0,
    flaky: false,
    failing: [],
    ...over,
  };
}

/** A phase that was watched for its time and went well. */
export function phaseWent(weight: number, over: Partial<PhaseProcess> = {}): PhaseProcess {
  return {
    name: `canary ${weight} %`,
    weight,
    bakeMs: 300_000,
    minimumSample: 50,
    judged: true,
    passed: true,
    byHand: false,
    held: [],
    watchedMs: 300_000,
    requests: 20_000,
    errorRate: 0.05,
    ...over,
  };
}

/** The `i`-th of a row of deployments, a day each from Monday 2026-01-05 on, that went well; `over` differs. */
export function processed(i: number, over: Partial<DeploymentProcess> = {}): DeploymentProcess {
  const requestedAt = new Date(Date.UTC(2026, 0, 5 + i, 9)).toISOString();
  return {
    id: `d${i}`,
    environment: 'production',
    kind: 'deploy',
    by: 'Ana',
    requestedAt,
    endedAt: new Date(Date.parse(requestedAt) + 1_800_000).toISOString(),
    outcome: 'succeeded',
    says: 'success',
    strategy: 'canary',
    tree: `tree${i}`,
    version: `sha${i}`,
    what: 'version',
    parallel: 1,
    suites: [],
    phases: [5, 25, 50, 100].map((weight) => phaseWent(weight)),
    overrides: [],
    emergency: false,
    byPerson: true,
    ...over,
  };
}

/** So many of them, newest first. */
export function processes(
  n: number,
  over: (i: number) => Partial<DeploymentProcess> = () => ({}),
): DeploymentProcess[] {
  return Array.from({ length: n }, (_, i) => processed(i, over(i))).toReversed();
}
