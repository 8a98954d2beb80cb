import type { Plan, SuitePlan } from '../domain/plan.ts';
import type { EnvironmentSettings, Settings } from '../domain/settings.ts';
import { qualitySuite } from '../domain/testing-verdict.ts';

/** How long the quality command may take, in milliseconds: as long as a suite that says nothing. */
const qualityMs = 600_000;

/** The suites, and the environment's own quality command as one more: it takes the place of a suite of that name. */
export function planSuites(
  { suites }: Pick<Settings, 'suites'>,
  { gates: { quality } }: Pick<EnvironmentSettings, 'gates'>,
): Plan['suites'] {
  const own = quality.severity === 'off' ? undefined : quality.run;
  return [
    ...suites.filter(({ name }) => own === undefined || name !== qualitySuite).map(planned),
    ...(own === undefined
      ? []
      : [{ name: qualitySuite, kind: 'unit' as const, run: own, timeoutMs: qualityMs }]),
  ];
}

function planned({ name, kind, run, timeout, report }: Settings['suites'][number]): SuitePlan {
  return {
    name,
    kind,
    run,
    timeoutMs: timeout,
    ...(report !== undefined && { report: typeof report === 'string' ? { path: report } : report }),
  };
}
