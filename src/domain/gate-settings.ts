import { z } from 'zod';
import { gateSetting } from './gate-setting.ts';
import { gatesAfterSettings } from './gate-settings-after.ts';

/** `gates` of an environment: what must hold before, during and after a deployment. */
export const gatesSettingsSchema = z.strictObject({
  tests: gateSetting('blocking', 'Every suite passed on this very candidate.', {}).prefault({}),
  'rollback-plan': gateSetting(
    'blocking',
    'How to go back is written down before anything starts.',
    {},
  ).prefault({}),
  ...gatesAfterSettings,
});
export type GatesSettings = z.infer<typeof gatesSettingsSchema>;
export type GateId = keyof GatesSettings;
