import { z } from 'zod';
import { actorSchema } from './actor.ts';
import { stageSchema } from './plan.ts';

/** What a person may ask of a running deployment. */
export const commandSchema = z.discriminatedUnion('kind', [
  /** Go on through `through`, for a deployment that was prepared only up to an earlier stage. */
  z.object({
    kind: z.literal('advance'),
    through: stageSchema,
    /** The word that a destructive migration asks for. */
    allowDestructive: z.literal(true).optional(),
  }),
  /** Finish the present phase now, or leave a pause; `full` skips the steps between and gives all traffic. */
  z.object({ kind: z.literal('promote'), full: z.literal(true).optional() }),
  /** Say yes, or no, to all traffic, where the environment asks for that. */
  z.object({ kind: z.literal('approve') }),
  z.object({ kind: z.literal('reject') }),
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('resume') }),
  /** Leave a pause and try again what made it: the check or hook that failed, or the watch of the phase. */
  z.object({ kind: z.literal('retry') }),
  /** Tick an item of the checklist, or take the tick away. */
  z.object({ kind: z.literal('tick'), item: z.string().min(1).max(100), done: z.boolean() }),
  /** Run a suite once more on the same candidate. */
  z.object({ kind: z.literal('rerun'), suite: z.string().min(1).max(100) }),
  /** Say that the candidate is good in this respect: one of the plan's sign-offs. */
  z.object({ kind: z.literal('sign-off'), name: z.string().min(1).max(60) }),
  /** Stop and restore stable; `force` names the process that was to be ended because it did not answer. */
  z.object({
    kind: z.literal('abort'),
    force: z.object({ pid: z.number().int().positive() }).optional(),
  }),
]);
export type Command = z.infer<typeof commandSchema>;

/** A command with who asked, from where and why; what a face puts into the inbox. */
export const requestSchema = z.object({
  id: z.string().min(1).max(100),
  command: commandSchema,
  by: actorSchema,
  why: z.string().max(2000).optional(),
});
export type Request = z.infer<typeof requestSchema>;

/** What a command asks for, in words for people. */
export function commandWords(command: Command): string {
  if (command.kind === 'promote' && command.full) return 'promote to all traffic';
  if (command.kind === 'tick')
    return `${command.done ? 'tick' : 'untick'} ${command.item.split('-')[0]} of the checklist`;
  if (command.kind === 'rerun') return `run ${command.suite} again`;
  if (command.kind === 'sign-off') return `sign off ${command.name}`;
  if (command.kind === 'abort' && command.force)
    return `abort, ending process ${command.force.pid} by force where it does not answer`;
  if (command.kind !== 'advance') return command.kind;
  switch (command.through) {
    case 'testing':
      return 'run the suites';
    case 'production':
    case 'learning':
      return 'start the rollout';
    default:
      return `go on through ${command.through}`;
  }
}
