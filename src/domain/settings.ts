import { z } from 'zod';
import { hooksSettingsSchema, requirementSettingsSchema, smokeSettingsSchema } from './action-settings.ts';
import { abSettingsSchema } from './ab-settings.ts';
import { duration } from './duration-setting.ts';
import { size } from './size-setting.ts';
import { flagSettingsSchema } from './flag-settings.ts';
import { gatesSettingsSchema } from './gate-settings.ts';
import { measureSettingsSchema } from './measure-settings.ts';
import { verificationSettingsSchema } from './verification-settings.ts';
import { reportFormatSchema, reportPathSchema } from './report-format.ts';

const percent = z.number().min(0).max(100);

/** A shell command line the user wrote themselves; the only strings that ever reach a shell. */
const commandLine = z.string().min(1);

const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

const instances = z.number().int().min(1).max(64);
function differentNames(all: readonly { name: string }[]): boolean {
  return new Set(all.map(({ name }) => name)).size === all.length;
}

export const healthSettingsSchema = z.strictObject({
  path: z
    .string()
    .startsWith('/')
    .default('/')
    .describe('The path that answers 2xx once the service can take requests.'),
  version_path: z
    .string()
    .startsWith('/')
    .optional()
    .describe(
      'A path whose answer names the version that runs: the commit in `ORCHESTRA_VERSION` (seven characters or more) or the version’s name. Asked when a version has started, and through the router before it is promoted; another answer takes it back. Without it nothing is asked.',
    ),
  interval: duration
    .prefault('500ms')
    .refine((ms) => ms >= 10, '10ms or more')
    .describe('Time between two questions while a version starts.'),
  timeout: duration.prefault('60s').describe('How long a start may take until the first healthy answer.'),
});

export const serviceSettingsSchema = z.strictObject({
  install: commandLine
    .optional()
    .describe(
      'Installs the dependencies. The result is kept and copied for versions with the same lockfiles.',
    ),
  build: commandLine.optional().describe('Builds the version, with the variables it will run with.'),
  depends_on: z
    .array(z.string())
    .default([])
    .describe(
      'Services that start before this one. It is told where they are: `API_URL`, `API_HOST` and `API_PORT` for a service `api`. Their router answers there, so during a rollout it reaches stable and candidate by weight.',
    ),
  start: commandLine.describe(
    'Starts the service in the foreground, listening on the port that `port_env` names.',
  ),
  migrate: commandLine
    .optional()
    .describe(
      'Runs before a new version starts, while the one before still serves: it may only add, never take away. A roll-back does not undo it.',
    ),
  migrate_down: commandLine
    .optional()
    .describe(
      'Takes back what `migrate` of the same version did. Run in that version’s checkout once a roll-back serves the version before it and this one is stopped; never for a migration that took data away.',
    ),
  port_env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('PORT')
    .describe('The variable that tells the service which port to listen on.'),
  health: healthSettingsSchema.prefault({}).describe('How to see that the service is healthy.'),
  variables: variables
    .default({})
    .describe(
      'Variables of the service, everywhere. `${NAME}` is filled in from the environment that `orchestrate` was started in.',
    ),
  instances: instances
    .default(1)
    .describe(
      'How many copies of a version run side by side, each on its own port; requests are spread over them.',
    ),
  requires: z
    .array(requirementSettingsSchema)
    .max(50)
    .refine(differentNames, 'names that are all different')
    .default([])
    .describe('What the service cannot do without; asked before a deployment and before each of its phases.'),
  stop_timeout: duration
    .prefault('10s')
    .describe('How long a stopped version may take to end after SIGTERM, before SIGKILL.'),
});
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;

/** A path alone, or with its format where the file itself does not give that away. */
const reportSettingsSchema = z.union([
  reportPathSchema,
  z.strictObject({
    path: reportPathSchema.describe('The path or pattern.'),
    format: reportFormatSchema
      .optional()
      .describe('What it is written in. Without it: told by how the file begins.'),
  }),
]);
const suiteName = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/);

/** A file below the work tree that a suite writes; never one outside it. */
const writtenPath = z
  .string()
  .min(1)
  .max(300)
  .refine(
    (path) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..'),
    'a path inside the checkout',
  );

export const suiteSettingsSchema = z.strictObject({
  name: suiteName.describe('Its name; no other suite has it.'),
  kind: z
    .enum(['unit', 'integration', 'smoke', 'performance', 'security'])
    .default('unit')
    .describe('What sort of proof it is, for the reports.'),
  run: commandLine.describe('Runs in a clean checkout of the candidate; exit code 0 means passed.'),
  timeout: duration.prefault('10m').describe('After this long it has failed, and all it started is ended.'),
  report: reportSettingsSchema
    .optional()
    .describe(
      'Where it writes what its tests did: a path below the checkout, or a pattern with `*` and `**`. Without it: where Maven, Gradle and the options of known runners say, else TAP, go’s JSON or cargo’s lines among what it prints, else the exit code alone; see docs/suites.md.',
    ),
  needs: z
    .array(suiteName)
    .max(50)
    .default([])
    .describe(
      'Suites that must have passed before this one begins. Suites linked by `needs` run one after another in the same checkout, so that one can use what another built; all others run side by side, each in a checkout of its own.',
    ),
  retries: z
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe(
      'How often it runs again on the same candidate where it did not pass. One that passes only so is told as flaky everywhere, and every run stays in the record.',
    ),
  coverage: writtenPath
    .optional()
    .describe('The coverage it writes, lcov or Cobertura XML; read for the gate `coverage`.'),
  measurements: writtenPath
    .optional()
    .describe(
      'What a performance suite measured: JSON as in docs/suites.md, a k6 summary, or the JSON of autocannon or hyperfine; read for the gate `performance`.',
    ),
  findings: writtenPath
    .optional()
    .describe('What a security suite found, SARIF; read for the gate `security`.'),
});

export type SuiteSettings = z.infer<typeof suiteSettingsSchema>;

/** The triggers of REQUIREMENTS G4; rates in percent, windows in milliseconds. */
export const thresholdsSchema = z.strictObject({
  minimum_sample: z
    .number()
    .int()
    .positive()
    .default(50)
    .describe('Requests that must have reached the candidate before any of its rates is judged.'),
  auto_rollback_threshold: percent
    .optional()
    .describe(
      'Percent of failed requests that rolls back at once. Without it: the preference of the same name, 5 by default.',
    ),
  error_rate: percent
    .default(1)
    .describe('Percent of failed requests that rolls back when it lasts for `error_window`.'),
  error_window: duration.prefault('5m').describe('How long `error_rate` must be exceeded.'),
  latency_increase: z
    .number()
    .positive()
    .default(50)
    .describe(
      'Percent by which the candidate’s p95 may exceed stable’s at the same time. The first breach pauses.',
    ),
  latency_window: duration
    .prefault('5m')
    .describe('How long `latency_increase` must be exceeded before it rolls back.'),
  latency_tolerance: duration
    .prefault('20ms')
    .describe('A rise of p95 smaller than this is no harm, whatever its percentage.'),
  unhealthy: percent
    .default(30)
    .describe('Percent of failed health probes that rolls back when it lasts for `unhealthy_window`.'),
  unhealthy_window: duration.prefault('3m').describe('How long `unhealthy` must be exceeded.'),
  memory_limit: size
    .optional()
    .describe(
      'Memory that the candidate’s processes may hold together, such as `512MB`; over it in three readings in a row it is rolled back. Without it memory is shown and decides nothing.',
    ),
  false_rollback_budget: z
    .number()
    .min(0)
    .max(5)
    .default(0.1)
    .describe(
      'Percent of healthy candidates that may be taken back by mistake when candidate and stable are compared side by side at every look, over all looks together. The smaller, the more evidence is asked for. 0 turns the comparison off.',
    ),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

export const canarySettingsSchema = z.strictObject({
  steps: z
    .array(z.number().positive().max(100))
    .min(1)
    .refine(
      (s) => s.at(-1) === 100 && s.every((w, i) => i === 0 || w > (s[i - 1] ?? 0)),
      'weights that rise and end with 100',
    )
    .default([5, 25, 50, 100])
    .describe('The candidate’s share of the requests, percent: rising, the last 100.'),
  duration: duration.prefault('5m').describe('How long each step is watched.'),
});

export const blueGreenSettingsSchema = z.strictObject({
  bake: duration
    .prefault('5m')
    .describe('How long all traffic is watched on the new version before it counts as stable.'),
});

/** A number of copies, or a share of all of them. */
const copies = z.union([z.number().int().min(0).max(64), z.string().regex(/^(?:100|[1-9]?[0-9])%$/)]);
const noCopies = new Set<string | number>([0, '0%']);

export const rollingSettingsSchema = z
  .strictObject({
    max_unavailable: copies
      .default('25%')
      .describe(
        'How many copies fewer than all may serve meanwhile: a number, or a percentage of all, rounded down. One always serves.',
      ),
    max_surge: copies
      .default('25%')
      .describe(
        'How many copies more than all may run meanwhile: a number, or a percentage of all, rounded up. Together with `max_unavailable`: the copies of a batch.',
      ),
    bake: duration.prefault('1m').describe('How long each batch is watched before the next.'),
  })
  .refine(
    (s) => !(noCopies.has(s.max_unavailable) && noCopies.has(s.max_surge)),
    'max_unavailable or max_surge above 0: with both 0 no copy could ever be replaced',
  );
export type RollingSettings = z.infer<typeof rollingSettingsSchema>;

export const recreateSettingsSchema = z.strictObject({
  bake: duration
    .prefault('1m')
    .describe('How long the new version is watched with all traffic before it counts as stable.'),
});

export const strategyNameSchema = z.enum([
  'canary',
  'blue-green',
  'rolling',
  'recreate',
  'ab',
  'feature-flag',
]);

/** The routers there are; `providers/routers/registry.ts` has one line for each. */
export const routerNameSchema = z.enum(['embedded', 'haproxy', 'nginx']);
export type RouterName = z.infer<typeof routerNameSchema>;

const portNumber = z.number().int().min(1).max(65_535);

/** Where users reach one service, and what it is told there; what is left out is the environment’s. */
export const placeSettingsSchema = z.strictObject({
  port: portNumber
    .optional()
    .describe('The port users of this service reach; a router of its own listens here.'),
  host: z.string().optional().describe('The address its router listens on. Without it: the `host` above.'),
  instances: instances
    .optional()
    .describe(
      'How many copies of a version of this service run here. Without it: the environment’s `instances`.',
    ),
  variables: variables.default({}).describe('Variables of this service here; they win over all others.'),
});

const placesByService = z
  .record(z.string(), placeSettingsSchema)
  .default({})
  .describe('Where there is more than one service: the port of each, under its name.');

export const regionSettingsSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/)
    .describe('Its name; no other region of the environment has it.'),
  host: z.string().optional().describe('The address its routers listen on. Without it: the environment’s.'),
  port: portNumber.optional().describe('The port users reach here, of the service that has none of its own.'),
  services: placesByService,
  variables: variables
    .default({})
    .describe('Variables of the services in this region; they win over the environment’s.'),
});
export type RegionSettings = z.infer<typeof regionSettingsSchema>;

export const environmentSettingsSchema = z.strictObject({
  description: z
    .string()
    .optional()
    .describe('A line for people, shown where this environment is: whose traffic it carries, who to ask.'),
  platform: z
    .enum(['local'])
    .default('local')
    .describe('Where versions run: `local` means as processes of this machine.'),
  port: portNumber
    .optional()
    .describe(
      'The port users reach; the proxy listens here. Where there is more than one service, it is the port of the one that has none under `services`.',
    ),
  host: z.string().default('127.0.0.1').describe('The address the proxy listens on.'),
  services: placesByService,
  regions: z
    .array(regionSettingsSchema)
    .max(20)
    .default([])
    .describe(
      'Regions with routers and processes of their own, rolled out one after another in this order; all are promoted, or all go back.',
    ),
  after: z
    .string()
    .optional()
    .describe(
      'The environment before this one: only what was deployed there, and not taken back, may be deployed here. Without it: `staging`, where the preference `require_staging` is set and there is such an environment.',
    ),
  router: routerNameSchema
    .default('embedded')
    .describe(
      'What splits the users’ requests between two versions: `embedded` is Orchestra’s own proxy, `haproxy` is HAProxy 2.6 or newer, `nginx` is nginx 1.20 or newer (Linux); both must be installed on this machine, and are run by Orchestra.',
    ),
  strategy: strategyNameSchema
    .optional()
    .describe(
      'How a candidate gets its traffic. Without it: canary when the deployment is HIGH RISK, else blue-green.',
    ),
  canary: canarySettingsSchema.prefault({}).describe('The steps of the strategy canary.'),
  'blue-green': blueGreenSettingsSchema.prefault({}).describe('The steps of the strategy blue-green.'),
  rolling: rollingSettingsSchema.prefault({}).describe('The batches of the strategy rolling.'),
  recreate: recreateSettingsSchema.prefault({}).describe('The strategy recreate.'),
  instances: instances
    .optional()
    .describe(
      'How many copies of a version run here, of each service. Without it: the service’s own `instances`.',
    ),
  ab: abSettingsSchema
    .prefault({})
    .describe('The cohort of the strategy ab: by a header, or drawn and kept by a cookie.'),
  'feature-flag': flagSettingsSchema
    .optional()
    .describe('The flag that the strategy feature-flag raises; without it, that strategy cannot be used.'),
  thresholds: thresholdsSchema.prefault({}).describe('What takes a candidate back by itself.'),
  metrics: z
    .array(measureSettingsSchema)
    .max(50)
    .refine(differentNames, 'metrics with names that no other has')
    .default([])
    .describe(
      'Further measures of a candidate, beside the proxy’s own numbers: from Prometheus, an HTTP answer in JSON, or a command. While one that decides has not passed, no phase ends; see docs/metrics.md.',
    ),
  measure_every: duration
    .prefault('1s')
    .refine((ms) => ms >= 10, '10ms or more')
    .describe('How often the proxy’s numbers are read and judged.'),
  pause_timeout: duration
    .prefault('30m')
    .describe('With `--no-input`: how long a pause may last before the deployment is rolled back.'),
  smoke: z
    .array(smokeSettingsSchema)
    .max(100)
    .refine(differentNames, 'names that are all different')
    .default([])
    .describe(
      'Smoke tests: asked of the candidate directly before it gets traffic, which it never does when one fails; and through the router once it has all traffic, where one that fails rolls back.',
    ),
  hooks: hooksSettingsSchema.prefault({}).describe('Commands around a deployment; see docs/actions.md.'),
  keep_old_for: duration
    .optional()
    .describe(
      'How long the version before keeps running for an instant rollback; afterwards the next `orchestrate` command, whichever it is, ends it. Without it: until the next deployment.',
    ),
  verification: verificationSettingsSchema
    .prefault({})
    .describe(
      'What Orchestra looks at by itself after all traffic is on the new version, or `off`; it takes nothing back, see docs/reports.md.',
    ),
  timeout: duration
    .prefault('24h')
    .describe('A rollout that is not over after so long, pauses included, is rolled back.'),
  gates: gatesSettingsSchema
    .prefault({})
    .describe('What must hold before, during and after a deployment here; see docs/gates.md.'),
  approval: z
    .strictObject({
      required: z
        .boolean()
        .default(false)
        .describe('Whether a person has to say yes before the candidate gets all traffic.'),
      by_another: z
        .boolean()
        .default(true)
        .describe(
          'Whether that has to be somebody else than who asked for the deployment, by the name that git knows: it keeps from mistakes, not from somebody who says another name.',
        ),
      timeout: duration.prefault('1h').describe('Without an answer for so long it is rolled back.'),
    })
    .prefault({})
    .describe('Who has to agree before all traffic: `orchestrate deploy approve`.'),
  variables: variables
    .default({})
    .describe('Variables of the service in this environment; they win over the service’s own.'),
  after_promotion: z
    .enum(['keep', 'fast-forward'])
    .default('keep')
    .describe('`fast-forward` moves `branches.production` to what was promoted, where that loses nothing.'),
});
export type EnvironmentSettings = z.infer<typeof environmentSettingsSchema>;

/** `orchestra.yaml`, parsed: strict, so a mistyped key is an error that names its nearest known neighbour. */
export const settingsSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  project: z.string().min(1).describe('The name shown on screens and in reports.'),
  branches: z
    .strictObject({
      production: z
        .string()
        .optional()
        .describe(
          'What the first deployment is compared with. Without it: the remote’s default branch, main or master.',
        ),
      development: z
        .string()
        .optional()
        .describe('Where changes wait. Without it: dev, develop, or the branch that is checked out.'),
    })
    .prefault({})
    .describe('Which branches matter.'),
  services: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), serviceSettingsSchema)
    .refine((s) => Object.keys(s).length > 0 && Object.keys(s).length <= 20, 'one to 20 services')
    .describe('What runs: one service or several, under names you choose; they are deployed together.'),
  environments: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), environmentSettingsSchema)
    .refine((e) => Object.keys(e).length > 0, 'at least one environment')
    .describe('Where it runs: at least one environment, under names you choose.'),
  suites: z
    .array(suiteSettingsSchema)
    .default([])
    .describe(
      'The tests that must pass before a candidate gets traffic. Those that do not need each other run side by side, begun in this order.',
    ),
  testing: z
    .strictObject({
      parallel: z
        .number()
        .int()
        .min(1)
        .max(32)
        .optional()
        .describe(
          'How many suites run at once. Without it: one for each processor of the machine, 4 at most.',
        ),
    })
    .prefault({})
    .describe('How the suites are run; see docs/suites.md.'),
  selection: z
    .strictObject({
      max_features_per_deployment: z
        .number()
        .int()
        .positive()
        .optional()
        .describe(
          'How many features are recommended together. Without it: the preference of the same name, 15 by default.',
        ),
      must_include: z
        .array(z.string())
        .default([])
        .describe(
          'Regular expressions (JavaScript, any case, line by line); a feature with a commit whose message matches one in its first 4000 characters must be included. One that takes more than 3 seconds on 200 messages is refused.',
        ),
    })
    .prefault({})
    .describe('What is recommended.'),
});
export type Settings = z.infer<typeof settingsSchema>;
