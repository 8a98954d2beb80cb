import { z } from 'zod';
import { duration } from './duration-setting.ts';
import { parseJsonPath } from './json-path.ts';
import { argvProblem, queryProblem, urlProblem } from './placeholders.ts';

const jsonPath = z
  .string()
  .max(500)
  .refine((text) => parseJsonPath(text) !== undefined, 'a path such as $.data.value or $.rows[0].rate');

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

const share = z.number().positive().max(1_000_000);

const plain = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/)
    .describe('Its name; no other measure of the environment has it.'),
  source: z
    .enum(['prometheus', 'http', 'command'])
    .describe('Who is asked: a Prometheus server, an address that answers in JSON, or a program.'),
  address: z
    .string()
    .max(2000)
    .optional()
    .describe('`prometheus`: where the server is, such as `http://prometheus:9090`.'),
  query: z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      '`prometheus`: a PromQL expression that gives one number. `{{sha}}`, `{{version}}`, `{{environment}}`, `{{service}}`, `{{side}}` and `{{deployment}}` stand inside quoted label values, `{{window}}` where a duration does.',
    ),
  url: z
    .string()
    .max(2000)
    .optional()
    .describe('`http`: the address that is asked; the same placeholders may stand behind its host.'),
  run: z
    .array(z.string().max(10_000))
    .min(1)
    .max(100)
    .optional()
    .describe(
      '`command`: the program and its arguments; no shell reads them. A placeholder is a whole argument, or all that follows `--name=`. The last line of its output is the reading: a number, or JSON.',
    ),
  env: z
    .array(variableName)
    .max(50)
    .default([])
    .describe(
      '`command`: names of variables that it gets from the environment `orchestrate` was started in, beside `ORCHESTRA_…` and the few that every program needs.',
    ),
  token_env: variableName
    .optional()
    .describe('`prometheus` and `http`: the variable that holds the bearer token to send. Never shown.'),
  json_path: jsonPath
    .optional()
    .describe(
      '`http` and `command`: where the number stands in the answer. `$.value` where it is an object.',
    ),
  time_path: jsonPath
    .optional()
    .describe(
      '`http` and `command`: where the moment of the reading stands, as seconds or milliseconds since 1970 or ISO 8601. Without it: the moment it was read (a command: `$.at`, where there is one).',
    ),
  compare: z
    .enum(['threshold', 'baseline', 'candidate-vs-stable'])
    .default('threshold')
    .describe(
      'With what: nothing but `min` and `max`; its own reading before the candidate got traffic; or stable’s at the same time.',
    ),
  min: z.number().nonnegative().optional().describe('The candidate’s number may not be lower.'),
  max: z.number().nonnegative().optional().describe('The candidate’s number may not be higher.'),
  max_drop: share
    .max(100)
    .optional()
    .describe(
      'Percent by which it may be lower than what it is compared with. Without any limit: 10 for a `business` measure.',
    ),
  max_increase: share.optional().describe('Percent by which it may be higher than what it is compared with.'),
  window: duration.prefault('1m').describe('What `{{window}}` stands for: how far back a query looks.'),
  interval: duration.prefault('30s').describe('Time between two readings.'),
  initial_delay: duration
    .optional()
    .describe(
      'How long after a phase’s traffic is in place the first reading is taken. Without it: one interval, or the phase’s time where that is shorter.',
    ),
  for: duration
    .prefault('5m')
    .describe('How long a breach must last, reading by reading, before it rolls back.'),
  timeout: duration.prefault('10s').describe('How long one reading may take before it counts as an error.'),
  max_age: duration
    .prefault('1m')
    .describe(
      'A reading whose own time is older than this counts as no data; one from the future as an error.',
    ),
  error_limit: z
    .number()
    .int()
    .positive()
    .default(5)
    .describe('So many errors in a row pause the deployment. An error never passes.'),
  inconclusive_limit: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'So many readings without data in a row pause the deployment. Without it: the phase is watched longer first, as with too few requests.',
    ),
  business: z
    .boolean()
    .default(false)
    .describe('A business measure: its first breach pauses at once, and rolls back when it lasts.'),
  dry_run: z
    .boolean()
    .default(false)
    .describe('Read, shown and kept, but decides nothing: to try a measure before trusting it.'),
});

const sourceKeys = {
  prometheus: ['address', 'query', 'token_env'],
  http: ['url', 'json_path', 'time_path', 'token_env'],
  command: ['run', 'env', 'json_path', 'time_path'],
} as const;

type Written = z.infer<typeof plain>;
type Key = keyof Written;
const ownKeys: readonly Key[] = [
  'address',
  'query',
  'url',
  'run',
  'env',
  'json_path',
  'time_path',
  'token_env',
];

/** What is wrong with a measure as a whole: the key, and what was expected of it. */
function problemsOf(m: Written): [Key, string][] {
  const problems: [Key, string | undefined][] = [];
  const given = (key: Key) => (key === 'env' ? m.env.length > 0 : m[key] !== undefined);
  const known: readonly Key[] = sourceKeys[m.source];
  for (const key of ownKeys)
    if (given(key) && !known.includes(key)) problems.push([key, `nothing here for the source ${m.source}`]);
  switch (m.source) {
    case 'prometheus':
      problems.push(
        ['address', m.address === undefined ? 'the address of the server' : urlProblem(m.address)],
        ['query', m.query === undefined ? 'a PromQL expression' : queryProblem(m.query)],
      );
      if (m.address?.includes('{{') === true) problems.push(['address', 'an address without placeholders']);
      break;
    case 'http':
      problems.push(['url', m.url === undefined ? 'the address to ask' : urlProblem(m.url)]);
      break;
    case 'command':
      problems.push(['run', m.run === undefined ? 'a program and its arguments' : argvProblem(m.run)]);
      if (m.run?.[0] === '') problems.push(['run', 'a program']);
      break;
    default:
      m.source satisfies never;
  }
  const relative = m.max_drop !== undefined || m.max_increase !== undefined;
  if (m.compare === 'threshold' && relative)
    problems.push(['compare', '`baseline` or `candidate-vs-stable`, for max_drop and max_increase']);
  if (m.compare !== 'threshold' && !relative && !m.business)
    problems.push(['max_drop', 'max_drop or max_increase, to compare with']);
  if (m.compare === 'threshold' && m.min === undefined && m.max === undefined)
    problems.push(['max', 'min or max']);
  if (m.min !== undefined && m.max !== undefined && m.min > m.max)
    problems.push(['min', 'a number that is not above max']);
  if (m.interval < 1000) problems.push(['interval', '1s or more']);
  if (m.timeout < 100 || m.timeout > 300_000) problems.push(['timeout', '100ms to 5m']);
  return problems.flatMap(([key, problem]) => (problem === undefined ? [] : [[key, problem]]));
}

/** A measure of an environment as a person writes it; strict, and refused as a whole where its parts do not fit. */
export const measureSettingsSchema = plain.superRefine((measure, context) => {
  for (const [key, message] of problemsOf(measure))
    context.addIssue({ code: 'custom', path: [key], message });
});
export type MeasureSettings = z.infer<typeof measureSettingsSchema>;
