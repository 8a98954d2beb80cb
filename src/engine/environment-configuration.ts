import { type ActionPlan, actionWords } from '../domain/action.ts';
import { candidatePlaces } from '../domain/places.ts';
import { copiesOf, type Plan, type Triggers } from '../domain/plan.ts';
import { safeText } from '../domain/safe-text.ts';
import { shareWords } from '../domain/share-words.ts';

/** How the next deployment to an environment would go, as its plan says; of variables only the names. */
export interface EnvironmentConfiguration {
  platform: string;
  router: string;
  strategy: string;
  strategyReason: string;
  steps: { name: string; share: string; watchedMs: number; minimumSample: number }[];
  triggers: Triggers;
  metrics: { name: string; source: string; compare: string; dryRun: boolean }[];
  suites: string[];
  /** Checks, smoke tests and hooks, each in words. */
  actions: string[];
  approval?: { byAnother: boolean; timeoutMs: number };
  places: { service: string; region?: string; host: string; port: number; copies: number }[];
  variables: string[];
  timeoutMs?: number;
  pauseTimeoutMs: number;
  keepOldForMs?: number;
  afterPromotion: 'keep' | 'fast-forward';
  earliestPromotionMs: number;
  longestRollbackMs: number;
  notes: string[];
}

/** What of a plan concerns the environment and not one version. */
export function configurationOf(plan: Plan): EnvironmentConfiguration {
  const places = candidatePlaces(plan);
  return {
    platform: plan.platform,
    router: plan.router,
    strategy: plan.strategy,
    strategyReason: safeText(plan.strategyReason, 300),
    steps: plan.phases.map((phase) => ({
      name: safeText(phase.name, 100),
      share: safeText(shareWords(phase), 100),
      watchedMs: phase.bakeMs,
      minimumSample: phase.minimumSample,
    })),
    triggers: plan.triggers,
    metrics: (plan.measures ?? []).map(({ name, source, compare, dryRun }) => ({
      name: safeText(name, 100),
      source: source.kind,
      compare,
      dryRun,
    })),
    suites: plan.suites.map(({ name }) => safeText(name, 100)),
    actions: [...new Set((plan.actions ?? []).map(wordsOf))],
    ...(plan.approval ? { approval: plan.approval } : {}),
    places: places.map(({ service, region, host, port }) => ({
      service: service.name,
      ...(region === undefined ? {} : { region }),
      host,
      port,
      copies: copiesOf(service),
    })),
    variables: [
      ...new Set(
        places.flatMap((place) => [...Object.keys(place.service.variables), ...Object.keys(place.variables)]),
      ),
    ].map((name) => safeText(name, 100)),
    ...(plan.timeoutMs === undefined ? {} : { timeoutMs: plan.timeoutMs }),
    pauseTimeoutMs: plan.pauseTimeoutMs,
    ...(plan.keepOldForMs === undefined ? {} : { keepOldForMs: plan.keepOldForMs }),
    afterPromotion: plan.afterPromotion,
    earliestPromotionMs: plan.estimates.earliestPromotionMs,
    longestRollbackMs: plan.estimates.longestRollbackMs,
    notes: plan.notes.map((note) => safeText(note, 500)),
  };
}

function wordsOf(action: ActionPlan): string {
  return safeText(actionWords(action), 200);
}
