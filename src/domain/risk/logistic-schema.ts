import { z } from 'zod';
import { sound, type LogisticState } from './online-logistic.ts';

/** A stored regression of `inputs` coefficients; numbers that cannot be meant are capped, other shapes refused. */
export function logisticSchema(inputs: number): z.ZodType<LogisticState> {
  return z
    .object({
      mean: z.array(z.number()).length(inputs),
      covariance: z.array(z.number()).length((inputs * (inputs + 1)) / 2),
      n: z.number().min(0),
    })
    .transform(sound);
}
