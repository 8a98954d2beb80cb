import type { MeasurePlan, MeasureReading, SideReading } from './measure.ts';
import type { Verdict } from './verdict.ts';

/** A number for people: four digits that count, no trailing zeros. */
function number(value: number): string {
  return value >= 10_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(4)));
}

/** With what the candidate's number is compared, and how a sentence calls it. */
function reference(
  plan: MeasurePlan,
  reading: MeasureReading,
  baseline: SideReading | undefined,
): { name: string; side: SideReading } | undefined {
  const none: SideReading = { kind: 'no-data', reason: 'there is none' };
  switch (plan.compare) {
    case 'threshold':
      return undefined;
    case 'baseline':
      return { name: 'its baseline', side: baseline ?? none };
    case 'candidate-vs-stable':
      return { name: 'stable’s', side: reading.stable ?? none };
    default:
      return plan.compare satisfies never;
  }
}

/**
 * What one look at a measure means (REQUIREMENTS G4, T3). Passed only with every number there and every limit kept; a number
 * that is missing, or zero where a share of it is asked for, is inconclusive; one that could not be had is an error. Pure.
 */
export function judgeReading(
  plan: MeasurePlan,
  reading: MeasureReading,
  baseline: SideReading | undefined,
): Verdict {
  const candidate: SideReading = reading.candidate ?? { kind: 'no-data', reason: 'it was not asked' };
  const against = reference(plan, reading, baseline);
  const data: Verdict['data'] = {
    candidate: valueOf(candidate),
    ...(against ? { [plan.compare === 'baseline' ? 'baseline' : 'stable']: valueOf(against.side) } : {}),
  };
  const said = (kind: Verdict['kind'], reason: string): Verdict => ({
    kind,
    rule: `measure:${plan.name}`,
    reason: `${plan.name}: ${reason}`,
    data,
  });
  if (candidate.kind === 'error') return said('error', candidate.reason);
  if (candidate.kind === 'no-data') return said('inconclusive', `no data: ${candidate.reason}`);
  const { value } = candidate;
  if (plan.max !== undefined && value > plan.max)
    return said('failed', `${number(value)} is over ${number(plan.max)}`);
  if (plan.min !== undefined && value < plan.min)
    return said('failed', `${number(value)} is under ${number(plan.min)}`);
  if (!against) return said('passed', `${number(value)} is within its bounds`);
  if (against.side.kind === 'error') return said('error', `${against.name}: ${against.side.reason}`);
  if (against.side.kind === 'no-data')
    return said('inconclusive', `no data for ${against.name}: ${against.side.reason}`);
  return compared(plan, value, against.side.value, against.name, said, data);
}

function compared(
  plan: MeasurePlan,
  value: number,
  from: number,
  name: string,
  said: (kind: Verdict['kind'], reason: string) => Verdict,
  data: Verdict['data'],
): Verdict {
  if (from === 0) {
    // No share of nothing can be lost; anything at all is more than any share of it.
    if (plan.maxDrop !== undefined)
      return said('inconclusive', `${name} is 0, so that a drop cannot be told`);
    return value > 0
      ? said('failed', `${number(value)} against ${name} of 0`)
      : said('passed', `0, as ${name}`);
  }
  // 110 against 100 is 10 % up, though not in binary fractions.
  const change = Math.round(1e8 * (value / from - 1)) / 1e6;
  data['change'] = change;
  const words = `${number(value)} against ${name} ${number(from)}, ${change < 0 ? '−' : '+'}${number(Math.abs(change))} %`;
  if (plan.maxDrop !== undefined && -change > plan.maxDrop)
    return said('failed', `${words}, more than ${plan.maxDrop} % down`);
  if (plan.maxIncrease !== undefined && change > plan.maxIncrease)
    return said('failed', `${words}, more than ${plan.maxIncrease} % up`);
  return said('passed', words);
}

function valueOf(side: SideReading): number | null {
  return side.kind === 'value' ? side.value : null;
}
