import { failed, passed, skipped, warning, type Finding } from '../../domain/check.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { placeSettingsOf } from '../../domain/place-settings.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Journals } from '../../ports/journal.ts';
import type { Machine } from '../../ports/machine.ts';
import type { EnvironmentReport } from '../environment-report.ts';
import { deployedRef } from '../deployed.ts';
import { reportEnvironments, type ReportPorts } from '../report-environments.ts';
import type { Check } from './doctor.ts';

export interface EnvironmentCheckPorts extends Omit<ReportPorts, 'compare'> {
  machine: Machine;
  journals: Journals;
  readSettings: () => Promise<{ settings: Settings; hash: string }>;
  active: () => Promise<Deployment[]>;
}

/** Whether what is recorded of every environment is what really serves. */
export function environmentChecks(ports: EnvironmentCheckPorts): Check[] {
  return [
    { id: 'environments.deployed', title: 'Deployed revisions', run: () => deployed(ports) },
    { id: 'environments.serving', title: 'Environments', run: () => serving(ports) },
  ];
}

async function deployed({ git }: EnvironmentCheckPorts): Promise<Finding[]> {
  const root = deployedRef('');
  // Reading the refs alone would not notice that the commit behind one is gone.
  const listed = (await git.text(['for-each-ref', '--format=%(refname)', root])).split('\n').filter(Boolean);
  if (listed.length === 0) return [skipped('nothing is deployed yet')];
  return Promise.all(
    listed.map(async (ref) => {
      const name = ref.slice(root.length);
      const sha = await git.tryResolve(ref).catch(() => undefined);
      return sha === undefined
        ? failed(
            `${ref} names a commit that is not in the repository`,
            `Fetch it, or deploy a revision that is here: \`orchestrate deploy ${name} --version REF\`.`,
          )
        : passed(`${name} runs ${sha.slice(0, 12)}`);
    }),
  );
}

async function serving(ports: EnvironmentCheckPorts): Promise<Finding[]> {
  const read = await ports.readSettings().catch(() => undefined);
  if (!read) return [skipped('orchestra.yaml has to be read first')];
  const { settings, hash } = read;
  const compare = () => Promise.reject(new TypeError('nothing is compared'));
  const reports = await reportEnvironments(
    { ...ports, compare },
    { settings, hash, active: await ports.active(), compared: false },
  );
  const findings = await Promise.all(reports.map((report) => environment(ports, settings, report)));
  return findings.flat();
}

async function environment(
  { machine }: EnvironmentCheckPorts,
  settings: Settings,
  report: EnvironmentReport,
): Promise<Finding[]> {
  const { state, drift, problems } = report;
  const { name, deployed: version, serving: serves } = state;
  const found: Finding[] = [
    ...problems.map((problem) =>
      failed(`${name}: ${problem}`, `\`orchestrate env check ${name}\` looks again.`),
    ),
    ...drift.flatMap(({ tone, text }) =>
      tone === 'info'
        ? []
        : [
            tone === 'bad'
              ? failed(`${name}: ${text}`, again(name, version?.sha))
              : warning(`${name}: ${text}`, `\`orchestrate env show ${name}\` tells more.`),
          ],
    ),
  ];
  if (version && !serves && drift.every(({ tone }) => tone !== 'bad') && state.active === undefined)
    found.push(failed(`${name} does not serve`, again(name, version.sha)));
  const target = settings.environments[name];
  if (!version && target)
    for (const { host, port, service } of placeSettingsOf(settings, target))
      if (port !== undefined && state.active === undefined && (await machine.listens(host, port)))
        found.push(
          failed(
            `${name}: port ${port} for ${service} is taken by another program`,
            `End that program, or name another port: \`ss -ltnp | grep :${port}\`.`,
          ),
        );
  if (found.length > 0) return found;
  return [version ? passed(`${name} serves ${version.name}`) : skipped(`${name} was never deployed`)];
}

function again(name: string, sha: string | undefined): string {
  return sha === undefined
    ? `\`orchestrate env show ${name}\` tells more.`
    : `\`orchestrate deploy ${name} --version ${sha.slice(0, 12)}\` starts it again.`;
}
