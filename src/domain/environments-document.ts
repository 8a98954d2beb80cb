import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import { versionSchema } from './event.ts';
import { candidatePlaces } from './places.ts';

export const environmentsName = 'orchestra/environments@1';

/** What runs in one environment, and where. */
export const runsWhereSchema = z.object({
  version: versionSchema,
  /** When the deployment that brought it ended. */
  since: z.iso.datetime(),
  deployment: z.string(),
  /** Whether that deployment saw it run healthy, with all traffic, in every place. */
  verified: z.boolean(),
  places: z.array(
    z.object({
      service: z.string(),
      region: z.string().optional(),
      host: z.string(),
      port: z.number().int(),
    }),
  ),
});
export type RunsWhere = z.infer<typeof runsWhereSchema>;

/** `environments.json`: what runs where; derived from the history, and made again from it. */
export const environmentsSchema = z.object({
  schema: z.literal(environmentsName),
  environments: z.record(z.string(), runsWhereSchema),
});
export type EnvironmentsDocument = z.infer<typeof environmentsSchema>;

/** What runs in a deployment's environment since it ended; undefined where it changed nothing. */
export function runsSince(d: Deployment): RunsWhere | undefined {
  if (d.status.kind !== 'finished' || d.status.outcome !== 'succeeded') return undefined;
  if (d.candidate.kind !== 'promoted') return undefined;
  return {
    version: d.candidate.version,
    since: d.status.at,
    deployment: d.id,
    verified: d.verified,
    places: candidatePlaces(d.plan).map(({ service, region, host, port }) => ({
      service: service.name,
      ...(region === undefined ? {} : { region }),
      host,
      port,
    })),
  };
}
