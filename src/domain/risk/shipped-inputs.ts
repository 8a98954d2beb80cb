import type { ShippedFeature } from '../event.ts';
import { logitOf } from './online-logistic.ts';
import { kindInputs } from './outcome-inputs.ts';
import { usualSuccess } from './outcome-model.ts';

/**
 * A shipped feature as the outcome model sees it: as it was judged; where its journal is of before inputs were kept, from
 * what it is and the probability that was shown.
 */
export function inputsOfShipped(
  feature: Pick<ShippedFeature, 'type' | 'additions' | 'deletions' | 'flags' | 'risk'>,
): Readonly<Record<string, number | undefined>> {
  return (
    feature.risk.inputs ?? {
      expected: logitOf(feature.risk.probability) - logitOf(usualSuccess),
      ...kindInputs(feature),
    }
  );
}
