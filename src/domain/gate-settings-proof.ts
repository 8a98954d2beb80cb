import { z } from 'zod';
import { findingSeveritySchema } from './finding.ts';
import { gateSetting } from './gate-setting.ts';

const percent = z.number().min(0).max(100);

const from = (usual: z.infer<typeof findingSeveritySchema>) =>
  findingSeveritySchema.default(usual).describe('How grave what is found must be to fail it.');

/** The settings of the gates that look at what suites and scanners found on the candidate. */
export const gatesProofSettings = {
  coverage: gateSetting('blocking', 'The tests come through enough of the lines.', {
    minimum: percent
      .optional()
      .describe('Percent of all lines that the tests must come through. Without it they are only told.'),
    changed_minimum: percent.optional().describe('The same of the lines that the candidate changes.'),
  }).prefault({}),
  performance: gateSetting('blocking', 'The candidate is as fast as what was deployed before.', {
    tolerance: z
      .number()
      .min(0)
      .max(1000)
      .default(10)
      .describe('Percent by which a measurement may be worse than the baseline.'),
    baselines: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(5)
      .describe('How many of the last succeeded deployments the baseline is made of, as their median.'),
  }).prefault({}),
  secrets: gateSetting('blocking', 'No line that the candidate adds holds a secret.', {
    ignore: z
      .array(z.string().min(1).max(300))
      .max(100)
      .default([])
      .describe('Paths, and folders that end with `/`, in which what looks like a secret is none.'),
  }).prefault({}),
  security: gateSetting('blocking', 'The security suites found nothing grave.', {
    from: from('high'),
  }).prefault({}),
  dependencies: gateSetting(
    'warning',
    'The project’s own package manager knows of no grave weakness in its dependencies.',
    { from: from('high') },
  ).prefault({}),
};
