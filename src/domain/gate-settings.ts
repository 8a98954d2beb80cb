import { z } from 'zod';
import { gateSetting } from './gate-setting.ts';
import { gatesAfterSettings } from './gate-settings-after.ts';

/** A gate that knows no limits of its own. */
const gate = (usual: Parameters<typeof gateSetting>[0], what: string) =>
  gateSetting(usual, what, {}).prefault({});

/** `gates` of an environment: what must hold before, during and after a deployment. */
export const gatesSettingsSchema = z.strictObject({
  tests: gate('blocking', 'Every suite passed on this very candidate.'),
  'test-requirement': gate(
    'blocking',
    'What is asked of the tests since a deployment failed for lack of them is there: tests with what changes in the same place, or a kind of suite.',
  ),
  'rollback-plan': gate('blocking', 'How to go back is written down before anything starts.'),
  ...gatesAfterSettings,
});
export type GatesSettings = z.infer<typeof gatesSettingsSchema>;
export type GateId = keyof GatesSettings;
