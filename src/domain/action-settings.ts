import { z } from 'zod';
import { duration } from './duration-setting.ts';
import { parseJsonPath } from './json-path.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/** A shell command line the user wrote themselves. */
const commandLine = z.string().min(1).max(10_000);

const env = z
  .array(variableName)
  .max(50)
  .default([])
  .describe(
    '`run`: names of variables that it gets from the environment `orchestrate` was started in, beside `ORCHESTRA_…` and the few that every program needs. Their values are cut out of what is kept of its output.',
  );

/** RFC 9110 tokens; anything else cannot be a header's name. */
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
const headers = z.record(headerName, z.string().max(2000));

/** Longer than anything that is asked while users wait. */
const mostMs = 3_600_000;
const limited = (ms: number) => ms >= 100 && ms <= mostMs;

/** Of several ways to ask, exactly one is named. */
function oneOf(keys: readonly string[]) {
  return (value: object, context: z.RefinementCtx) => {
    const named = keys.filter(
      (key) => key in value && Object.getOwnPropertyDescriptor(value, key)?.value !== undefined,
    );
    if (named.length !== 1)
      context.addIssue({ code: 'custom', path: [], message: `exactly one of ${keys.join(', ')}` });
  };
}

/** Something that a service cannot do without (REQUIREMENTS G2). */
export const requirementSettingsSchema = z
  .strictObject({
    name: name.describe('Its name; nothing else that the service requires has it.'),
    tcp: z
      .string()
      .max(500)
      .optional()
      .describe(
        '`host:port` that has to take connections; `${NAME}` is filled in from the service’s variables.',
      ),
    http: z
      .string()
      .max(2000)
      .optional()
      .describe('An address that has to answer 2xx; `${NAME}` is filled in.'),
    run: commandLine.optional().describe('A command that has to end with exit code 0.'),
    env,
    timeout: duration.prefault('5s').refine(limited, '100ms to 1h').describe('How long one try may take.'),
    tolerate: z
      .number()
      .int()
      .min(0)
      .max(100)
      .default(2)
      .describe('So many failures in a row are tolerated: it is asked again, and the next one counts.'),
    interval: duration.prefault('1s').describe('Time between two tries.'),
    on_failure: z
      .enum(['abort', 'pause', 'ignore'])
      .default('abort')
      .describe(
        '`abort` ends the deployment, or restores stable where it has begun; `pause` asks a person: retry, promote or abort; `ignore` only records it.',
      ),
  })
  .superRefine(oneOf(['tcp', 'http', 'run']));
export type RequirementSettings = z.infer<typeof requirementSettingsSchema>;

/** A smoke test of an environment (REQUIREMENTS G3). */
export const smokeSettingsSchema = z
  .strictObject({
    name: name.describe('Its name; no other smoke test of the environment has it.'),
    service: z
      .string()
      .optional()
      .describe(
        'Which service is asked, where there are several: in each of its regions. Without it: the last one to start, which the others are there for.',
      ),
    path: z.string().startsWith('/').max(2000).optional().describe('The path that is asked for.'),
    method: z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      .default('GET')
      .describe('`path`: how it is asked. It is asked twice in a deployment: choose what may be repeated.'),
    headers: headers
      .default({})
      .describe(
        '`path`: headers of the request; `${NAME}` is filled in from the environment and never shown.',
      ),
    body: z.string().max(100_000).optional().describe('`path`: the body of the request.'),
    status: z
      .number()
      .int()
      .min(100)
      .max(599)
      .optional()
      .describe('`path`: the expected status. Without it: any 2xx.'),
    header: headers
      .default({})
      .describe('`path`: text that the answer’s header of that name has to contain, in any case.'),
    contains: z.string().max(10_000).optional().describe('`path`: text that the answer has to contain.'),
    json: z
      .record(
        z.string().refine((text) => parseJsonPath(text) !== undefined, 'a path such as $.status'),
        z.union([z.string(), z.number(), z.boolean(), z.null()]),
      )
      .default({})
      .describe('`path`: JSON paths of the answer, and the value that has to stand there.'),
    run: commandLine
      .optional()
      .describe(
        'Instead of `path`: a command that has to end with exit code 0; `$ORCHESTRA_URL` is where to ask.',
      ),
    env,
    timeout: duration
      .prefault('10s')
      .refine(limited, '100ms to 1h')
      .describe('The whole answer, or the end of the command, must be there by then.'),
  })
  .superRefine(oneOf(['path', 'run']));
export type SmokeSettings = z.infer<typeof smokeSettingsSchema>;

const hookFields = {
  run: commandLine.describe(
    'Runs in the repository’s work tree, told by `ORCHESTRA_…` variables what happens; after a crash it may run again.',
  ),
  env,
  timeout: duration
    .prefault('1m')
    .refine(limited, '100ms to 1h')
    .describe('After this long it has failed, and all it started is ended.'),
};

/** A hook that may stop a deployment, by default or not. */
function stopping(fallback: 'abort' | 'ignore') {
  return z
    .array(
      z.strictObject({
        ...hookFields,
        on_failure: z
          .enum(['abort', 'pause', 'ignore'])
          .default(fallback)
          .describe(
            'What a failure means: the deployment ends or goes back, a person is asked, or it is recorded.',
          ),
      }),
    )
    .max(20)
    .default([]);
}

/** When these run everything is decided: there is nothing left to stop. */
const telling = z.array(z.strictObject(hookFields)).max(20).default([]);

/** Commands around a deployment. */
export const hooksSettingsSchema = z.strictObject({
  before_deploy: stopping('abort').describe('Before anything in production starts.'),
  before_phase: stopping('abort').describe('Before a phase moves traffic, each phase.'),
  after_phase: stopping('ignore').describe('After a phase has passed, each phase.'),
  after_promotion: telling.describe('Once the candidate is stable; a failure is recorded.'),
  after_rollback: telling.describe('Once stable is restored; a failure is recorded.'),
});
export type HooksSettings = z.infer<typeof hooksSettingsSchema>;
