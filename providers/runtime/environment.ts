import { OrchestraError, exitCode } from '../../src/domain/errors.ts';

/** What any program needs to find its tools, its home and its language; nothing that carries secrets. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
];

/** What package managers need beside that to reach their registry and their cache. */
const passedOnToInstalls = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'npm_config_cache',
  'NPM_CONFIG_CACHE',
  'NPM_CONFIG_USERCONFIG',
  'COREPACK_HOME',
  'PNPM_HOME',
];

type Environment = Readonly<Record<string, string | undefined>>;

function pick(names: readonly string[], from: Environment): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

/** The environment a service or a suite starts from: never the caller's own variables. */
export function minimalEnvironment(from: Environment): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...pick(passedOn, from) };
}

/** The environment of an install: the same for every version, so that what it gives can be shared. */
export function installEnvironment(from: Environment): Record<string, string> {
  return { ...minimalEnvironment(from), ...pick(passedOnToInstalls, from), CI: '1' };
}

/**
 * `variables` with every `${NAME}` filled in, first from `given`, then from `from`. Throws code `missing-variable` (78)
 * naming what is missing; never a value.
 */
export function fillVariables(
  variables: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
  from: Environment,
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, written] of Object.entries(variables)) {
    filled[name] = written.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, wanted: string) => {
      const value = Object.hasOwn(given, wanted) ? given[wanted] : from[wanted];
      if (value === undefined)
        throw new OrchestraError(
          'missing-variable',
          `the variable ${name} needs \${${wanted}}, which is not set`,
          {
            hint: `Set ${wanted} in the environment of the command and try again.`,
            exit: exitCode.config,
            details: { variable: wanted },
          },
        );
      return value;
    });
  }
  return filled;
}
