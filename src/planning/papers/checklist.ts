import type { Deployment } from '../../domain/deployment.ts';
import type { Document } from '../../ports/memory.ts';
import { isHighRisk, riskLabel, schemaChanges } from './facts.ts';
import { blocks, code, md, ticks } from '../../domain/markdown.ts';

type Tick = { done: boolean; text: string };
const open = (text: string): Tick => ({ done: false, text });

/** What must be true before production; what the program has seen itself is ticked. */
export function beforeTicks(deployment: Deployment): Tick[] {
  const { plan, stages, candidate, suites } = deployment;
  const passed = new Set(suites.filter((suite) => suite.status === 'passed').map((suite) => suite.suite));
  return [
    { done: stages.discovery.status === 'passed', text: 'The waiting changes were read from git' },
    { done: stages.selection.status === 'passed', text: 'The selection ships with all it depends on' },
    { done: candidate.kind !== 'none', text: 'The release candidate is built' },
    ...plan.suites.map(({ name }) => ({ done: passed.has(name), text: `Suite ${code(name)} passed` })),
    open('The rollback procedure (`ROLLBACK.md`) was read by whoever watches'),
  ];
}

function peopleTicks(deployment: Deployment): Tick[] {
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

/** What to see after all traffic is on the new version, soon and later. */
export function afterTicks(deployment: Deployment): { soon: Tick[]; later: Tick[] } {
  const { triggers, service } = deployment.plan;
  return {
    soon: [
      { done: deployment.verified, text: `${code(service.health.path)} answers with the expected version` },
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

/** `CHECKLIST.md`. */
export function checklist(deployment: Deployment): Document {
  const after = afterTicks(deployment);
  return {
    name: 'CHECKLIST.md',
    text: blocks(
      `# Checklist: ${code(deployment.environment)}, deployment ${code(deployment.id)}`,
      `${riskLabel(deployment)}. What the program saw itself is ticked; the rest is for people.`,
      '## Before production',
      ticks([...beforeTicks(deployment), ...peopleTicks(deployment)]),
      '## First 30 minutes',
      ticks(after.soon),
      '## First day',
      ticks(after.later),
    ),
  };
}
