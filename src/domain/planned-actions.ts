import { type ActionPlan, type ActionPoint, actionWords } from './action.ts';
import { formatDuration } from './duration.ts';
import { candidatePlaces, saidOf } from './places.ts';
import type { Phase, PlacePlan, Plan } from './plan.ts';

/** One thing a plan will do, for a reader of the plan. */
export interface PlannedAction {
  kind:
    | ActionPlan['kind']
    | 'deploy'
    | 'migrate'
    | 'health'
    | 'readiness'
    | 'approval'
    | 'traffic'
    | 'bake'
    | 'analysis'
    | 'verify'
    | 'promote'
    | 'clean-up';
  text: string;
}

/** What a plan does, in order: before the first phase, in each of them, after the last, and when it goes back. Pure. */
export function plannedActions(plan: Plan): {
  before: PlannedAction[];
  phases: PlannedAction[][];
  after: PlannedAction[];
  rollback: PlannedAction[];
} {
  const places = candidatePlaces(plan);
  const at = (point: ActionPoint) =>
    (plan.actions ?? [])
      .filter((action) => action.at.includes(point))
      .map((action): PlannedAction => ({ kind: action.kind, text: textOf(action) }));
  // Regions have phases of their own; the yes to the first one's counts for all.
  const asked = plan.phases.findIndex(({ weight }) => weight === 100);
  return {
    before: [
      ...at('before-deployment'),
      ...places.flatMap((place) => starting(plan, place)),
      ...at('before-traffic'),
    ],
    phases: plan.phases.map((phase, i) => [
      ...(plan.approval && i === asked
        ? [{ kind: 'approval', text: 'a person says yes to all traffic' } as const]
        : []),
      ...at('before-phase'),
      ...phaseActions(plan, phase),
      ...at('after-phase'),
    ]),
    after: [
      { kind: 'verify', text: 'the expected version runs, is healthy and has all traffic' },
      ...at('after-rollout'),
      { kind: 'promote', text: 'the candidate becomes stable' },
      ...at('after-promotion'),
      {
        kind: 'clean-up',
        text: `the old side is drained and kept for an instant rollback${plan.keepOldForMs === undefined ? ' until the next deployment' : `; the first command after ${formatDuration(plan.keepOldForMs)} ends it`}; what is older is stopped`,
      },
    ],
    rollback: at('after-rollback'),
  };
}

/** What happens in one place until the candidate can take traffic there. */
function starting(plan: Plan, { key, service }: PlacePlan): PlannedAction[] {
  const { migrate, start, health } = service;
  const said = (text: string) => saidOf(plan, key, text);
  return [
    ...(migrate !== undefined && plan.suitesSkipped === undefined
      ? [{ kind: 'migrate', text: said(`migrates: ${migrate}`) } as const]
      : []),
    { kind: 'deploy', text: said(`starts the candidate beside stable: ${start}`) },
    {
      kind: 'readiness',
      text: said(`${health.path} answers 2xx within ${formatDuration(health.timeoutMs)}`),
    },
  ];
}

function phaseActions(plan: Plan, phase: Phase): PlannedAction[] {
  const measures = (plan.measures ?? []).map(({ name }) => name);
  return [
    { kind: 'traffic', text: `${phase.weight} % of the traffic to the candidate` },
    { kind: 'bake', text: `watched for ${formatDuration(phase.bakeMs)}` },
    {
      kind: 'health',
      text: `${[...new Set(candidatePlaces(plan).map(({ service }) => service.health.path))].join(', ')} of the candidate, at every reading`,
    },
    ...(phase.judged
      ? [
          {
            kind: 'analysis',
            text: ['errors and latency beside stable', ...measures].join(', '),
          } as const,
        ]
      : []),
  ];
}

/** What it asks or runs, and what its failure means where that is not the usual. */
function textOf(action: ActionPlan): string {
  const means = { abort: '', pause: '; a failure asks a person', ignore: '; a failure is only recorded' };
  const whose = action.kind === 'smoke' && action.service !== undefined ? ` of ${action.service}` : '';
  return `${actionWords(action)}${whose}${whatOf(action)}${means[action.onFailure]}`;
}

function whatOf(action: ActionPlan): string {
  switch (action.kind) {
    case 'configuration-check':
      return ': every variable has a value, the port can be had';
    case 'dependency-check': {
      const { target } = action;
      return `: ${target.kind === 'tcp' ? target.address : target.kind === 'http' ? target.url : target.run}`;
    }
    case 'smoke':
      return action.test.kind === 'http'
        ? `: ${action.test.method} ${action.test.path}`
        : `: ${action.test.run}`;
    case 'hook':
      return `: ${action.run}`;
    default:
      return action satisfies never;
  }
}
