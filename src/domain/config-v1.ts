import { z } from 'zod';
import type { JsonObject } from './json-object.ts';

const number = z.number().int().optional();

/** `config.json` of version 1: `failed` counted what was blocked and what was halted as well. */
export const configV1Schema = z.looseObject({
  schema: z.literal('orchestra/config@1'),
  user_preferences: z
    .looseObject({
      max_features_per_deployment: z.number().int().positive().optional(),
      require_staging: z.boolean().optional(),
      auto_rollback_threshold: z.number().min(0).max(100).optional(),
    })
    .optional(),
  statistics: z
    .looseObject({ deployments: number, succeeded: number, rolled_back: number, failed: number })
    .optional(),
});
export type ConfigV1 = z.infer<typeof configV1Schema>;

/** Names that version 2 gave a meaning; a person's own keys of that name stand one `v1_` further down. */
const taken = /^(?:v1_)*(?:blocked|halted)$/;

function renamed(object: JsonObject, name: (key: string) => string | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const as = name(key);
      return as === undefined ? [] : [[as, value]];
    }),
  );
}

/** A document of version 1 as one of version 2: what was blocked or halted is not known apart yet. Pure; every key stays. */
export function configUp(v1: ConfigV1): JsonObject {
  const { statistics } = v1;
  const kept = statistics && renamed(statistics, (key) => (taken.test(key) ? `v1_${key}` : key));
  return {
    ...v1,
    schema: 'orchestra/config@2',
    ...(kept && { statistics: { ...kept, blocked: 0, halted: 0 } }),
  };
}

/** A document of version 2, as this program writes it; what else it has is a person's. */
export const configV2Schema = z.looseObject({
  schema: z.literal('orchestra/config@2'),
  statistics: z.looseObject({ failed: number, blocked: number, halted: number }).optional(),
});
type ConfigV2 = z.infer<typeof configV2Schema>;

/** The way back: what was blocked or halted had failed. Gives the document that `configUp` was given. Pure. */
export function configDown(v2: ConfigV2): JsonObject {
  const { statistics } = v2;
  if (!statistics) return { ...v2, schema: 'orchestra/config@1' };
  const more = (statistics.blocked ?? 0) + (statistics.halted ?? 0);
  const kept = renamed(statistics, (key) => {
    if (!taken.test(key)) return key;
    return key.startsWith('v1_') ? key.slice('v1_'.length) : undefined;
  });
  const failed = more === 0 ? {} : { failed: (statistics.failed ?? 0) + more };
  return { ...v2, schema: 'orchestra/config@1', statistics: { ...kept, ...failed } };
}
