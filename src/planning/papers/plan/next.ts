import type { Deployment } from '../../../domain/deployment.ts';
import { code, md } from '../../../domain/markdown.ts';
import { openBefore } from '../../../domain/ticks.ts';
import { outcomeNames } from '../facts.ts';
import { ownersOf } from '../people.ts';
import { shellWord } from '../scripts.ts';

/** Where it stands, in one line. */
export function standing(d: Deployment): string {
  const { status } = d;
  switch (status.kind) {
    case 'waiting':
      return `waits after ${status.after} for a person`;
    case 'paused':
      return `paused: ${md(status.reason)}`;
    case 'rolling_back':
      return `is being taken back: ${md(status.reason)}`;
    case 'concluding':
    case 'finished':
      return `${outcomeNames[status.outcome]}: ${md(status.reason)}`;
    case 'running': {
      const phase = d.phases[d.phase];
      if (phase && phase.finishedAt === undefined) return `in production, ${md(phase.name)}`;
      const stage = (['staging', 'testing', 'production', 'learning'] as const).find(
        (name) => d.stages[name].status === 'active',
      );
      return stage === undefined ? 'begins' : `in ${stage}`;
    }
    default:
      return status satisfies never;
  }
}

/** What to do next, first things first, as it follows from where the deployment stands. */
export function nextSteps(d: Deployment): string[] {
  const environment = shellWord(d.environment);
  const { status } = d;
  if (status.kind === 'finished' || status.kind === 'concluding') return afterwards(d, status.outcome);
  const open = openBefore(d).filter(({ seen }) => !seen).length;
  const people =
    open > 0 && d.phase < 0
      ? [
          `See to the ${open === 1 ? 'point' : `${open} points`} of the checklist that ${open === 1 ? 'is' : 'are'} open, and tick ${open === 1 ? 'it' : 'them'}.`,
        ]
      : [];
  if (status.kind === 'rolling_back')
    return [
      `Wait for the old version: ${code(`orchestrate deploy status --env ${environment}`)}.`,
      'Read `rollback-report.md`, which is written when it is back.',
    ];
  if (status.kind === 'paused')
    return [
      d.approval?.kind === 'requested'
        ? `Say yes or no to all traffic: ${code(`orchestrate deploy approve --env ${environment}`)} or ${code(`orchestrate deploy reject --env ${environment}`)}.`
        : `Look at the numbers, then ${code(`orchestrate deploy resume --env ${environment}`)} or ${code(`orchestrate deploy abort --env ${environment}`)}.`,
    ];
  if (d.phase >= 0)
    return [
      `Stay until the last phase has passed: ${code('orchestrate status --monitor')}.`,
      ...(d.stable
        ? [`In doubt take it back: ${code(`orchestrate deploy rollback --env ${environment}`)}.`]
        : []),
    ];
  if (d.stages.testing.status === 'failed')
    return [
      'Mend what failed, or leave out the feature behind it, and run the suite again: nothing goes on before.',
    ];
  const go =
    status.kind === 'waiting'
      ? `Start ${status.after === 'staging' ? 'the tests' : 'the rollout'} on the screen when everything above is ticked.`
      : 'Let the tests end: a failure stops it here, before any user meets it.';
  return [
    `${md(d.by.name, 100)} reads “Rollback” and says who watches.`,
    ...people,
    go,
    'Be there when the first users have the new version, and stay until the last phase has passed.',
  ];
}

function afterwards(d: Deployment, outcome: keyof typeof outcomeNames): string[] {
  const environment = shellWord(d.environment);
  switch (outcome) {
    case 'succeeded':
      return [
        ...(d.plan.verification
          ? [
              `See how it does: ${code(`orchestrate deploy verify --env ${environment}`)} looks now, \`VERIFICATION.md\` has every look.`,
            ]
          : [`Look at it once more: ${code(`orchestrate deploy verify --env ${environment}`)}.`]),
        'See to the points of the first 30 minutes and the first day.',
        'Tell those named under “Communication” that it is there.',
      ];
    case 'rolled_back':
    case 'failed':
      return [
        'Read `rollback-report.md` or `execution-report.md`: why, and what to do before the next attempt.',
        `${ownersOf(d)}: find the cause; add the test that would have found it.`,
      ];
    case 'blocked':
      return ['Mend what stopped it and deploy again: no user met it.'];
    case 'halted':
      return [
        `A person has to look at ${code(d.environment)} now: ${code('orchestrate doctor')} says what is wrong.`,
      ];
    default:
      return outcome satisfies never;
  }
}
