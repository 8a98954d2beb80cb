import { z } from 'zod';

/** Which face a request came through. */
const faceSchema = z.enum(['ui', 'cli', 'conductor', 'api', 'mcp']);

/** Who asked for something: a person's name as git or the system knows it, and the face they used. */
export const actorSchema = z.object({
  name: z.string(),
  face: faceSchema,
  host: z.string().optional(),
  pid: z.number().int().optional(),
});

export type Actor = z.infer<typeof actorSchema>;
