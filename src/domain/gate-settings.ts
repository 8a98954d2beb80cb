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
  artifact: z
    .strictObject({
      severity: severity.default('blocking').describe('What it does when it failed.'),
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
    })
    .prefault({})
    .describe('The artifact is there, its bytes are the ones that were built, and its signature verifies.'),
  'rollback-plan': gate('blocking', 'How to go back is written down before anything starts.'),
});
export type GatesSettings = z.infer<typeof gatesSettingsSchema>;
export type GateId = keyof GatesSettings;
