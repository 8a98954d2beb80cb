import { z } from 'zod';

/** Which face a request came through. */
const faceSchema = z.enum(['ui', 'cli', 'conductor', 'api', 'mcp']);

/** What somebody who works on a deployment is: somebody at a terminal, an AI agent, a pipeline, a program, or a process of ours. */
export const workerKindSchema = z.enum(['person', 'agent', 'ci', 'service', 'worker']);
export type WorkerKind = z.infer<typeof workerKindSchema>;

/** Who asked for something: a person's name as git or the system knows it, and the face they used. */
export const actorSchema = z.object({
  name: z.string(),
  face: faceSchema,
  /** As git knows it; absent where that has none, and in journals of before it was asked. */
  email: z.string().optional(),
  host: z.string().optional(),
  pid: z.number().int().optional(),
  /** Absent in journals of before it was looked at; `kindOf` then goes by the face. */
  kind: workerKindSchema.optional(),
  /** Which agent or which CI system, `claude` or `github-actions`, as its environment says. */
  tool: z.string().optional(),
});

export type Actor = z.infer<typeof actorSchema>;

/** An agent speaks through the agents' tools, a service through the API; whoever sits at a terminal is a person. */
export function kindOf({ kind, face }: Pick<Actor, 'kind' | 'face'>): WorkerKind {
  if (kind !== undefined) return kind;
  switch (face) {
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
      return face satisfies never;
  }
}
