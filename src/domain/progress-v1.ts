import { z } from 'zod';
import type { Progress } from './progress.ts';
import { stages, type Stage } from './plan.ts';

const percent = z.number().min(0).max(100);

const taskV1Schema = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
  percent: percent.optional(),
  progress: percent.optional(),
});

/** `progress.json` as it was before: one deployment, its stage, a percentage and tasks in its own words. What else it has stays. */
export const progressV1Schema = z
  .looseObject({
    schema: z.literal('orchestra/progress@1').optional(),
    version: z.literal(1).optional(),
    deployment: z.string().optional(),
    environment: z.string().optional(),
    stage: z.string().optional(),
    status: z.string(),
    percent: percent.optional(),
    progress: percent.optional(),
    startedAt: z.string().optional(),
    agent: z.string().optional(),
    tasks: z.array(taskV1Schema).optional(),
  })
  .refine(({ schema, version }) => schema !== undefined || version !== undefined, {
    message: 'it does not say that it is version 1',
  });
export type ProgressV1 = z.infer<typeof progressV1Schema>;
type TaskV1 = z.infer<typeof taskV1Schema>;
type Task = Progress['tasks'][number];

const finished = new Set(['completed', 'complete', 'done', 'succeeded', 'success', 'passed', 'ok']);
const failed = new Set(['failed', 'failure', 'error', 'aborted', 'rolled_back', 'blocked', 'halted']);
const under = new Set(['in_progress', 'in-progress', 'running', 'active', 'started']);

function statusOf(word: string | undefined): Task['status'] {
  const plain = (word ?? '').trim().toLowerCase();
  if (finished.has(plain)) return 'completed';
  if (failed.has(plain)) return 'failed';
  if (under.has(plain)) return 'in_progress';
  return plain === 'skipped' ? 'skipped' : 'pending';
}

/** Its own names for stages are nobody's to guess: what is none of the six happened in production. */
function stageOf(word: string | undefined): Stage {
  const plain = (word ?? '').trim().toLowerCase();
  return stages.find((stage) => stage === plain) ?? 'production';
}

function timeOf(text: string | undefined): string {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  // Years of more than four digits are no time that a reader of version 2 knows.
  return new Date(ms >= 0 && ms < Date.UTC(10_000, 0) ? ms : 0).toISOString();
}

/** A document of version 1 as one of version 2. What version 2 has no place for stays in `before`. Pure. */
export function up(v1: ProgressV1): Progress {
  const deployment = v1.deployment ?? '';
  const task = (one: TaskV1, stage: Stage): Task => ({
    id: `${deployment}/${one.id ?? one.name ?? stage}`,
    deployment,
    environment: v1.environment ?? '',
    stage,
    status: statusOf(one.status),
    progress: one.percent ?? one.progress ?? (statusOf(one.status) === 'completed' ? 100 : 0),
    elapsedMs: 0,
    detail: one.name ?? '',
  });
  const own = v1.tasks ?? [
    {
      status: v1.status,
      percent: v1.percent ?? v1.progress ?? (statusOf(v1.status) === 'completed' ? 100 : 0),
    },
  ];
  const tasks = own.map((one) => task(one, stageOf(v1.tasks ? (one.name ?? one.id) : v1.stage)));
  const count = (...wanted: Task['status'][]) => tasks.filter(({ status }) => wanted.includes(status)).length;
  const sum = tasks.reduce((all, { progress }) => all + progress, 0);
  return {
    schema: 'orchestra/progress@2',
    updatedAt: timeOf(v1.startedAt),
    state: statusOf(v1.status) === 'in_progress' ? 'running' : 'idle',
    tasks,
    activeAgents:
      v1.agent === undefined ? [] : [{ name: v1.agent, kind: 'person', deployment, role: 'requested' }],
    waits: [],
    ended: [],
    stats: {
      deployments: 1,
      total: tasks.length,
      completed: count('completed', 'skipped'),
      inProgress: count('in_progress'),
      failed: count('failed'),
      pending: count('pending'),
      progress: tasks.length === 0 ? 0 : Math.min(100, Math.round(sum / tasks.length)),
    },
    before: v1,
  };
}

/** The way back: the document it came from, or, of one that was never version 1, what version 1 can say of it. Pure. */
export function down(v2: Progress): ProgressV1 {
  if (v2.before) return v2.before;
  const at = v2.tasks.find(({ status }) => status === 'in_progress') ?? v2.tasks.at(-1);
  const agent = v2.activeAgents[0]?.name;
  return {
    schema: 'orchestra/progress@1',
    ...(at ? { deployment: at.deployment, environment: at.environment, stage: at.stage } : {}),
    status: v2.ended[0] && v2.waits.length === 0 ? v2.ended[0].outcome : v2.state,
    percent: v2.stats.progress,
    ...(agent === undefined ? {} : { agent }),
    tasks: v2.tasks.map(({ id, stage, status, progress }) => ({
      id,
      name: stage,
      status,
      percent: progress,
    })),
  };
}
