import { approvalRule } from '../domain/approvals.ts';
import { formatDuration } from '../domain/duration.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { RiskLevel } from '../domain/feature.ts';
import { counted } from '../domain/counted.ts';
import type { FlagPlan } from '../domain/flag.ts';
import { placeName } from '../domain/places.ts';
import { copiesOf, type Phase, type PlacePlan, type Plan, type Triggers } from '../domain/plan.ts';
import { instantWords } from '../domain/instant-words.ts';
import type { Start } from '../domain/schedule.ts';
import { scheduleOf, zoneOf } from '../domain/schedule-of.ts';
import type { EnvironmentSettings, Settings, Thresholds } from '../domain/settings.ts';
import { verificationPlan } from '../domain/verification-settings.ts';
import { loosenedGates } from '../domain/loosened-gates.ts';
import { direct } from './direct.ts';
import { phasesByRegion } from './phases-by-region.ts';
import { placeFields, placesAgain, planPlaces } from './plan-places.ts';
import { loosenedActions, planActions } from './plan-actions.ts';
import { loosenedMeasures, planMeasures } from './plan-measures.ts';
import { planSuites } from './plan-suites.ts';
import { directAlone, recreate } from './recreate.ts';
import { chooseStrategy } from './registry.ts';
import { type Strategy, type StrategyContext, type WayBack, drainMs } from './strategy.ts';
import { artifactNotes } from './plan-artifact.ts';

export interface PlanRequest {
  settings: Settings;
  settingsHash: string;
  environment: string;
  /** Settings of that environment. */
  target: EnvironmentSettings;
  kind: 'deploy' | 'rollback';
  /** Names of the versions, for the text; stable is null on a first deployment. */
  stable: string | null;
  candidate: string;
  /** The candidate is the version that serves already. */
  restart?: boolean;
  flag: string | undefined;
  risk: RiskLevel;
  /** `user_preferences.auto_rollback_threshold`, percent: used where the environment keeps the default. */
  autoRollbackThreshold: number;
  productionBranch: string | undefined;
  /** How many suites the machine runs at once, where the settings do not say. */
  suitesAtOnce?: number;
  /** The plan of the newest deployment there that succeeded: its places keep their keys. */
  before?: Plan | undefined;
  /** When its rollout is to begin; absent: as soon as it is ready. */
  start?: Start | undefined;
  /** Why windows and freezes shall not hold it up; absent: they do. */
  emergency?: string | undefined;
  /** The plan that brought the version to return to: it is run the way it was run when it served. */
  again?: Plan | undefined;
}

/** Everything a deployment will do, from settings alone. Pure. Throws code `unknown-strategy`. */
export function assemblePlan(request: PlanRequest): Plan {
  const { target, settings } = request;
  const { environment } = request;
  const { before, again } = request;
  const wanted = planPlaces({ settings, environment, target, serves: request.stable !== null, before });
  const places = again ? placesAgain(wanted, again) : wanted;
  const running = places.filter(({ retired }) => retired !== true);
  const chosen = choose(request, places);
  const approval = approvalOf(request);
  const verification = verificationPlan(target.verification);
  const triggers = triggersOf(target.thresholds, request.autoRollbackThreshold);
  return {
    schema: 'orchestra/plan@1',
    environment,
    ...placeFields(environment, places),
    platform: target.platform,
    router: target.router,
    strategy: chosen.name,
    strategyReason: chosen.reason,
    suites: planSuites(settings, target),
    parallelSuites: settings.testing.parallel ?? request.suitesAtOnce ?? 1,
    ...(request.kind === 'rollback' ? { suitesSkipped: 'a version that served before is brought back' } : {}),
    phases: chosen.phases,
    ...(chosen.flag && { flag: chosen.flag }),
    ...(approval && { approval }),
    triggers,
    ...(request.kind === 'deploy' && target.metrics.length > 0
      ? { measures: planMeasures(target.metrics) }
      : {}),
    actions: planActions(settings, running, target, request.kind),
    // What served before is brought back, whatever a gate says.
    ...(request.kind === 'deploy' ? { gates: { settings: target.gates, overrides: [] } } : {}),
    ...scheduled(request),
    timeoutMs: target.timeout,
    ...(target.keep_old_for === undefined ? {} : { keepOldForMs: target.keep_old_for }),
    ...(verification && { verification }),
    measureEveryMs: target.measure_every,
    pauseTimeoutMs: target.pause_timeout,
    afterPromotion: request.kind === 'rollback' ? 'keep' : target.after_promotion,
    ...(request.productionBranch === undefined ? {} : { productionBranch: request.productionBranch }),
    risk: request.risk,
    rollback: [...(chosen.backFirst ?? []), ...rollbackSteps(request, chosen.wayBack)],
    estimates: {
      earliestPromotionMs: chosen.phases.reduce((sum, phase) => sum + phase.bakeMs, 0),
      longestRollbackMs:
        request.stable === null
          ? longestStop(places)
          : (chosen.wayBack?.longestMs ?? drainMs + longestStop(places)),
    },
    notes: [
      ...scheduleNotes(request),
      ...chosen.notes,
      ...placeNotes(request, places),
      ...(request.kind === 'deploy' ? artifactNotes(environment, running) : []),
      ...(approval ? [approvalWords(approval)] : []),
    ],
    settingsHash: request.settingsHash,
  };
}

interface Chosen {
  name: string;
  reason: string;
  phases: Phase[];
  notes: string[];
  /** Where going back takes more than sending the traffic back. */
  wayBack?: WayBack;
  flag?: FlagPlan;
  /** What a rollback does before traffic returns. */
  backFirst?: string[];
}

function choose(request: PlanRequest, places: readonly PlacePlan[]): Chosen {
  const { target } = request;
  const facts = factsOf(places);
  const { copies, healthMs } = facts;
  if (request.kind === 'rollback') {
    const name = 'return to a known good version';
    const how = { name: 'instant', reason: 'a rollback skips the steps' };
    if (target.strategy !== recreate.name || request.stable === null)
      return { ...how, phases: direct(name, healthMs), notes: [] };
    const context = { environment: target, ...facts, stable: request.stable };
    return { ...how, phases: directAlone(name, healthMs, copies), ...said(recreate, context) };
  }
  const { strategy, reason } = chooseStrategy({
    flag: request.flag,
    environment: request.target.strategy,
    risk: request.risk,
  });
  const replaces = strategy.phases(target, copies).some(({ scale }) => scale !== undefined);
  // A version cannot give way to itself: what serves already is looked after, never ended.
  if (request.restart === true && (request.flag === undefined || replaces)) {
    return {
      name: 'instant',
      reason: 'nothing changes',
      phases: direct('start again', healthMs),
      notes: [
        `${request.candidate} is what ${request.environment} runs already: it is started again where it stopped, checked, and keeps all traffic.`,
      ],
    };
  }
  if (replaces) requireOneRegion(strategy.name, places);
  if (request.stable !== null) {
    const context = { environment: target, ...facts, stable: request.stable };
    const beside =
      copies > 1 && !replaces
        ? [
            `All ${places.length > 1 ? '' : `${copies} `}copies of the candidate are started and healthy before it gets traffic; ${request.stable} keeps its own.`,
          ]
        : [];
    const { notes, ...rest } = said(strategy, context);
    const phases = phasesByRegion(strategy.phases(target, copies), places, healthMs);
    return { name: strategy.name, reason, phases, notes: [...beside, ...notes], ...rest };
  }
  return {
    name: strategy.name,
    reason,
    phases: direct('first deployment', healthMs),
    notes: [
      `First deployment to ${request.environment}: nothing serves yet, so the steps of ${strategy.name} are skipped; the version is deployed, checked and gets all traffic. There is no version to roll back to.`,
    ],
  };
}

function said(
  strategy: Strategy,
  context: StrategyContext,
): Pick<Chosen, 'notes' | 'wayBack' | 'flag' | 'backFirst'> {
  const wayBack = strategy.wayBack?.(context);
  const flag = strategy.flag?.(context.environment);
  const backFirst = strategy.backFirst?.(context);
  return {
    notes: strategy.notes?.(context) ?? [],
    ...(wayBack && { wayBack }),
    ...(flag && { flag }),
    ...(backFirst && { backFirst }),
  };
}

/** Going back, or starting again what serves, needs nobody's yes. */
function approvalOf({ kind, restart, target }: PlanRequest): Plan['approval'] {
  if (kind === 'rollback' || restart === true || !target.approval.required) return undefined;
  const {
    by_another: byAnother,
    timeout: timeoutMs,
    by,
    count,
    valid_for: validForMs,
    before,
  } = target.approval;
  return {
    byAnother,
    timeoutMs,
    ...(by ? { by } : {}),
    ...(count > 1 ? { count } : {}),
    ...(validForMs === undefined ? {} : { validForMs }),
    ...(before === 'rollout' ? { before } : {}),
  };
}

function approvalWords(approval: NonNullable<Plan['approval']>): string {
  const then = approval.before === 'rollout' ? 'Before the rollout' : 'Before all traffic';
  const have = (approval.count ?? 1) > 1 ? 'have' : 'has';
  return `${then} ${approvalRule(approval)} ${have} to approve it, within ${formatDuration(approval.timeoutMs)}.`;
}

/** Going back, or starting again what serves, waits for no window. */
function scheduled({ kind, restart, target, start, emergency }: PlanRequest): Partial<Plan> {
  if (kind === 'rollback' || restart === true) return {};
  const schedule = scheduleOf(target);
  return {
    ...(schedule ? { schedule } : {}),
    ...(start ? { start } : {}),
    ...(emergency === undefined ? {} : { emergency }),
  };
}

function scheduleNotes(request: PlanRequest): string[] {
  const { start, emergency } = scheduled(request);
  const { environment, target } = request;
  if (emergency !== undefined)
    return [`EMERGENCY: ${emergency}. Windows and freezes do not hold it up; tests and all other gates do.`];
  if (start?.kind === 'next-window')
    return [
      `It is prepared and tested now; where no window of ${environment} is open, its rollout waits for the next one.`,
    ];
  if (start?.kind === 'at')
    return [
      `It is prepared and tested now; its rollout begins ${instantWords(start.at, zoneOf(target))}, if all gates hold then.`,
    ];
  return [];
}

function rollbackSteps({ stable, environment }: PlanRequest, wayBack: WayBack | undefined): string[] {
  if (stable === null) {
    return [
      `Nothing served ${environment} before: the version is stopped, and the router answers 503 as it did.`,
    ];
  }
  return [
    ...(wayBack?.steps ?? [
      `The router sends all new requests to ${stable} again, which kept running beside the candidate.`,
      `Requests under way on the candidate may finish, for ${formatDuration(drainMs)} at most; then it is stopped.`,
    ]),
    `By hand: press r, or "orchestrate deploy abort --env ${environment}"; after promotion "orchestrate deploy rollback --env ${environment}".`,
    'Migrations are not undone: they must let the version before run on (expand, then contract in a later deployment).',
  ];
}

/** What the thresholds of an environment mean to the judge; `preferred` is the person’s own immediate error rate, percent. */
export function triggersOf(t: Thresholds, preferred: number): Triggers {
  return {
    minimumSample: t.minimum_sample,
    immediateErrorRate: t.auto_rollback_threshold ?? preferred,
    errorRate: t.error_rate,
    errorWindowMs: t.error_window,
    latencyIncrease: t.latency_increase,
    latencyWindowMs: t.latency_window,
    latencyToleranceMs: t.latency_tolerance,
    unhealthy: t.unhealthy,
    unhealthyWindowMs: t.unhealthy_window,
    ...(t.memory_limit === undefined ? {} : { memoryLimitBytes: t.memory_limit }),
    falseRollbackBudget: t.false_rollback_budget,
  };
}

/** What the strategies' words and times follow from, of all places in which the candidate runs. */
function factsOf(places: readonly PlacePlan[]): Omit<StrategyContext, 'environment' | 'stable'> {
  const running = places.filter(({ retired }) => retired !== true);
  return {
    copies: Math.max(...running.map(({ service }) => copiesOf(service))),
    healthMs: Math.max(...running.map(({ service }) => service.health.timeoutMs)),
    stopMs: longestStop(places),
    migrates: running.some(({ service }) => service.migrate !== undefined),
  };
}

/** What replaces copies does so in all places at once; regions come one after another. Throws code `strategy-cannot` (78). */
function requireOneRegion(strategy: string, places: readonly PlacePlan[]): void {
  const regions = new Set(places.flatMap(({ region, retired }) => (retired ? [] : [region])));
  if (regions.size < 2) return;
  throw new OrchestraError('strategy-cannot', `${strategy} cannot go through several regions`, {
    exit: exitCode.config,
    hint: 'take canary or blue-green, which go region by region, or make each region an environment of its own',
    details: { strategy, regions: [...regions] },
  });
}

function longestStop(places: readonly PlacePlan[]): number {
  return Math.max(...places.map(({ service }) => service.stopTimeoutMs));
}

/** What a person should know of several places before they say yes. */
function placeNotes({ kind, stable, before }: PlanRequest, places: readonly PlacePlan[]): string[] {
  if (places.length === 1) return [];
  const running = places.filter(({ retired }) => retired !== true);
  const regions = [...new Set(running.flatMap(({ region }) => region ?? []))];
  return [
    `${counted(running.length, 'place')}, all promoted or all back: ${running.map(placeName).join(', ')}.`,
    ...(regions.length > 1 && stable !== null && kind === 'deploy'
      ? [`Regions one after another: ${regions.join(', ')}.`]
      : []),
    ...running
      .filter(({ fresh }) => fresh)
      .map((p) => `${placeName(p)} is new here: it takes all its requests from the start.`),
    ...places
      .filter(({ retired }) => retired)
      .map(
        (p) =>
          `${placeName(p)} is not part of it any more: it is stopped at the end, and its port answers 503.`,
      ),
    ...(before === undefined && stable !== null
      ? ['What ran before is not in the history: every place is taken to have the version that serves.']
      : []),
  ];
}

/** In which ways `after` lets more through than `before`, in words; empty when in none. */
export function loosened(before: Plan, after: Plan): string[] {
  const words: string[] = [];
  const higher = (name: string, was: number, is: number, unit: string) => {
    if (is > was) words.push(`${name} rises from ${was}${unit} to ${is}${unit}`);
  };
  higher(
    'the immediate rollback threshold',
    before.triggers.immediateErrorRate,
    after.triggers.immediateErrorRate,
    ' %',
  );
  higher('the error rate threshold', before.triggers.errorRate, after.triggers.errorRate, ' %');
  higher('the error window', before.triggers.errorWindowMs / 1000, after.triggers.errorWindowMs / 1000, ' s');
  higher('the latency threshold', before.triggers.latencyIncrease, after.triggers.latencyIncrease, ' %');
  higher(
    'the latency window',
    before.triggers.latencyWindowMs / 1000,
    after.triggers.latencyWindowMs / 1000,
    ' s',
  );
  higher(
    'the latency tolerance',
    before.triggers.latencyToleranceMs,
    after.triggers.latencyToleranceMs,
    ' ms',
  );
  higher('the share of failing probes', before.triggers.unhealthy, after.triggers.unhealthy, ' %');
  higher(
    'the health window',
    before.triggers.unhealthyWindowMs / 1000,
    after.triggers.unhealthyWindowMs / 1000,
    ' s',
  );
  const memory = { was: before.triggers.memoryLimitBytes, is: after.triggers.memoryLimitBytes };
  if (memory.was !== undefined && memory.is === undefined) words.push('memory has no limit any more');
  if (memory.was !== undefined && memory.is !== undefined)
    higher('the memory limit', memory.was / 1024 ** 2, memory.is / 1024 ** 2, ' MB');
  if (before.service.health.versionPath !== undefined && after.service.health.versionPath === undefined)
    words.push('nobody asks any more which version answers');
  higher('the minimum sample', before.triggers.minimumSample, after.triggers.minimumSample, '');
  if (before.approval && !after.approval) words.push('nobody has to approve all traffic any more');
  else if (before.approval?.byAnother && !after.approval?.byAnother)
    words.push('whoever asks may approve all traffic alone');
  if ((after.approval?.count ?? 1) < (before.approval?.count ?? 1) && after.approval)
    words.push(
      `${after.approval.count ?? 1} instead of ${before.approval?.count} people have to approve all traffic`,
    );
  if (before.approval?.by && after.approval && !after.approval.by)
    words.push('anybody may approve all traffic');
  const budget = { was: before.triggers.falseRollbackBudget, is: after.triggers.falseRollbackBudget };
  if (budget.is < budget.was)
    words.push(
      `the false-rollback budget falls from ${budget.was} % to ${budget.is} %${budget.is === 0 ? ', which turns the side-by-side comparison off' : ''}`,
    );
  for (const suite of before.suites) {
    const now = after.suites.find((s) => s.name === suite.name);
    if (!now) words.push(`the suite ${suite.name} is gone`);
    else if (now.run !== suite.run) words.push(`the suite ${suite.name} runs another command`);
  }
  return [
    ...words,
    ...loosenedActions(before, after),
    ...loosenedMeasures(before, after),
    ...loosenedGates(before, after),
  ];
}
