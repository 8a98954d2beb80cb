import type { Deployment } from '../../domain/deployment.ts';
import { stateOf } from '../../domain/measure-state.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout } from './rolled-out.ts';

/** The environment's own measures, as they stood when the last phase ended (REQUIREMENTS G3). A dry run decides nothing here either. */
export const businessMetrics = afterRollout(
  { id: 'business_metrics', title: 'the measures are good' },
  ({ deployment }) => {
    const deciding = (deployment.plan.measures ?? []).filter(({ dryRun }) => !dryRun);
    if (deciding.length === 0) return skipped('the environment names no metrics that decide');
    const stands = deciding.map(({ name }) => ({
      name,
      verdict: stateOf(deployment.measures, name).last?.verdict,
    }));
    const broken = stands.filter(({ verdict }) => verdict?.kind === 'failed');
    const reasons = (of: typeof stands) =>
      of.map(({ name, verdict }) => verdict?.reason ?? `${name}: it was not read`).join('; ');
    const word = personsWord(deployment);
    // Whoever went on although a measure failed has decided that already.
    if (broken.length > 0 && word !== undefined) return skipped(`${word}: ${reasons(broken)}`);
    if (broken.length > 0)
      return failed(
        reasons(broken),
        'see docs/metrics.md for what a measure may ask; a candidate that loses business is better taken back',
      );
    const open = stands.filter(({ verdict }) => verdict?.kind !== 'passed');
    return open.length > 0 ? skipped(reasons(open)) : passed(reasons(stands));
  },
);

/** That a person ended the last phase, in words; undefined where its numbers did. */
function personsWord({ phases }: Deployment): string | undefined {
  const verdict = phases.at(-1)?.decision?.verdict;
  return verdict?.rule === 'person' ? verdict.reason : undefined;
}
