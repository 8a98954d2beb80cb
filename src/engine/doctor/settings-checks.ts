import { failed, passed, skipped, warning, type Finding } from '../../domain/check.ts';
import { counted } from '../../domain/counted.ts';
import { OrchestraError } from '../../domain/errors.ts';
import { placeSettingsOf } from '../../domain/place-settings.ts';
import type { Settings } from '../../domain/settings.ts';
import { toolFor } from '../../planning/lockfiles/tools.ts';
import type { FlagService } from '../../ports/flags.ts';
import type { Git } from '../../ports/git.ts';
import type { Machine } from '../../ports/machine.ts';
import type { RouterMissing } from '../../ports/router.ts';
import { assemblePlan } from '../../strategies/plan.ts';
import type { Check } from './doctor.ts';

export interface SettingsCheckPorts {
  machine: Machine;
  git: Git;
  flags: Pick<FlagService, 'read'>;
  missingRouter: (name: string) => Promise<RouterMissing | undefined>;
  readSettings: () => Promise<{ settings: Settings; hash: string }>;
}

/** How long a flag's service may take, in milliseconds. */
const flagMs = 2000;

/** Words of a shell that are no programs, and what a line may begin with before its program. */
const shellWords = new Set([
  'exec',
  'cd',
  'set',
  'export',
  'if',
  'for',
  'while',
  'true',
  'false',
  'test',
  '[',
  '.',
  'source',
  'eval',
  'echo',
  'exit',
  'command',
  'env',
  ':',
]);

/** What orchestra.yaml asks of this machine. */
export function settingsChecks(ports: SettingsCheckPorts): Check[] {
  const read = ports.readSettings();
  // Waited for by each check on its own; that nobody may have waited yet is no crash.
  read.catch(() => undefined);
  const part = (id: string, title: string, look: (settings: Settings) => Promise<Finding[]>): Check => ({
    id,
    title,
    async run() {
      const settings = await read.then(
        (found) => found.settings,
        () => undefined,
      );
      return settings ? look(settings) : skipped('orchestra.yaml has to be read first');
    },
  });
  return [
    { id: 'settings.file', title: 'orchestra.yaml', run: async () => file(read) },
    part('settings.variables', 'Variables', (settings) => variables(ports, settings)),
    part('providers.routers', 'Routers', (settings) => routers(ports, settings)),
    part('providers.metrics', 'Metric sources', (settings) => metrics(ports, settings)),
    part('providers.flags', 'Feature flags', (settings) => flags(ports, settings)),
    part('tools.programs', 'Programs', (settings) => programs(ports, settings)),
    { id: 'tools.lockfiles', title: 'Lockfile tools', run: () => lockfiles(ports) },
  ];
}

async function file(read: ReturnType<SettingsCheckPorts['readSettings']>): Promise<Finding> {
  try {
    const { settings } = await read;
    return passed(
      `${settings.project}: ${counted(Object.keys(settings.services).length, 'service')}, ${Object.keys(settings.environments).join(', ')}`,
    );
  } catch (error) {
    if (error instanceof OrchestraError && error.code === 'no-config')
      return skipped('there is none yet: `orchestrate init` writes one');
    if (error instanceof OrchestraError) return failed(error.message, error.hint);
    throw error;
  }
}

/** Variables of the machine that values name as `${NAME}`; of each only its name is ever told. */
async function variables({ machine }: SettingsCheckPorts, settings: Settings): Promise<Finding[]> {
  const missing = new Map<string, Set<string>>();
  let count = 0;
  for (const [environment, target] of Object.entries(settings.environments))
    for (const place of placeSettingsOf(settings, target)) {
      const service = settings.services[place.service];
      for (const value of Object.values({ ...service?.variables, ...place.variables }))
        for (const [, name = ''] of value.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
          if (isGiven(name, service?.port_env, settings)) continue;
          count += 1;
          if (!machine.hasVariable(name))
            missing.set(name, (missing.get(name) ?? new Set()).add(environment));
        }
    }
  const found = [...missing].map(([name, environments]) =>
    warning(
      `${name} is not set here, and ${[...environments].join(', ')} needs it`,
      `Set ${name} where deployments are started from.`,
    ),
  );
  return found.length > 0
    ? found
    : [passed(count === 0 ? 'none is asked of the machine' : 'all that are asked of the machine are set')];
}

/** What a version is told by Orchestra itself. */
function isGiven(name: string, portName: string | undefined, { services }: Settings): boolean {
  if (name === portName || name.startsWith('ORCHESTRA_')) return true;
  const prefix = /^(.+)_(?:URL|HOST|PORT)$/.exec(name)?.[1];
  return Object.keys(services).some((service) => service.toUpperCase().replaceAll('-', '_') === prefix);
}

async function routers({ missingRouter }: SettingsCheckPorts, settings: Settings): Promise<Finding[]> {
  const names = [...new Set(Object.values(settings.environments).map(({ router }) => router))];
  return Promise.all(
    names.map(async (name) => {
      const missing = await missingRouter(name);
      return missing ? failed(missing.why, missing.hint) : passed(`${name} can run here`);
    }),
  );
}

async function metrics({ machine, git }: SettingsCheckPorts, settings: Settings): Promise<Finding[]> {
  const sources = Object.values(settings.environments).flatMap((target) => target.metrics);
  if (sources.length === 0) return [skipped('none beside the routers’ own numbers')];
  return Promise.all(
    sources.map(async ({ name, address, url, run, token_env: token }): Promise<Finding> => {
      if (token !== undefined && !machine.hasVariable(token))
        return warning(
          `${name} needs ${token}, which is not set here`,
          `Set ${token} where deployments are started from.`,
        );
      if (run) {
        const [program = ''] = run;
        return (await machine.find(program, git.root))
          ? passed(`${name} runs ${program}`)
          : failed(
              `${name} runs ${program}, which is not found`,
              `Install ${program}, or correct the measure.`,
            );
      }
      const where = hostOf(address ?? url ?? '');
      if (!where) return warning(`where ${name} is asked cannot be told from its address`);
      return (await machine.listens(where.host, where.port))
        ? passed(`${name} is reached at ${where.host}:${where.port}`)
        : warning(
            `${name} is not reached at ${where.host}:${where.port}`,
            'Start it, or correct the address: a measure that cannot be read pauses a rollout.',
          );
    }),
  );
}

function hostOf(address: string): { host: string; port: number } | undefined {
  try {
    const { hostname, port, protocol } = new URL(address);
    return {
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    };
  } catch {
    return undefined;
  }
}

async function flags({ flags: service }: SettingsCheckPorts, settings: Settings): Promise<Finding[]> {
  const used = Object.entries(settings.environments).filter(
    ([, target]) => target['feature-flag'] !== undefined,
  );
  if (used.length === 0) return [skipped('no environment names one')];
  return Promise.all(
    used.map(async ([environment, target]): Promise<Finding> => {
      const plan = assemblePlan({
        settings,
        settingsHash: '',
        environment,
        target,
        kind: 'deploy',
        stable: 'stable',
        candidate: 'the candidate',
        flag: 'feature-flag',
        risk: 'low',
        autoRollbackThreshold: 5,
        productionBranch: settings.branches.production,
      });
      if (!plan.flag) return skipped(`${environment} raises none`);
      const { percent } = await service.read(plan.flag.provider, plan.flag.flag, AbortSignal.timeout(flagMs));
      return passed(`${plan.flag.flag} of ${environment} is at ${percent} %`);
    }),
  );
}

/** Whether what suites and services start with is there; lines that a shell has to read are left to the shell. */
async function programs({ machine, git }: SettingsCheckPorts, settings: Settings): Promise<Finding[]> {
  const lines: [string, string | undefined][] = [
    ...Object.entries(settings.services).flatMap(
      ([name, { install, build, start }]): [string, string | undefined][] => [
        [`${name}.install`, install],
        [`${name}.build`, build],
        [`${name}.start`, start],
      ],
    ),
    ...settings.suites.map(({ name, run }): [string, string] => [`suite ${name}`, run]),
  ];
  const asked = lines.flatMap(([what, line]) => {
    const program = line === undefined ? undefined : programOf(line);
    return program === undefined ? [] : [{ what, program }];
  });
  const found = await Promise.all(
    asked.map(async (each) => ({ ...each, at: await machine.find(each.program, git.root) })),
  );
  const missing = found.filter(({ at, program }) => at === undefined && !program.includes('/'));
  if (missing.length > 0)
    return missing.map(({ what, program }) =>
      failed(
        `${what} begins with ${program}, which is not on the PATH`,
        `Install ${program}, or correct ${what} in orchestra.yaml.`,
      ),
    );
  return [
    passed(
      [...new Set(found.filter(({ at }) => at !== undefined).map(({ program }) => program))].join(', ') ||
        'left to the shell',
    ),
  ];
}

/** The program that a command line begins with; undefined where only a shell can tell. */
function programOf(line: string): string | undefined {
  const words = line.trim().split(/\s+/);
  const first = words[0] === 'exec' ? words[1] : words[0];
  if (first === undefined || shellWords.has(first) || !/^[A-Za-z0-9_./+-]+$/.test(first)) return undefined;
  return first;
}

/** Lockfiles of the commit that is checked out, and the tools that would make them again. */
async function lockfiles({ machine, git }: SettingsCheckPorts): Promise<Finding[]> {
  const listed = await git.run(['ls-tree', '-r', '-z', '--name-only', 'HEAD'], { accept: [0, 128] });
  const names = listed.stdout.toString('utf8').split('\0').filter(Boolean);
  const tools = new Set(
    names.flatMap((name) => toolFor(name.slice(name.lastIndexOf('/') + 1), '')?.argv[0] ?? []),
  );
  if (tools.size === 0) return [skipped('no lockfile of a tool that is known')];
  return Promise.all(
    [...tools].map(async (tool) =>
      (await machine.find(tool, git.root)) === undefined
        ? warning(
            `${tool} is not on the PATH: a candidate whose lockfile does not fit would be blocked`,
            `Install ${tool}.`,
          )
        : passed(`${tool} is there`),
    ),
  );
}
