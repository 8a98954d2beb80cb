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
  window: gate('blocking', 'A deployment window is open; an emergency is not held up by it.'),
  freeze: gate('blocking', 'No change freeze is in force; an emergency is not held up by it.'),
  approval: gate('blocking', 'Whoever may approve it has done so, or can still be asked.'),
  'rollback-plan': gate('blocking', 'How to go back is written down before anything starts.'),
});
export type GatesSettings = z.infer<typeof gatesSettingsSchema>;
export type GateId = keyof GatesSettings;
