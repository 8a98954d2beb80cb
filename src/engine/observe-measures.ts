import type { MeasurePlan, MeasureReading } from '../domain/measure.ts';
import type { Version } from '../domain/event.ts';
import { versionOf, type Rollout } from './rollout.ts';

/** Looks at a baseline until one is there, and the time between two, in milliseconds. */
const baselineLooks = 3;
const baselineWaitMs = 1000;

/** Looks at every measure of the plan again and again, each at its interval, until it is aborted. */
export async function observeMeasures(rollout: Rollout, index: number): Promise<void> {
  const phase = rollout.deployment.phases[index];
  if (phase?.judged !== true) return;
  await Promise.all(
    (rollout.deployment.plan.measures ?? []).map(async (measure) => {
      const { ports, signal, post } = rollout;
      // A short phase has its measures read by its end.
      let wait = measure.initialDelayMs ?? Math.min(measure.intervalMs, phase.bakeMs);
      for (;;) {
        await ports.clock.sleep(wait, signal);
        const reading = await look(rollout, measure);
        signal.throwIfAborted();
        post({ kind: 'measure', phase: index, reading });
        wait = measure.intervalMs;
      }
    }),
  );
}

/** Reads what measures are to be compared with, before the candidate has any traffic; a conductor that came later does not. */
export async function readBaselines(rollout: Rollout, index: number): Promise<void> {
  const { ports, deployment: d, signal, post } = rollout;
  if (index !== 0 || d.phases[index]?.judged !== true || d.weight.actual > 0) return;
  const wanted = (d.plan.measures ?? []).filter(({ compare }) => compare === 'baseline');
  await Promise.all(
    wanted.map(async (measure) => {
      if (d.measures.some(({ name, baseline }) => name === measure.name && baseline?.kind === 'value'))
        return;
      for (let looks = 1; ; looks += 1) {
        const at = ports.clock.now().toISOString();
        const stable = await readSide(rollout, measure, 'stable', d.stable ?? versionOf(d.candidate));
        if (stable.kind === 'value' || looks === baselineLooks) {
          post({
            kind: 'measure',
            phase: index,
            reading: { measure: measure.name, at, baseline: true, stable },
          });
          return;
        }
        await ports.clock.sleep(baselineWaitMs, signal);
      }
    }),
  );
}

async function look(rollout: Rollout, measure: MeasurePlan): Promise<MeasureReading> {
  const { ports, deployment: d } = rollout;
  const at = ports.clock.now().toISOString();
  const beside = measure.compare === 'candidate-vs-stable' ? d.stable : null;
  const [candidate, stable] = await Promise.all([
    readSide(rollout, measure, 'candidate', versionOf(d.candidate)),
    beside ? readSide(rollout, measure, 'stable', beside) : undefined,
  ]);
  return { measure: measure.name, at, candidate, ...(stable ? { stable } : {}) };
}

function readSide(
  { ports, deployment: d, signal }: Rollout,
  measure: MeasurePlan,
  side: 'candidate' | 'stable',
  version: Version,
) {
  return ports.measures.read(
    measure,
    {
      deployment: d.id,
      environment: d.environment,
      service: d.plan.service.name,
      side,
      version,
      windowMs: measure.windowMs,
    },
    signal,
  );
}
