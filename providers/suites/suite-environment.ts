import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fillVariables, minimalEnvironment } from '../runtime/environment.ts';

/**
 * Where tools keep what they installed or fetched below a home folder: a suite has a home of its own, and would have to fetch all of
 * it anew. What it finds there is shared with the user.
 */
const toolFolders: Readonly<Record<string, string>> = {
  CARGO_HOME: '.cargo',
  RUSTUP_HOME: '.rustup',
  GOPATH: 'go',
  GOCACHE: '.cache/go-build',
  npm_config_cache: '.npm',
  PNPM_HOME: '.local/share/pnpm',
  COREPACK_HOME: '.cache/node/corepack',
  PIP_CACHE_DIR: '.cache/pip',
  PYTHONUSERBASE: '.local',
  PYENV_ROOT: '.pyenv',
  RBENV_ROOT: '.rbenv',
  NVM_DIR: '.nvm',
  VOLTA_HOME: '.volta',
  ASDF_DATA_DIR: '.asdf',
  GRADLE_USER_HOME: '.gradle',
  NUGET_PACKAGES: '.nuget/packages',
  COMPOSER_CACHE_DIR: '.cache/composer',
  PLAYWRIGHT_BROWSERS_PATH: '.cache/ms-playwright',
  PUPPETEER_CACHE_DIR: '.cache/puppeteer',
  CYPRESS_CACHE_FOLDER: '.cache/Cypress',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The tools' folders, as the caller set them, else where they are. */
function toolHomes(from: Environment): Record<string, string> {
  const homes: Record<string, string> = {};
  for (const [name, folder] of Object.entries(toolFolders)) {
    const usual = from['HOME'] === undefined ? undefined : join(from['HOME'], folder);
    const value = from[name] ?? (usual !== undefined && existsSync(usual) ? usual : undefined);
    if (value !== undefined) homes[name] = value;
  }
  const maven = from['HOME'] === undefined ? '' : join(from['HOME'], '.m2/repository');
  if (!/\s/.test(maven) && existsSync(maven)) homes['MAVEN_ARGS'] = `-Dmaven.repo.local=${maven}`;
  if (from['JAVA_HOME'] !== undefined) homes['JAVA_HOME'] = from['JAVA_HOME'];
  return homes;
}

/** The whole environment of a suite: a home and a folder for temporary files of its own, then the service's variables, then `own`. */
export function suiteEnvironment(
  parts: {
    home: string;
    temporary: string;
    variables: Readonly<Record<string, string>>;
    own: Readonly<Record<string, string>>;
  },
  from: Environment,
): Record<string, string> {
  const { home, temporary, variables, own } = parts;
  return {
    ...minimalEnvironment(from),
    ...toolHomes(from),
    HOME: home,
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    CI: '1',
    ...fillVariables(variables, own, from),
    ...own,
  };
}
