import { createHash } from 'node:crypto';
import { isSeen } from '../../domain/ticks.ts';
import type { ChecklistItem, Sight } from '../../domain/checklist.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { blocks, code, md, ticks } from '../../domain/markdown.ts';
import type { Document } from '../../ports/memory.ts';
import { isHighRisk, riskLabel, schemaChanges } from './facts.ts';

interface Line {
  text: string;
  seen?: Sight;
}
type Tick = { done: boolean; text: string };
const open = (text: string): Line => ({ text });

/** What must be true before production; what the program sees itself says how. */
function beforeLines({ plan }: Deployment): Line[] {
  return [
    { seen: { kind: 'discovered' }, text: 'The waiting changes were read from git' },
    { seen: { kind: 'selected' }, text: 'The selection ships with all it depends on' },
    { seen: { kind: 'built' }, text: 'The release candidate is built' },
    ...plan.suites.map(({ name }): Line => ({
      seen: { kind: 'suite', suite: name },
      text: `Suite ${code(name)} passed`,
    })),
    open('The rollback procedure (`ROLLBACK.md`) was read by whoever watches'),
  ];
}

function peopleLines(deployment: Deployment): Line[] {
  const schema = schemaChanges(deployment);
  const breaking = deployment.source.features.filter(({ flags }) => flags.breaking || flags.api?.breaking);
  return [
    open('Somebody watches the rollout from start to end: ______'),
    ...(isHighRisk(deployment) ? [open('A second person can be reached: ______')] : []),
    ...(schema.length > 0
      ? [
          open('A backup of the store was taken and restored once as a trial'),
          open('The old version runs on the migrated schema'),
        ]
      : []),
    ...breaking.map(({ title }) => open(`Those who use what **${md(title, 100)}** breaks know about it`)),
    ...(deployment.source.features.some(({ flags }) => flags.config)
      ? [open('New settings and secrets are present in the environment')]
      : []),
    ...(deployment.stable
      ? []
      : [open('Nothing else listens on the port: this is the first deployment here')]),
  ];
}

function afterLines(deployment: Deployment): { soon: Line[]; later: Line[] } {
  const { triggers, service } = deployment.plan;
  return {
    soon: [
      { seen: { kind: 'verified' }, text: `${code(service.health.path)} answers with the expected version` },
      open(`Errors stay below ${triggers.errorRate} %`),
      open(`p95 latency is within +${triggers.latencyIncrease} % of before`),
      open('The critical paths work when a person tries them'),
      open('The log shows no new kind of error'),
    ],
    later: [
      open('Errors and latency at the busiest hour look like the day before'),
      open('Memory, disk and connections do not grow without end'),
      open('Support has heard nothing new'),
      open('Scheduled jobs ran once with the new version'),
    ],
  };
}

/** A line as it stands at this moment. */
function now(deployment: Deployment): (line: Line) => Tick {
  return ({ text, seen }) => ({ done: seen !== undefined && isSeen(deployment, seen), text });
}

/** What must be true before production; what the program has seen itself is ticked. */
export function beforeTicks(deployment: Deployment): Tick[] {
  return beforeLines(deployment).map(now(deployment));
}

/** What to see after all traffic is on the new version, soon and later. */
export function afterTicks(deployment: Deployment): { soon: Tick[]; later: Tick[] } {
  const { soon, later } = afterLines(deployment);
  return { soon: soon.map(now(deployment)), later: later.map(now(deployment)) };
}

/** The checklist's lines as the journal keeps them, each with an id that stays its own while the deployment lasts. */
export function checklistItems(deployment: Deployment): ChecklistItem[] {
  const { soon, later } = afterLines(deployment);
  const lines: (Line & Pick<ChecklistItem, 'due'>)[] = [
    ...[...beforeLines(deployment), ...peopleLines(deployment)].map((l) => ({
      ...l,
      due: 'before' as const,
    })),
    ...soon.map((line) => ({ ...line, due: 'soon' as const })),
    ...later.map((line) => ({ ...line, due: 'later' as const })),
  ];
  return lines.map(({ text, due, seen }, i) => ({
    id: `${i + 1}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`,
    due,
    text,
    ...(seen && { seen }),
  }));
}

/** `CHECKLIST.md`. */
export function checklist(deployment: Deployment): Document {
  const after = afterTicks(deployment);
  return {
    name: 'CHECKLIST.md',
    text: blocks(
      `# Checklist: ${code(deployment.environment)}, deployment ${code(deployment.id)}`,
      `${riskLabel(deployment)}. What the program saw itself is ticked; the rest is for people.`,
      '## Before production',
      ticks([...beforeTicks(deployment), ...peopleLines(deployment).map(now(deployment))]),
      '## First 30 minutes',
      ticks(after.soon),
      '## First day',
      ticks(after.later),
    ),
  };
}
