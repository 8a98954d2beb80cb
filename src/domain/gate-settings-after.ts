import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { gateSetting, writtenDurationSetting, writtenSizeSetting } from './gate-setting.ts';

const percent = z.number().min(0).max(100);

/** A command of the database gate may take so long at most, in milliseconds: users are on the candidate meanwhile. */
const mostMs = 60_000;

/** `gates` that are looked at with all traffic on the candidate, before it counts as stable (REQUIREMENTS G3). */
export const gatesAfterSettings = {
  smoke: gateSetting('blocking', 'The smoke tests passed with all traffic on the candidate.', {}).prefault(
    {},
  ),
  error_rate: gateSetting('blocking', 'So few of the candidate’s requests failed in its last phase.', {
    maximum: percent
      .default(0.1)
      .describe(
        'Percent of requests that may fail. Over it a candidate fails only where that is more than chance: see docs/gates.md.',
      ),
  }).prefault({}),
  latency: gateSetting('blocking', 'The candidate’s p95 in its last phase is short enough for anybody.', {
    p95: writtenDurationSetting
      .default('500ms')
      .describe('95 of 100 answers have to be there within this time, whatever stable’s take.'),
  }).prefault({}),
  version: gateSetting('blocking', 'Everywhere the expected version is the one that answers.', {}).prefault(
    {},
  ),
  log_errors: gateSetting(
    'warning',
    'The candidate’s log shows no kind of error that stable’s does not.',
    {},
  ).prefault({}),
  database: gateSetting('blocking', 'The database can be reached while the candidate has all traffic.', {
    requires: z
      .string()
      .max(200)
      .optional()
      .describe(
        'Which of the services’ `requires` is the database. Without it: those with `database`, `db`, `postgres`, `mysql`, `mariadb`, `mongo` or `sql` in their name.',
      ),
    run: z
      .string()
      .min(1)
      .max(10_000)
      .optional()
      .describe('Instead: a command that has to end with exit code 0.'),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
      .max(50)
      .default([])
      .describe('`run`: names of variables that it gets from the environment `orchestrate` was started in.'),
    timeout: writtenDurationSetting
      .refine((text) => (parseDuration(text) ?? 0) <= mostMs, 'at most 1m')
      .default('10s')
      .describe('`run`: after this long it has failed.'),
  }).prefault({}),
  resources: gateSetting('warning', 'The candidate takes no more of the machine than it may.', {
    memory: writtenSizeSetting
      .optional()
      .describe(
        'Memory that its processes may hold together, such as `512MB`. Without it: `thresholds.memory_limit`.',
      ),
    memory_increase: z
      .number()
      .positive()
      .default(100)
      .describe(
        'Percent more memory than stable at its most during the rollout, where no limit is named; less than 64 MB more is no harm.',
      ),
    cpu: z
      .number()
      .positive()
      .optional()
      .describe(
        'Percent of one processor that a copy may take, over a second. Without it that is only shown.',
      ),
    open_files: percent
      .default(80)
      .describe('Percent of the files that the machine lets one of its processes open.'),
  }).prefault({}),
  business_metrics: gateSetting(
    'blocking',
    'The environment’s `metrics` that decide have passed.',
    {},
  ).prefault({}),
};
