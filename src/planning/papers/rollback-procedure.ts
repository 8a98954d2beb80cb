import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { ShippedFeature } from '../../domain/event.ts';
import { candidatePlaces } from '../../domain/places.ts';
import type { Document } from '../../ports/memory.ts';
import { isHighRisk, riskLabel, rollbackTriggers, schemaChanges } from './facts.ts';
import { blocks, bullets, code, codeBlock, md, steps } from '../../domain/markdown.ts';
import { shellWord } from './scripts.ts';

function schemaWarning(features: readonly ShippedFeature[], { plan }: Deployment): string {
  const migrated = candidatePlaces(plan).filter(({ service }) => service.migrate !== undefined);
  const migrations = [...new Set(migrated.flatMap(({ service }) => service.migrate ?? []))];
  const list = features.map(({ title, flags }) => {
    const { kind, destructive, paths } = flags.schema ?? { kind: 'schema', destructive: false, paths: [] };
    const files = paths
      .slice(0, 10)
      .map((path) => code(path))
      .join(', ');
    const changes = flags.schema?.changes ?? [];
    const said = changes.length > 0 ? `; it ${changes.map((change) => md(change, 200)).join(', ')}` : '';
    return `**${md(title, 100)}** – ${md(kind)}, ${destructive ? '**destructive**' : 'additive'}: ${files}${said}`;
  });
  const destructive = features.some(({ flags }) => flags.schema?.destructive);
  const named = migrations.length > 0 ? ` (${migrations.map((name) => code(name)).join(', ')})` : '';
  const downs = [...new Set(migrated.flatMap(({ service }) => service.migrateDown ?? []))];
  // As a later rollback decides it: every place has to say how, and nothing may have been taken away.
  const undone = !destructive && migrated.length > 0 && migrated.every(({ service }) => service.migrateDown);
  return blocks(
    '### The data',
    undone
      ? `While the rollout lasts, going back restores the program alone and leaves the migration${named} in place. After promotion a rollback takes it back too (${downs.map((name) => code(name)).join(', ')}), once the old version serves; what the new one stored in it goes with it.`
      : `A rollback restores the program, never the data: the migration${named} is not undone by it.`,
    bullets(list),
    destructive
      ? 'At least one change removes or rewrites data. The old version may not run on the new schema, and what was removed comes back from a backup only.'
      : 'The changes only add, which is meant to let the old version go on working on the new schema. Step 2 shows whether it does.',
    steps([
      '**Before the rollout:** take a backup of the store and try to restore it somewhere else. Note its name and time here: ______',
      '**Before the rollout:** run the old version against a migrated copy and see that it reads and writes.',
      destructive
        ? '**On a rollback:** take the traffic back first, then stop all writers, and only then restore the backup. What was written since the backup is lost: export it first.'
        : undone
          ? '**On a rollback:** take the traffic back first. Export what must be kept of the new fields before a rollback after promotion removes them.'
          : '**On a rollback:** take the traffic back. Leave the migrated schema in place; remove it later with a migration of its own, when nothing needs it.',
      '**After it:** compare row counts and the newest records with the backup, and let the old version serve one request of each kind.',
    ]),
  ).trimEnd();
}

/** How to go back, in the order in which to do it; with the data's part when the risk is high. */
export function rollbackSection(deployment: Deployment): string {
  const { plan, stable } = deployment;
  const environment = shellWord(deployment.environment);
  const schema = schemaChanges(deployment);
  if (!stable)
    return blocks(
      'This is the first deployment here: there is no earlier version to go back to. If it fails its checks it is stopped and nothing serves.',
      schema.length > 0 ? schemaWarning(schema, deployment) : undefined,
    ).trimEnd();
  return blocks(
    `Going back means ${code(stable.name)} (${code(stable.sha.slice(0, 12))}) serves all traffic again. It takes ${formatDuration(plan.estimates.longestRollbackMs)} at most, because the old version keeps running until the new one has proved itself.`,
    '### By itself',
    `Once ${plan.triggers.minimumSample} requests have reached the new version, the rollout is taken back without asking on:`,
    bullets(rollbackTriggers(deployment)),
    '### By hand',
    'Press `r` in the terminal, run `rollback.sh` beside this file, or:',
    codeBlock([`orchestrate deploy rollback --env ${environment}`], 'sh'),
    '### What then happens',
    steps(plan.rollback.map((step) => md(step))),
    '### Afterwards',
    steps([
      `See that the old version serves: ${code(`orchestrate deploy status --env ${environment}`)}.`,
      'See that errors and latency are back where they were before.',
      'Tell the people named in the communication plan: what was taken back, when, and what comes next.',
      'Keep the deployment folder: its journal and reports show what happened.',
    ]),
    schema.length > 0 ? schemaWarning(schema, deployment) : undefined,
    isHighRisk(deployment) && schema.length === 0
      ? blocks(
          '### Because this is HIGH RISK',
          steps([
            'One person watches the rollout and does nothing else; a second can be reached.',
            'Both have tried `rollback.sh` or the `r` key on another environment before.',
            'The decision to go back needs no meeting: whoever sees the trouble takes it back, and explains later.',
          ]),
        ).trimEnd()
      : undefined,
  ).trimEnd();
}

/** `ROLLBACK.md`: the procedure alone, for the person who has no time to read more. */
export function rollbackProcedure(deployment: Deployment): Document {
  return {
    name: 'ROLLBACK.md',
    text: blocks(
      `# Rollback: ${code(deployment.environment)}, deployment ${code(deployment.id)}`,
      `**${riskLabel(deployment)}.** In a hurry: ${code(`orchestrate deploy rollback --env ${shellWord(deployment.environment)}`)}.`,
      rollbackSection(deployment),
    ),
  };
}
