import { z } from 'zod';
import { parseDuration } from './duration.ts';

/** A duration in `orchestra.yaml` (`30s`, `5m`), kept as milliseconds once parsed. */
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 30s, 5m or 1h')
  .transform((text) => parseDuration(text) ?? 0);

const percent = z.number().min(0).max(100);

/** A shell command line the user wrote themselves; the only strings that ever reach a shell. */
const commandLine = z.string().min(1);

const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

const healthSettingsSchema = z.strictObject({
  /** The path that answers 2xx when the service can take requests. */
  path: z.string().startsWith('/').default('/'),
  interval: duration.prefault('500ms'),
  /** How long a start may take until the first healthy answer. */
  timeout: duration.prefault('60s'),
});

const serviceSettingsSchema = z.strictObject({
  install: commandLine.optional(),
  build: commandLine.optional(),
  start: commandLine,
  migrate: commandLine.optional(),
  /** The environment variable that tells the service which port to listen on. */
  port_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('PORT'),
  health: healthSettingsSchema.prefault({}),
  variables: variables.default({}),
  /** How long a stopped version may take to end after SIGTERM. */
  stop_timeout: duration.prefault('10s'),
});
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;

const suiteSettingsSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  kind: z.enum(['unit', 'integration', 'smoke', 'performance', 'security']).default('unit'),
  run: commandLine,
  timeout: duration.prefault('10m'),
});

/** The triggers of REQUIREMENTS G4; rates in percent, windows in milliseconds. */
const thresholdsSchema = z.strictObject({
  /** Candidate requests needed before any rate is judged. */
  minimum_sample: z.number().int().positive().default(50),
  /** Error rate that rolls back at once; else the preference `auto_rollback_threshold`, 5 by default. */
  auto_rollback_threshold: percent.optional(),
  error_rate: percent.default(1),
  error_window: duration.prefault('5m'),
  /** Rise of the candidate's p95 over stable's at the same time, percent. */
  latency_increase: z.number().positive().default(50),
  latency_window: duration.prefault('5m'),
  /** A rise of p95 smaller than this is no harm, whatever its percentage. */
  latency_tolerance: duration.prefault('20ms'),
  /** Share of failing health probes, percent. */
  unhealthy: percent.default(30),
  unhealthy_window: duration.prefault('3m'),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

const canarySettingsSchema = z.strictObject({
  /** Weights in percent, rising, the last 100. */
  steps: z
    .array(z.number().positive().max(100))
    .min(1)
    .refine(
      (s) => s.at(-1) === 100 && s.every((w, i) => i === 0 || w > (s[i - 1] ?? 0)),
      'weights that rise and end with 100',
    )
    .default([5, 25, 50, 100]),
  /** How long each step is watched. */
  duration: duration.prefault('5m'),
});

const blueGreenSettingsSchema = z.strictObject({
  /** How long all traffic is watched on the new side before the old one is given up. */
  bake: duration.prefault('5m'),
});

const strategyNameSchema = z.enum(['canary', 'blue-green']);

const environmentSettingsSchema = z.strictObject({
  /** A line for people, shown where this environment is: whose traffic it carries, who to ask. */
  description: z.string().optional(),
  platform: z.enum(['local']).default('local'),
  /** The port users reach; the proxy listens here. */
  port: z.number().int().min(1).max(65_535),
  host: z.string().default('127.0.0.1'),
  strategy: strategyNameSchema.optional(),
  canary: canarySettingsSchema.prefault({}),
  'blue-green': blueGreenSettingsSchema.prefault({}),
  thresholds: thresholdsSchema.prefault({}),
  /** How often the router's numbers are read and judged. */
  measure_every: duration.prefault('1s'),
  /** How long a pause waits for a person when nobody can be asked. */
  pause_timeout: duration.prefault('30m'),
  variables: variables.default({}),
  after_promotion: z.enum(['keep', 'fast-forward']).default('keep'),
});
export type EnvironmentSettings = z.infer<typeof environmentSettingsSchema>;

/** `orchestra.yaml`, parsed: strict, so a mistyped key is an error that names its nearest known neighbour. */
export const settingsSchema = z.strictObject({
  version: z.literal(1),
  project: z.string().min(1),
  branches: z
    .strictObject({ production: z.string().optional(), development: z.string().optional() })
    .prefault({}),
  services: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), serviceSettingsSchema)
    .refine((s) => Object.keys(s).length === 1, 'exactly one service'),
  environments: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), environmentSettingsSchema)
    .refine((e) => Object.keys(e).length > 0, 'at least one environment'),
  suites: z.array(suiteSettingsSchema).default([]),
  selection: z
    .strictObject({
      max_features_per_deployment: z.number().int().positive().optional(),
      /** Regular expressions; a commit whose message matches one is a must. */
      must_include: z.array(z.string()).default([]),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;
