import { significance } from '../../domain/exact-test.ts';

/** A share in percent, short. */
export function percent(events: number, of: number): string {
  const share = of === 0 ? 0 : (100 * events) / of;
  return `${share >= 10 ? Math.round(share) : Number(share.toPrecision(2))} %`;
}

/** Why a count over its limit does not decide: chance brings as many so often. */
export function chanceWords(p: number): string {
  return `chance brings as many in ${percent(p, 1)} of cases, more than the ${percent(significance, 1)} that decide`;
}
