import { z } from 'zod';
import { cohortSchema } from '../../../src/domain/cohort.ts';
import { versionSchema } from '../../../src/domain/event.ts';
import { sideRoutesSchema } from '../../../src/domain/failing-routes.ts';
import { countsSchema } from '../../../src/domain/sample.ts';

const sha = z.string().min(1).max(200);
const rolloutId = z.string().min(1).max(200);
const fence = z.number().int().nonnegative();
const port = z.number().int().min(1).max(65_535);

const address = { host: z.string().regex(/^[A-Za-z0-9.:_-]{1,255}$/), port };

const routeSchema = z.strictObject({
  version: versionSchema,
  ...address,
  others: z.array(z.strictObject(address)).max(63).readonly().optional(),
});

export const changeSchema = z.strictObject({
  stable: routeSchema.nullable(),
  candidate: routeSchema.nullable(),
  weight: z.number().min(0).max(100),
  cohort: cohortSchema.optional(),
  rollout: rolloutId.nullable(),
  fence,
});

export const heartbeatSchema = z.strictObject({ rollout: rolloutId, fence });

export const drainSchema = z.strictObject({
  sha,
  timeoutMs: z.number().int().nonnegative().max(3_600_000),
  copy: z.strictObject(address).optional(),
});

const switchedSchema = z.strictObject({ rollout: z.string(), at: z.iso.datetime() });

/** What a proxy must still know after it was killed; one file, replaced whole. */
export const tableSchema = z.strictObject({
  stable: routeSchema.nullable(),
  candidate: routeSchema.nullable(),
  weight: z.number().min(0).max(100),
  cohort: cohortSchema.optional(),
  rollout: z.string().nullable(),
  switched: switchedSchema.nullable(),
  fence,
});
export type Table = z.infer<typeof tableSchema>;

/** What the control API says of the proxy: the routes, and the address users reach. */
export const reportSchema = z.object({
  listen: z.object({ host: z.string(), port }),
  state: z.object({
    stable: routeSchema.nullable(),
    candidate: routeSchema.nullable(),
    weight: z.number(),
    cohort: cohortSchema.optional(),
    rollout: z.object({ id: z.string(), lastHeard: z.iso.datetime() }).nullable(),
    switched: switchedSchema.nullable(),
    fence,
  }),
});
export type Report = z.infer<typeof reportSchema>;

export const drainedSchema = z.object({ left: z.number().int().nonnegative() });
export const metricsSchema = z.object({ versions: z.record(z.string(), countsSchema) });
export const failingRoutesSchema = z.object({ versions: z.record(z.string(), sideRoutesSchema) });
export const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** How to find a running proxy and be let in: `<stateDir>/env/<env>/proxy.json`, readable by its owner alone. */
export const proxyRecordSchema = z.object({
  pid: z.number().int().positive(),
  /** The kernel's start time of that pid, so that a recycled pid is never taken for the proxy. */
  startTime: z.string(),
  controlPort: port,
  token: z.string().regex(/^[0-9a-f]{64}$/),
  host: z.string(),
  port,
});
export type ProxyRecord = z.infer<typeof proxyRecordSchema>;

/** What a proxy tells whoever started it, once, over the start channel. */
export const startMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type StartMessage = z.infer<typeof startMessageSchema>;
