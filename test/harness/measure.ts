import type { MeasurePlan } from '../../src/domain/measure.ts';
import type { MeasureContext } from '../../src/domain/placeholders.ts';

/** A measure of a command, compared with nothing but an upper limit of 10. */
export function measure(change: Partial<MeasurePlan> = {}): MeasurePlan {
  return {
    name: 'orders',
    source: { kind: 'command', run: ['true'], env: [] },
    compare: 'threshold',
    max: 10,
    windowMs: 60_000,
    intervalMs: 1000,
    forMs: 5000,
    timeoutMs: 5000,
    maxAgeMs: 60_000,
    errorLimit: 3,
    business: false,
    dryRun: false,
    ...change,
  };
}

/** On whose behalf a measure is read. */
export function measureContext(change: Partial<MeasureContext> = {}): MeasureContext {
  return {
    deployment: '20260302_100000',
    environment: 'production',
    service: 'shop',
    side: 'candidate',
    version: { sha: 'b'.repeat(40), name: 'v2' },
    windowMs: 60_000,
    ...change,
  };
}
