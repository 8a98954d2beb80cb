/** A lockfile's tool: which manifests it goes with, and the argv that makes it again without running scripts. */
export interface LockTool {
  name: string;
  /** Names of the manifests it is made from, in lower case. */
  manifests: readonly string[];
  argv: readonly [string, ...string[]];
  env?: Readonly<Record<string, string>>;
  /** Beside the lockfile itself. */
  writes?: readonly string[];
  setAside?: readonly string[];
  keeps?: Readonly<Record<string, RegExp>>;
}

/** Registries, and nothing that names a program, a script or a secret from the environment. */
const registriesOnly =
  /^\s*(?:(?:@[\w.-]+:)?registry\s*=\s*https?:\/\/[^\s$]+|(?:legacy-peer-deps|strict-peer-deps|install-links|lockfile-version)\s*=\s*\w+)\s*$/u;
/** The number of a Python; a path would name the program that is asked for its version. */
const plainVersion = /^\d[\d.]*\s*$/u;
const npmrc = { setAside: ['.npmrc'], keeps: { '.npmrc': registriesOnly } };

const npm: LockTool = {
  name: 'npm',
  manifests: ['package.json'],
  argv: ['npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'],
  ...npmrc,
};
const bun: LockTool = {
  name: 'bun',
  manifests: ['package.json'],
  argv: ['bun', 'install', '--lockfile-only', '--ignore-scripts'],
  setAside: ['.npmrc', 'bunfig.toml'],
  keeps: npmrc.keeps,
};

/** By the lockfile's name, in lower case. Yarn's two kinds are told apart by their text. */
const byName: Readonly<Record<string, LockTool>> = {
  'package-lock.json': npm,
  'npm-shrinkwrap.json': npm,
  'bun.lock': bun,
  'bun.lockb': bun,
  'pnpm-lock.yaml': {
    name: 'pnpm',
    manifests: ['package.json', 'pnpm-workspace.yaml'],
    argv: [
      'pnpm',
      'install',
      '--lockfile-only',
      '--ignore-scripts',
      '--ignore-pnpmfile',
      '--no-frozen-lockfile',
    ],
    setAside: ['.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs'],
    keeps: npmrc.keeps,
  },
  'cargo.lock': {
    name: 'cargo',
    manifests: ['cargo.toml'],
    argv: ['cargo', 'update', '--workspace'],
    setAside: ['.cargo/config', '.cargo/config.toml', 'rust-toolchain', 'rust-toolchain.toml'],
  },
  'gemfile.lock': {
    name: 'bundler',
    manifests: ['gemfile', '.ruby-version'],
    argv: ['bundle', 'lock'],
    env: { BUNDLE_FROZEN: 'false', BUNDLE_IGNORE_CONFIG: 'true' },
    setAside: ['.bundle/config'],
  },
  'poetry.lock': {
    name: 'poetry',
    manifests: ['pyproject.toml'],
    argv: ['poetry', 'lock', '--no-interaction'],
    setAside: ['poetry.toml', '.venv'],
  },
  'uv.lock': {
    name: 'uv',
    manifests: ['pyproject.toml'],
    argv: ['uv', 'lock', '--no-build'],
    setAside: ['uv.toml', '.venv', '.python-version', '.python-versions'],
    keeps: { '.python-version': plainVersion, '.python-versions': plainVersion },
  },
  'composer.lock': {
    name: 'composer',
    manifests: ['composer.json'],
    argv: [
      'composer',
      'update',
      '--lock',
      '--no-install',
      '--no-scripts',
      '--no-plugins',
      '--no-interaction',
      '--ignore-platform-reqs',
    ],
  },
  'go.sum': {
    name: 'go',
    manifests: ['go.mod'],
    argv: ['go', 'mod', 'tidy'],
    env: { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOWORK: 'off' },
    writes: ['go.mod'],
  },
};

const yarnManifests = ['package.json'];
const yarnClassic: LockTool = {
  name: 'yarn',
  manifests: yarnManifests,
  argv: ['yarn', 'install', '--ignore-scripts', '--non-interactive', '--ignore-engines', '--no-progress'],
  env: { YARN_IGNORE_PATH: '1' },
  setAside: ['.npmrc', '.yarnrc', '.yarnrc.yml'],
  keeps: npmrc.keeps,
};
const yarnBerry: LockTool = {
  name: 'yarn',
  manifests: yarnManifests,
  argv: ['yarn', 'install', '--mode=update-lockfile'],
  env: { YARN_IGNORE_PATH: '1', YARN_ENABLE_SCRIPTS: 'false', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' },
  setAside: ['.npmrc', '.yarnrc.yml'],
  keeps: {
    '.yarnrc.yml':
      /^(?:nodeLinker|npmRegistryServer|compressionLevel|defaultSemverRangePrefix): *["']?[^\s$"']+["']?\s*$/u,
  },
};

/** Whether a file of this name is a lockfile that some tool here can make again. */
export function isKnownLock(name: string): boolean {
  return name.toLowerCase() === 'yarn.lock' || Object.hasOwn(byName, name.toLowerCase());
}

/** The tool for a lockfile with this name and text. */
export function toolFor(name: string, text: string): LockTool | undefined {
  const key = name.toLowerCase();
  if (key === 'yarn.lock') return text.includes('\n__metadata:') ? yarnBerry : yarnClassic;
  return Object.hasOwn(byName, key) ? byName[key] : undefined;
}
