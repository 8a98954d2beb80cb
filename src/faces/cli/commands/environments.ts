import { exitCode } from '../../../domain/errors.ts';
import { environmentNamed } from '../../../engine/environments.ts';
import type { EnvironmentReport } from '../../../engine/orchestrator.ts';
import type { Context } from '../context.ts';
import { showApart, showEnvironment, showInList } from '../show-environment.ts';

/** `env list`: every environment with what serves, its lock, and what is not as it should be. */
export async function listEnvironments({ orchestrator, output }: Context): Promise<number> {
  const reports = await orchestrator.reportEnvironments();
  output.data({ schema: 'orchestra/environment-list@1', environments: reports.map(flat) });
  output.text(reports.flatMap(showInList));
  return exitCode.done;
}

/** `env show [NAME]`: one environment, with how the next deployment to it would go. Of variables only the names. */
export async function showOne(context: Context, name: string | undefined): Promise<number> {
  const { output } = context;
  const report = await reportOf(context, name);
  output.data({ schema: 'orchestra/environment@1', ...flat(report) });
  output.text(showEnvironment(report));
  return exitCode.done;
}

/**
 * `env check [NAME]`: whether router, processes, record and lock agree, of one environment or of all; exit 1 where something is
 * not as it should be, or could not be looked at.
 */
export async function checkEnvironments(
  { orchestrator, output }: Context,
  name: string | undefined,
): Promise<number> {
  if (name !== undefined) environmentNamed(await orchestrator.settings(), name);
  const all = await orchestrator.reportEnvironments({ quick: true });
  const checks = all
    .filter(({ state }) => name === undefined || state.name === name)
    .flatMap((report) => checksOf(report));
  output.data({ schema: 'orchestra/environment-check@1', checks });
  output.text(
    checks.map(
      ({ environment, status, detail }) => `${status === 'passed' ? '✔' : '✖'} ${environment}: ${detail}`,
    ),
  );
  return checks.some(({ status }) => status === 'failed') ? exitCode.failed : exitCode.done;
}

/** `env compare A B`: what each of the two has that the other has not. */
export async function compareEnvironments(
  { orchestrator, output }: Context,
  a: string,
  b: string,
): Promise<number> {
  const apart = await orchestrator.compareEnvironments(a, b);
  output.data({ schema: 'orchestra/environment-comparison@1', ...apart });
  output.text(showApart(apart));
  return exitCode.done;
}

async function reportOf({ orchestrator }: Context, name: string | undefined): Promise<EnvironmentReport> {
  const environment = environmentNamed(await orchestrator.settings(), name).name;
  const report = (await orchestrator.reportEnvironments()).find(({ state }) => state.name === environment);
  if (!report) throw new TypeError(`${environment} is in the settings and was not reported`);
  return report;
}

/** The report as one object: what serves is what an environment is first of all. */
function flat({ state, ...rest }: EnvironmentReport) {
  return { ...state, ...rest };
}

interface Check {
  environment: string;
  id: string;
  status: 'passed' | 'failed';
  detail: string;
}

function checksOf({ state, lock, drift, problems }: EnvironmentReport): Check[] {
  const check = (id: string, status: Check['status'], detail: string): Check => ({
    environment: state.name,
    id,
    status,
    detail,
  });
  const bad = drift.filter(({ tone }) => tone !== 'info');
  return [
    ...bad.map(({ about, text }) => check(about, 'failed', text)),
    ...problems.map((problem) => check('look', 'failed', problem)),
    ...(bad.length + problems.length === 0
      ? [
          check(
            'serves',
            'passed',
            state.deployed ? `serves ${state.deployed.name} at ${state.url}` : 'nothing is deployed here yet',
          ),
        ]
      : []),
    ...(lock.kind === 'held' && lock.pid === undefined
      ? [
          check(
            'lock',
            'failed',
            `locked by ${lock.owner} since ${lock.since}, and the process behind it is gone`,
          ),
        ]
      : []),
    ...(lock.kind === 'unreadable' ? [check('lock', 'failed', lock.problem)] : []),
  ];
}
