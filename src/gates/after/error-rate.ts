import { beyondShare } from '../../domain/exact-test.ts';
import { lastPhaseCounts } from '../../domain/last-phase.ts';
import { errorsOf } from '../../domain/sample.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout } from './rolled-out.ts';
import { chanceWords, percent } from './share-words.ts';

/**
 * So few of the candidate's requests failed in its last phase, 0.1 % by default (REQUIREMENTS G3). Over that it fails only where an
 * exact test says that it is more than chance; one client's repeated failures are one observation, where a router tells clients
 * apart. What is over and may be chance is neither passed nor failed.
 */
export const errorRate = afterRollout(
  { id: 'error_rate', title: 'hardly any request fails' },
  ({ deployment, settings }) => {
    const { maximum } = settings.error_rate;
    const counts = lastPhaseCounts(deployment);
    const requests = counts?.requests ?? 0;
    const minimum = deployment.plan.triggers.minimumSample;
    if (!counts || requests < minimum)
      return skipped(
        `${requests} requests reached the candidate in its last phase, ${minimum} are needed to judge it`,
      );
    const errors = errorsOf(counts);
    const said = `${errors} of ${requests} requests failed in the last phase (${percent(errors, requests)}), ${maximum} % may`;
    const raw = beyondShare(errors, requests, maximum / 100);
    if (raw.kind === 'kept') return passed(said);
    const clients = Math.min(errors, counts.failedClients ?? errors);
    const found = beyondShare(clients, requests, maximum / 100);
    const whose = clients < errors ? `, of ${clients} clients` : '';
    if (found.kind === 'over')
      return failed(
        `${said}${whose}`,
        'see which routes fail in the candidate’s log; what may fail is gates.error_rate.maximum',
      );
    return skipped(
      found.kind === 'chance'
        ? `${said}${whose}; ${chanceWords(found.p)}`
        : `${said}; all of them were ${clients === 1 ? 'one client’s' : `${clients} clients’`}`,
    );
  },
);
