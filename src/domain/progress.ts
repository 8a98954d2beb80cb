import { z } from 'zod';
import { activeAgentSchema, activeAgents, type HereNow } from './agents.ts';
import { attentionSchema, type Attention } from './attention.ts';
import type { Deployment, StageState } from './deployment.ts';
import { outcomeSchema, versionSchema } from './event.ts';
import { stageSchema, stages, type Stage } from './plan.ts';
import { progressV1Schema } from './progress-v1.ts';
import { safeText } from './safe-text.ts';
import { trafficWords } from './share-words.ts';

const taskStatusSchema = z.enum(['pending', 'in_progress', 'completed', 'failed', 'skipped']);

const taskSchema = z.object({
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
});

/** What became of a deployment. */
const endedSchema = z.object({
  deployment: z.string(),
  environment: z.string(),
  kind: z.enum(['deploy', 'rollback']),
  outcome: outcomeSchema,
  reason: z.string(),
  at: z.string(),
  durationMs: z.number().nonnegative(),
  /** What serves now, as far as this deployment knows; null for nothing. */
  version: versionSchema.nullable(),
});
export type Ended = z.infer<typeof endedSchema>;

/** What the running deployments come to, the gravest first: one is stuck, one waits for a person, they run, or there is none. */
const stateSchema = z.enum(['stuck', 'waiting', 'running', 'idle']);

/** `progress.json`: what watchers outside the program read; derived from the running deployments. */
export const progressSchema = z.object({
  schema: z.literal('orchestra/progress@2'),
  updatedAt: z.iso.datetime(),
  state: stateSchema.default('idle'),
  /** The stages of everything that runs; of the deployment that ended last where nothing does. */
  tasks: z.array(taskSchema),
  activeAgents: z.array(activeAgentSchema),
  /** What each running deployment waits for. */
  waits: z.array(z.object({ deployment: z.string(), ...attentionSchema.shape })).default([]),
  /** The deployments that ended last, newest first. */
  ended: z.array(endedSchema).default([]),
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
  /** The document it was migrated from; gone as soon as a deployment writes its own. */
  before: progressV1Schema.optional(),
});
export type Progress = z.infer<typeof progressSchema>;
type Task = Progress['tasks'][number];

/** One deployment and what is known of it beside its journal. */
export interface Look {
  deployment: Deployment;
  attention: Attention | undefined;
  here: readonly HereNow[];
}

/** How many deployments that ended are kept. */
const keptEnded = 5;

function share(done: number, all: number): number {
  return all === 0 ? 0 : Math.min(100, Math.round((100 * done) / all));
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
  // A clock that was set back between the two must not make time negative.
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
    detail: safeText(ended ? state.reason : state.status === 'active' ? inside.detail : '', 500),
  };
}

/** The six stages of a deployment as tasks, in order. */
export function tasksOf(deployment: Deployment, now: Date): Task[] {
  return stages.map((stage) => taskOf(deployment, stage, now));
}

/** How far a deployment is, percent of its stages together. */
export function progressOfTasks(tasks: readonly Task[]): number {
  return share(
    tasks.reduce((sum, task) => sum + task.progress, 0),
    tasks.length * 100,
  );
}

function endOf(d: Deployment): Ended | undefined {
  if (d.status.kind !== 'finished') return undefined;
  const { outcome, reason, at, durationMs } = d.status;
  return {
    deployment: d.id,
    environment: d.environment,
    kind: d.kind,
    outcome,
    reason: safeText(reason, 500),
    at,
    durationMs: Math.max(0, durationMs),
    version: d.candidate.kind === 'promoted' ? d.candidate.version : d.stable,
  };
}

/** What all of them come to. */
function stateOf(waits: readonly Attention[]): Progress['state'] {
  if (waits.length === 0) return 'idle';
  if (waits.some(({ stuck }) => stuck)) return 'stuck';
  return waits.some(({ kind }) => kind === 'person' || kind === 'window') ? 'waiting' : 'running';
}

/**
 * The progress document of these deployments at the moment `now`, running ones and those that just ended; `earlier` are those
 * that ended before them. Pure.
 */
export function progressOf(looks: readonly Look[], now: Date, earlier: readonly Ended[] = []): Progress {
  const running = looks.filter(({ deployment }) => deployment.status.kind !== 'finished');
  const just = looks.flatMap(({ deployment }) => endOf(deployment) ?? []);
  const ended = [...just, ...earlier.filter((one) => !just.some((e) => e.deployment === one.deployment))];
  const shown = running.length > 0 ? running : looks.slice(-1);
  const tasks = shown.flatMap(({ deployment }) => tasksOf(deployment, now));
  const count = (...wanted: Task['status'][]) => tasks.filter((task) => wanted.includes(task.status)).length;
  const waits = running.flatMap(({ deployment, attention }) =>
    attention ? [{ deployment: deployment.id, ...attention }] : [],
  );
  return {
    schema: 'orchestra/progress@2',
    updatedAt: now.toISOString(),
    state: running.length > 0 && waits.length === 0 ? 'running' : stateOf(waits),
    tasks,
    activeAgents: running.flatMap(({ deployment, here }) => activeAgents(deployment, here)),
    waits,
    ended: ended.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, keptEnded),
    stats: {
      deployments: shown.length,
      total: tasks.length,
      completed: count('completed', 'skipped'),
      inProgress: count('in_progress'),
      failed: count('failed'),
      pending: count('pending'),
      progress: progressOfTasks(tasks),
    },
  };
}
