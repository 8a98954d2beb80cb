import { OrchestraError, exitCode } from '../domain/errors.ts';
import { replay, type Replay, type ReplaySettings } from '../domain/replay.ts';
import type { MeasureSettings } from '../domain/measure-settings.ts';
import type { Settings, Thresholds } from '../domain/settings.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';
import { triggersOf } from '../strategies/plan.ts';
import { planMeasures } from '../strategies/plan-measures.ts';
import { environmentNamed } from './environments.ts';

export interface ReplayPorts {
  journals: Journals;
  memory: Memory;
  readSettings: () => Promise<{ settings: Settings }>;
  /** What a file says to judge with. Throws code `bad-config` (78). */
  readThresholds: (
    file: string,
  ) => Promise<{ thresholds: Thresholds; metrics?: MeasureSettings[] | undefined }>;
}

/**
 * A finished deployment judged again: with what `orchestra.yaml` says of its environment now, or with a file. Throws
 * `unknown-deployment` (2), `not-finished` (2) while it runs, and what is wrong with the settings (78).
 */
export async function replayDeployment(
  ports: ReplayPorts,
  id: string,
  file: string | undefined,
): Promise<Replay> {
  const events = await ports.journals.read(id);
  const [first] = events;
  if (first?.type !== 'deployment.requested' || !events.some((e) => e.type === 'deployment.finished')) {
    throw new OrchestraError('not-finished', `${id} has not ended yet`, {
      exit: exitCode.usage,
      hint: 'wait for its end; `orchestrate status --monitor` follows it',
    });
  }
  return replay(events, await settingsFor(ports, first.environment, file));
}

async function settingsFor(
  ports: ReplayPorts,
  environment: string,
  file: string | undefined,
): Promise<ReplaySettings> {
  const preferred = (await ports.memory.preferences()).user_preferences.auto_rollback_threshold;
  if (file !== undefined) {
    const { thresholds, metrics } = await ports.readThresholds(file);
    return { triggers: triggersOf(thresholds, preferred), measures: metrics && planMeasures(metrics) };
  }
  const { target } = environmentNamed((await ports.readSettings()).settings, environment);
  return { triggers: triggersOf(target.thresholds, preferred), measures: planMeasures(target.metrics) };
}
