import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Deployment, StageState } from './deployment.ts';
import { stageSchema, stages, type Stage } from './plan.ts';
import { trafficWords } from './share-words.ts';

const taskStatusSchema = z.enum(['pending', 'in_progress', 'completed', 'failed', 'skipped']);

/** `progress.json`: what watchers outside the program read; derived from the running deployments. */
export const progressSchema = z.object({
  schema: z.literal('orchestra/progress@2'),
  updatedAt: z.iso.datetime(),
  tasks: z.array(
    z.object({
      /** `<deployment>/<stage>`. */
      id: z.string(),
      deployment: z.string(),
      environment: z.string(),
      stage: stageSchema,
      status: taskStatusSchema,
      /** Percent. */
      progress: z.number().min(0).max(100),
      elapsedMs: z.number().nonnegative(),
      detail: z.string(),
    }),
  ),
  activeAgents: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['person', 'agent', 'service', 'worker']),
      deployment: z.string(),
      /** What they do for it. */
      role: z.enum(['requested', 'conducts']),
      pid: z.number().int().optional(),
    }),
  ),
  stats: z.object({
    deployments: z.number().int(),
    total: z.number().int(),
    completed: z.number().int(),
    inProgress: z.number().int(),
    failed: z.number().int(),
    pending: z.number().int(),
    /** Percent of all tasks together. */
    progress: z.number().min(0).max(100),
  }),
});
export type Progress = z.infer<typeof progressSchema>;
type Task = Progress['tasks'][number];

function share(done: number, all: number): number {
  return all === 0 ? 0 : Math.round((100 * done) / all);
}

function within(deployment: Deployment, stage: Stage): { progress: number; detail: string } {
  if (stage === 'testing') {
    const [done, all] = [deployment.suites.length, deployment.plan.suites.length];
    return { progress: share(done, all), detail: `${done} of ${all} suites` };
  }
  if (stage === 'production') {
    const done = deployment.phases.filter((phase) => phase.finishedAt !== undefined).length;
    const phase = deployment.phases[deployment.phase];
    const detail = phase ? [phase.name, trafficWords(deployment) ?? []].flat().join(', ') : 'getting ready';
    return { progress: share(done, deployment.phases.length), detail };
  }
  return { progress: 0, detail: '' };
}

function elapsed(state: StageState, now: Date): number {
  if (state.status === 'pending' || state.startedAt === undefined) return 0;
  const end = state.status === 'active' ? now.getTime() : Date.parse(state.finishedAt);
  return Math.max(0, end - Date.parse(state.startedAt));
}

const statusOf = {
  pending: 'pending',
  active: 'in_progress',
  passed: 'completed',
  failed: 'failed',
  skipped: 'skipped',
} as const;

function taskOf(deployment: Deployment, stage: Stage, now: Date): Task {
  const state = deployment.stages[stage];
  const ended = state.status !== 'pending' && state.status !== 'active';
  const inside = within(deployment, stage);
  return {
    id: `${deployment.id}/${stage}`,
    deployment: deployment.id,
    environment: deployment.environment,
    stage,
    status: statusOf[state.status],
    progress: ended ? 100 : state.status === 'active' ? inside.progress : 0,
    elapsedMs: elapsed(state, now),
    detail: ended ? state.reason : state.status === 'active' ? inside.detail : '',
  };
}

/** An agent speaks through the agents' tools, a service through the API; whoever sits at a terminal is a person. */
function kindOf(actor: Actor): 'person' | 'agent' | 'service' | 'worker' {
  switch (actor.face) {
    case 'ui':
    case 'cli':
      return 'person';
    case 'api':
      return 'service';
    case 'mcp':
      return 'agent';
    case 'conductor':
      return 'worker';
    default:
      return actor.face satisfies never;
  }
}

/** The progress document of deployments, at the moment `now`. */
export function progressOf(deployments: readonly Deployment[], now: Date): Progress {
  const tasks = deployments.flatMap((deployment) => stages.map((stage) => taskOf(deployment, stage, now)));
  const count = (...wanted: Task['status'][]) => tasks.filter((task) => wanted.includes(task.status)).length;
  const running = deployments.filter((deployment) => deployment.status.kind !== 'finished');
  return {
    schema: 'orchestra/progress@2',
    updatedAt: now.toISOString(),
    tasks,
    activeAgents: running.flatMap((deployment) => [
      {
        name: deployment.by.name,
        kind: kindOf(deployment.by),
        deployment: deployment.id,
        role: 'requested' as const,
      },
      ...(deployment.conductor
        ? [
            {
              name: 'conductor',
              kind: 'worker' as const,
              deployment: deployment.id,
              role: 'conducts' as const,
              pid: deployment.conductor.pid,
            },
          ]
        : []),
    ]),
    stats: {
      deployments: deployments.length,
      total: tasks.length,
      completed: count('completed', 'skipped'),
      inProgress: count('in_progress'),
      failed: count('failed'),
      pending: count('pending'),
      progress: share(
        tasks.reduce((sum, task) => sum + task.progress, 0),
        tasks.length * 100,
      ),
    },
  };
}
