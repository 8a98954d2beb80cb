import type { MeasurePlan, MeasureSourcePlan } from '../domain/measure.ts';
import type { MeasureSettings } from '../domain/measure-settings.ts';
import type { Plan } from '../domain/plan.ts';

/** REQUIREMENTS G4: a business metric more than this many percent down. */
const businessDrop = 10;

/** An environment's measures, frozen. Pure. */
export function planMeasures(settings: readonly MeasureSettings[]): MeasurePlan[] {
  return settings.map((m) => ({
    name: m.name,
    source: sourceOf(m),
    compare: m.compare,
    ...defined({ min: m.min, max: m.max, maxDrop: dropOf(m), maxIncrease: m.max_increase }),
    windowMs: m.window,
    intervalMs: m.interval,
    ...defined({ initialDelayMs: m.initial_delay, inconclusiveLimit: m.inconclusive_limit }),
    forMs: m.for,
    timeoutMs: m.timeout,
    maxAgeMs: m.max_age,
    errorLimit: m.error_limit,
    business: m.business,
    dryRun: m.dry_run,
  }));
}

/** The fields that have a value: JSON knows no undefined. */
function defined<T extends string>(fields: Record<T, number | undefined>): Partial<Record<T, number>> {
  const given: Partial<Record<T, number>> = {};
  for (const key in fields) if (fields[key] !== undefined) given[key] = fields[key];
  return given;
}

function dropOf({ max_drop: drop, max_increase: increase, business, compare }: MeasureSettings) {
  const unlimited = drop === undefined && increase === undefined;
  return unlimited && business && compare !== 'threshold' ? businessDrop : drop;
}

/** Throws `TypeError` for settings that were not checked. */
function sourceOf(m: MeasureSettings): MeasureSourcePlan {
  const paths = {
    ...(m.json_path === undefined ? {} : { jsonPath: m.json_path }),
    ...(m.time_path === undefined ? {} : { timePath: m.time_path }),
  };
  const token = m.token_env === undefined ? {} : { tokenEnv: m.token_env };
  if (m.source === 'prometheus' && m.address !== undefined && m.query !== undefined)
    return { kind: 'prometheus', address: m.address, query: m.query, ...token };
  if (m.source === 'http' && m.url !== undefined) return { kind: 'http', url: m.url, ...paths, ...token };
  const [program, ...rest] = m.run ?? [];
  if (m.source === 'command' && program !== undefined)
    return { kind: 'command', run: [program, ...rest], env: m.env, ...paths };
  throw new TypeError(`${m.name} names nobody to ask`);
}

/** In which ways the measures of `after` let more through than those of `before`, in words. */
export function loosenedMeasures(before: Plan, after: Plan): string[] {
  return (before.measures ?? [])
    .filter((was) => !was.dryRun)
    .flatMap((was) => {
      const is = after.measures?.find((measure) => measure.name === was.name);
      if (!is) return [`the measure ${was.name} is gone`];
      if (is.dryRun) return [`the measure ${was.name} decides nothing any more`];
      const looser = (a: number | undefined, b: number | undefined) =>
        a !== undefined && (b === undefined || b > a);
      return [
        ...(looser(was.max, is.max) ? [`the measure ${was.name} may rise higher`] : []),
        ...(looser(is.min, was.min) || (was.min !== undefined && is.min === undefined)
          ? [`the measure ${was.name} may fall lower`]
          : []),
        ...(looser(was.maxDrop, is.maxDrop) ? [`the measure ${was.name} may drop further`] : []),
        ...(looser(was.maxIncrease, is.maxIncrease) ? [`the measure ${was.name} may increase further`] : []),
        ...(is.forMs > was.forMs ? [`a breach of ${was.name} may last longer`] : []),
        ...(was.business && !is.business ? [`a breach of ${was.name} no longer pauses at once`] : []),
        ...(JSON.stringify(is.source) === JSON.stringify(was.source)
          ? []
          : [`the measure ${was.name} asks something else`]),
      ];
    });
}
