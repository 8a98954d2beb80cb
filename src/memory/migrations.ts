import type { z } from 'zod';
import { configDown, configUp, configV1Schema, configV2Schema } from '../domain/config-v1.ts';
import type { JsonObject } from '../domain/json-object.ts';
import { down as progressDown, progressV1Schema, up as progressUp } from '../domain/progress-v1.ts';
import { progressSchema } from '../domain/progress.ts';

/** One step between two versions of a document, both ways. The file goes through as it was read, defaults not filled in. */
export interface Migration {
  /** The schemas' names with their versions, `orchestra/config@1`. */
  readonly older: string;
  readonly newer: string;
  /** Whether a document that names no schema is one of the older version. */
  isOlder(document: unknown): boolean;
  /** Both throw zod's error for what is no document of the version they go from. */
  up(document: unknown): JsonObject;
  down(document: unknown): JsonObject;
}

function isDocument<T>(schema: z.ZodType<T>, value: unknown): value is T {
  return schema.safeParse(value).success;
}

function migration<Older, Newer>(step: {
  older: [name: string, schema: z.ZodType<Older>];
  newer: [name: string, schema: z.ZodType<Newer>];
  up: (document: Older) => JsonObject;
  down: (document: Newer) => JsonObject;
}): Migration {
  const [older, newer] = [step.older[1], step.newer[1]];
  return {
    older: step.older[0],
    newer: step.newer[0],
    isOlder: (document) => isDocument(older, document),
    // What zod gives back has its defaults and has lost what it does not know: the way back would not lead home.
    up: (document) => step.up(isDocument(older, document) ? document : older.parse(document)),
    down: (document) => step.down(isDocument(newer, document) ? document : newer.parse(document)),
  };
}

/** Every step there is, in any order; a new version of a document is one line here. */
export const migrations: readonly Migration[] = [
  migration({
    older: ['orchestra/config@1', configV1Schema],
    newer: ['orchestra/config@2', configV2Schema],
    up: configUp,
    down: configDown,
  }),
  migration({
    older: ['orchestra/progress@1', progressV1Schema],
    newer: ['orchestra/progress@2', progressSchema],
    up: progressUp,
    down: progressDown,
  }),
];
