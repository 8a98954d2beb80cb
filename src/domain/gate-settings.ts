import { z } from 'zod';
import { gateSetting } from './gate-setting.ts';
import { gatesAfterSettings } from './gate-settings-after.ts';
import { signOffSettings } from './sign-off-settings.ts';
import { gatesProofSettings } from './gate-settings-proof.ts';

/** A gate that knows no limits of its own. */
const gate = (usual: Parameters<typeof gateSetting>[0], what: string) =>
  gateSetting(usual, what, {}).prefault({});

/**
 * `gates` of an environment: what must hold before, during and after a deployment. They are frozen into plans as they were
 * parsed, so what is parsed has to be a value that parses to itself.
 */
export const gatesSettingsSchema = z.strictObject({
  tests: gateSetting('blocking', 'Every suite passed on this very candidate.', {
    override: z
      .boolean()
      .default(false)
      .describe(
        'Whether a person may let failed tests pass where this environment counts as production; without it they always stop a deployment there, whatever the severity.',
      ),
  }).prefault({}),
  artifact: gateSetting(
    'blocking',
    'The artifact is there, its bytes are the ones that were built, and its signature verifies.',
    {
      signature: z
        .enum(['optional', 'required'])
        .default('optional')
        .describe('Whether an artifact without a signature that verifies is refused.'),
      signers: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Whose signatures count here: principals of the allowed signers. Without any: all of them.',
        ),
    },
  ).prefault({}),
  'test-requirement': gate(
    'blocking',
    'What is asked of the tests since a deployment failed for lack of them is there: tests with what changes in the same place, or a kind of suite, whose absence is only told.',
  ),
  quality: gateSetting('blocking', 'The code is as good as the project wants it.', {
    run: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The project’s own linter or type checker: runs in a clean checkout of the candidate as the suites do, for ten minutes at most; exit code 0 means passed. Without it: the suite named `quality`, where there is one.',
      ),
  }).prefault({}),
  migrations: gate(
    'blocking',
    'Migrations of the candidate have a command that runs them, come after those that ran, and have a person’s word where they take data away.',
  ),
  variables: gate('blocking', 'Every `${NAME}` that the deployment needs has a value here.'),
  environment: gate(
    'blocking',
    'Router and platform can be used, the ports are free or ours, and what serves is healthy.',
  ),
  'other-deployment': gate('blocking', 'No other deployment is in progress here.'),
  staging: gate('blocking', 'This very candidate went through the environment that comes before.'),
  sign_offs: signOffSettings,
  window: gate('blocking', 'A deployment window is open; an emergency is not held up by it.'),
  freeze: gate('blocking', 'No change freeze is in force; an emergency is not held up by it.'),
  approval: gate('blocking', 'Whoever may approve it has done so, or can still be asked.'),
  'rollback-plan': gate('blocking', 'How to go back is written down before anything starts.'),
  ...gatesProofSettings,
  ...gatesAfterSettings,
});
export type GatesSettings = z.infer<typeof gatesSettingsSchema>;
export type GateId = keyof GatesSettings;
