import { z } from 'zod';

/** What a gate that failed does; `off` is not looked at at all. */
const severity = z.enum(['blocking', 'warning', 'off']);

const gate = (usual: z.infer<typeof severity>, what: string) =>
  z
    .strictObject({ severity: severity.default(usual).describe('What it does when it failed.') })
    .prefault({})
    .describe(what);

/** `gates` of an environment: what must hold before, during and after a deployment. */
export const gatesSettingsSchema = z.strictObject({
  tests: gate('blocking', 'Every suite passed on this very candidate.'),
  'test-requirement': gate(
    'blocking',
    'What is asked of the tests since a deployment failed for lack of them is there: tests with what changes in the same place, or a kind of suite.',
  ),
  'rollback-plan': gate('blocking', 'How to go back is written down before anything starts.'),
});
export type GatesSettings = z.infer<typeof gatesSettingsSchema>;
export type GateId = keyof GatesSettings;
