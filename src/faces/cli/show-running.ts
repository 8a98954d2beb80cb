import { surenessText } from '../../domain/chance.ts';
import { agentWords } from '../../domain/agent-words.ts';
import { artifactWords } from '../../domain/artifact.ts';
import { missingWords } from '../../domain/approvals.ts';
import { allGates } from '../../domain/all-gates.ts';
import { standingWords } from '../../domain/gate-standing.ts';
import { attentionWords } from '../../domain/attention-words.ts';
import type { Attention } from '../../domain/attention.ts';
import { counted } from '../../domain/counted.ts';
import type { Deployment, StageState } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { Event } from '../../domain/event.ts';
import { stages } from '../../domain/plan.ts';
import { progressOfTasks, tasksOf } from '../../domain/progress.ts';
import { listedWords } from '../../domain/listed-words.ts';
import { zoneOfPlan } from '../../domain/scheduled.ts';
import { safeText } from '../../domain/safe-text.ts';
import { isFlaky, runCounts } from '../../domain/suite-run.ts';
import { openNeeds, underWay } from '../../domain/suites-under-way.ts';
import type { Attended } from '../../engine/orchestrator.ts';
import { describeEvents } from './describe-event.ts';

/** How many of the newest events are looked at for those that are shown, and how many are. */
export const lookedEvents = 200;
const shownEvents = 5;

const marks: Readonly<Record<StageState['status'], string>> = {
  pending: '[ ]',
  active: '[>]',
  passed: '[x]',
  failed: '[!]',
  skipped: '[-]',
};

/** The fields under a deployment's first line: what stands before them, so that values stand below each other. */
const field = (name: string, text: string) => safeText(`  ${name.padEnd(9)} ${text}`, 500);

/** Everything about a running deployment below its first line (REQUIREMENTS W1, W5): stages, what ships, tests, who, what it waits for, what happened, what one can do. */
export function showRunning(
  d: Deployment,
  { attention, agents }: Attended,
  recent: readonly Event[],
  now: Date,
): string[] {
  const tests = testWords(d);
  return [
    field('stages', stageWords(d, now)),
    field('ships', shipsWords(d)),
    ...(d.artifact ? [field('artifact', artifactWords(d.artifact).replace(/^artifact /, ''))] : []),
    ...(tests === undefined ? [] : [field('tests', tests)]),
    ...(d.emergency ? [field('EMERGENCY', `asked for by ${d.emergency.by.name}: ${d.emergency.why}`)] : []),
    ...(d.plan.approval && d.approval?.kind !== 'given' && d.status.kind !== 'rolling_back'
      ? [field('approval', approvalWords(d, now))]
      : []),
    ...showGates(d),
    field('here', agents.map(agentWords).join(' · ')),
    ...(attention ? showAttention(attention) : []),
    ...recentLines(d, recent).map((line, i) => field(i === 0 ? 'lately' : '', line)),
    ...(attention?.can ?? []).map(({ command, key, does }, i) =>
      field(
        i === 0 ? 'next' : '',
        `${command}${key === undefined ? '' : `  (${key} on the screen)`}  ${does}`,
      ),
    ),
  ];
}

/** How the gates stand, those of the newest phase for all of the rollout; a line more for each that did not hold. */
function showGates(d: Deployment): string[] {
  const { before, during, after } = allGates(d);
  const newest = during.filter(({ phase }) => phase === during.at(-1)?.phase);
  const name = d.phases[newest[0]?.phase ?? 0]?.name ?? '';
  const groups = [
    { when: 'before', results: before },
    { when: `in ${name}`, results: newest },
    { when: 'after', results: after },
  ].filter(({ results }) => results.length > 0);
  return groups.flatMap(({ when, results }, i) => [
    field(i === 0 ? 'gates' : '', `${when}: ${standingWords(results)}`),
    ...results
      .filter(({ status }) => status === 'failed')
      .map(({ title, detail, severity, override, fix }) => {
        const word = override
          ? `let pass by ${override.by}: ${override.why}`
          : severity === 'warning'
            ? 'told only'
            : 'failed';
        return field('', `  ${title}: ${detail} (${word})${fix === undefined ? '' : ` - ${fix}`}`);
      }),
  ]);
}

/** What it waits for, and where it is stuck, why and the log that shows it. */
export function showAttention(attention: Attention): string[] {
  const { stuck, why, log } = attention;
  return [
    field(stuck ? 'STUCK' : 'waits for', attentionWords(attention)),
    ...(why === undefined ? [] : [field('', why)]),
    ...(log ?? []).map((line) => safeText(`            | ${line}`, 300)),
  ];
}

function stageWords(d: Deployment, now: Date): string {
  const tasks = tasksOf(d, now);
  const each = stages.map((stage, i) => {
    const task = tasks[i];
    const within = task?.status === 'in_progress' ? ` ${task.progress} %` : '';
    return `${marks[d.stages[stage].status]} ${stage}${within}`;
  });
  return `${each.join('  ')}  (${progressOfTasks(tasks)} %)`;
}

/** Who has approved it, how many are missing, and who may. */
function approvalWords(d: Deployment, now: Date): string {
  const given = (d.yeses ?? []).map(({ by }) => by.name);
  return `${given.length > 0 ? `${listedWords(given, 'and')} said yes; ` : ''}${missingWords(d, now)}`;
}

function shipsWords({ source, plan, risk }: Deployment): string {
  const what =
    source.kind === 'selection' ? counted(source.features.length, 'feature') : `the revision ${source.ref}`;
  const chance = risk ? `, success ${surenessText(risk)}` : '';
  return `${what}, ${plan.risk.toUpperCase()} RISK${chance}, ${plan.strategy}`;
}

/** How the suites went; undefined where there are none. */
function testWords(d: Deployment): string | undefined {
  const { plan, suites } = d;
  if (plan.suites.length === 0)
    return plan.suitesSkipped === undefined ? undefined : `skipped: ${plan.suitesSkipped}`;
  return plan.suites
    .map((suite) => {
      const { name } = suite;
      const state = suites.find(({ suite }) => suite === name);
      const now = underWay(d, name);
      if (now) return `${name} runs${now.effect.run === undefined ? '' : ` (run ${now.effect.run})`}`;
      if (!state) {
        const open = openNeeds(d, suite);
        return `${name} waits${open.length > 0 ? ` for ${open.join(', ')}` : ''}`;
      }
      const failed = state.status === 'passed' ? 0 : (state.cases?.length ?? 0);
      return [
        `${name} ${state.status.replace('_', ' ')} in ${formatDuration(state.durationMs)}`,
        failed > 0 ? counted(failed, 'failing test') : [],
        isFlaky(state) ? (runCounts(state) ?? []) : [],
      ]
        .flat()
        .join(', ');
    })
    .join(' · ');
}

/** The newest events that mean something to people, newest last. */
export function recentLines(d: Deployment, recent: readonly Event[]): string[] {
  const describe = describeEvents(d.plan.phases, zoneOfPlan(d.plan));
  return recent
    .flatMap((event) => {
      const line = describe(event);
      return line === undefined ? [] : [`${event.at.slice(11, 19)} ${line}`];
    })
    .slice(-shownEvents);
}
