import { counted } from '../../domain/counted.ts';
import { compareMeasurement, type Compared } from '../../domain/performance.ts';
import type { SuitePlan } from '../../domain/plan.ts';
import { fewestSamples } from '../../domain/rank-sum.ts';
import type { Measurement } from '../../domain/suite-result.ts';
import { failed, type Gate, type GateContext, passed, skipped } from '../gate.ts';

/** So many past deployments are looked through for a baseline, at the most. */
const mostRead = 50;

const number = (value: number) => Number(value.toPrecision(4)).toString();

function words({ name, unit, value, baseline, worse, tested }: Compared): string {
  const how = worse >= 0 ? `${number(worse)} % worse` : `${number(-worse)} % better`;
  return `${name} ${number(value)}${unit === undefined ? '' : ` ${unit}`}, before ${number(baseline)}: ${how}${tested ? '' : ', by the limit alone'}`;
}

/** What the same suite measured in the last deployments to the environment that succeeded. */
async function baselineOf(
  { subject, ports, settings, signal }: GateContext,
  suite: SuitePlan,
): Promise<Measurement[][]> {
  const rows = (await ports.memory.history()).filter(
    ({ environment, kind, outcome }) =>
      environment === subject.environment && kind === 'deploy' && outcome === 'succeeded',
  );
  const found: Measurement[][] = [];
  for (const { id } of rows.slice(0, mostRead)) {
    signal?.throwIfAborted();
    if (found.length >= settings.performance.baselines) break;
    const record = await ports.memory.record(id);
    // Another command under the same name measures something else.
    const same = record?.plan.suites.some(({ name, run }) => name === suite.name && run === suite.run);
    const state = same ? record?.suites.find((one) => one.suite === suite.name) : undefined;
    if (state?.measurements) found.push(state.measurements);
  }
  return found;
}

/** The performance suites measured nothing that is worse than before by more than the limit and by more than noise (REQUIREMENTS G1). */
export const performance: Gate = {
  id: 'performance',
  title: 'as fast as before',
  when: 'before',
  async look(context) {
    const { plan, deployment } = context.subject;
    const { tolerance } = context.settings.performance;
    if (plan.suitesSkipped !== undefined) return skipped(plan.suitesSkipped);
    const wanted = plan.suites.filter(({ measurements }) => measurements !== undefined);
    if (wanted.length === 0)
      return skipped('no suite says where it writes its measurements: `measurements` of a suite');
    if (!deployment || deployment.suites.length === 0)
      return skipped('the suites run on the candidate once it is built');
    const compared: Compared[] = [];
    const without: string[] = [];
    let baselines = 0;
    for (const suite of wanted) {
      const state = deployment.suites.find((one) => one.suite === suite.name);
      if (!state?.measurements)
        return failed(
          `${suite.name} left no measurements${state?.problems?.[0] === undefined ? '' : `: ${state.problems[0]}`}`,
          'let it write them where `measurements` says',
        );
      const earlier = await baselineOf(context, suite);
      baselines = Math.max(baselines, earlier.length);
      for (const one of state.measurements) {
        const found = compareMeasurement(one, earlier.flat(), tolerance);
        if (found) compared.push(found);
        else without.push(one.name);
      }
    }
    if (compared.length === 0)
      return skipped('nothing to compare with: no succeeded deployment here measured the same');
    const against = `against ${counted(baselines, 'succeeded deployment')}, ${tolerance} % may be lost`;
    const worse = compared.filter(({ kind }) => kind === 'worse');
    if (worse.length > 0)
      return failed(
        `${worse.map(words).join('; ')}; ${against}`,
        'find what became slower in the candidate; the limit is `gates.performance.tolerance`',
      );
    const noise = compared.filter(({ kind }) => kind === 'noise');
    const largest = compared.toSorted((a, b) => b.worse - a.worse)[0];
    return passed(
      [
        ...(noise.length > 0
          ? noise.map((one) => `${words(one)}, which noise explains`)
          : [`${counted(compared.length, 'measurement')}, most changed: ${largest ? words(largest) : ''}`]),
        ...(compared.some(({ tested }) => !tested)
          ? [`readings are tested for noise from ${fewestSamples} on each side on`]
          : []),
        ...(without.length > 0 ? [`new, compared with nothing: ${without.slice(0, 3).join(', ')}`] : []),
        against,
      ].join('; '),
    );
  },
};
