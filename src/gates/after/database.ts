import type { ActionPlan } from '../../domain/action.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { GatesSettings } from '../../domain/gate-settings.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout } from './rolled-out.ts';

type Check = Extract<ActionPlan, { kind: 'dependency-check' }>;

const databases = new Set([
  'database',
  'db',
  'postgres',
  'postgresql',
  'mysql',
  'mariadb',
  'mongo',
  'mongodb',
  'sql',
]);

/** What the service keeps its data in answers, now that all users are on the candidate (REQUIREMENTS G3). */
export const database = afterRollout(
  { id: 'database', title: 'the database can be reached' },
  async ({ deployment, settings, running, signal }) => {
    const { database: own } = settings;
    const checks = checksOf(deployment.plan.actions ?? [], own);
    if (checks.length === 0)
      return own.requires === undefined
        ? skipped('no `requires` of a service is named as a database, and gates.database names no command')
        : failed(
            `gates.database.requires names ${own.requires}, which no service requires`,
            'name one of the services’ `requires`, or a command with gates.database.run',
          );
    const said: string[] = [];
    for (const check of checks) {
      const outcome = await running.attempt(check);
      signal?.throwIfAborted();
      const compared =
        outcome.expected === undefined
          ? outcome.detail
          : `${outcome.detail}: expected ${outcome.expected}, got ${outcome.actual ?? 'nothing'}`;
      if (!outcome.passed)
        return failed(
          `${check.name}: ${compared}`,
          'see that the database runs and takes connections from this machine',
        );
      said.push(`${check.name}: ${compared}`);
    }
    return passed(said.join('; '));
  },
);

/** The command that was named, else the dependencies that are databases, each asked once more. */
function checksOf(actions: readonly ActionPlan[], own: GatesSettings['database']): Check[] {
  if (own.run !== undefined)
    return [
      {
        kind: 'dependency-check',
        name: 'database',
        at: ['after-rollout'],
        timeoutMs: parseDuration(own.timeout) ?? 0,
        onFailure: 'abort',
        target: { kind: 'command', run: own.run, env: own.env },
        tolerate: 0,
        intervalMs: 0,
      },
    ];
  return actions.filter((action): action is Check => {
    if (action.kind !== 'dependency-check') return false;
    // Where there are several services it is called `name of service`.
    const [name = ''] = action.name.split(' of ');
    return own.requires === undefined
      ? name.split(/[-_]/u).some((word) => databases.has(word))
      : name === own.requires;
  });
}
