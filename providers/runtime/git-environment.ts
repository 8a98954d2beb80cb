import { join } from 'node:path';

/**
 * Configuration every git process gets, stronger than any file: nothing a repository carries may start a program,
 * and nothing a user configured may change what is computed.
 */
export const safeConfiguration: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  ...['ext', 'ssh', 'git', 'http', 'https', 'file'].map((name) => `protocol.${name}.allow=never`),
  'core.quotePath=false',
  'core.attributesFile=/dev/null',
  'color.ui=false',
  'log.showSignature=false',
  'log.showRoot=true',
  'log.follow=false',
  'log.date=default',
  'i18n.logOutputEncoding=UTF-8',
  'diff.external=',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
  'diff.suppressBlankEmpty=false',
  'diff.orderFile=/dev/null',
  'diff.relative=false',
  'diff.context=3',
  'diff.interHunkContext=0',
  'merge.directoryRenames=false',
  'merge.renames=true',
  'merge.conflictStyle=merge',
  'merge.renormalize=false',
  'gc.auto=0',
  'advice.graftFileDeprecated=false',
];

/** What the drivers of a repository's configuration are given instead of their own commands. */
const harmless: Readonly<Record<string, string>> = {
  clean: '',
  smudge: '',
  process: '',
  required: 'false',
  command: '',
  textconv: '',
  // An empty command would leave "ours" unchanged and call it merged; this is what git's own driver does.
  driver: 'git merge-file -q --marker-size=%L %A %O %B',
};

/** Finds the drivers (`filter.<name>.clean` …) that git would run for files whose attributes name them. */
export const driverQuery: readonly string[] = [
  'config',
  '--null',
  '--name-only',
  '--get-regexp',
  `^(filter|diff|merge)\\..*\\.(${Object.keys(harmless).join('|')})$`,
];

/**
 * Configuration that takes the place of the drivers found by `driverQuery`, for git's environment: as arguments, names
 * with "=" could not be written. A commit chooses by its attributes which driver runs, so none does.
 */
export function withoutDrivers(found: string): Record<string, string> {
  const keys = [...new Set(found.split('\0').filter(Boolean))];
  const entries = keys.flatMap((key, i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, harmless[key.slice(key.lastIndexOf('.') + 1)] ?? ''],
  ]);
  return { ...Object.fromEntries(entries), GIT_CONFIG_COUNT: String(keys.length) };
}

/** For git commands that make the files a person asked for: here their own filters, such as git-lfs, belong. */
export const withDrivers: Record<string, string> = { GIT_CONFIG_COUNT: '0' };

/** Commands that diff or merge contents, and ask attributes how. */
const attributed: ReadonlySet<string> = new Set(['log', 'diff-tree', 'merge-tree']);

/**
 * For those commands: the git directory in the place of the work tree, and no index, so that what happens to be checked
 * out has no say. Its `.gitattributes` could hide what a change does (`*.sql -diff`) and make the same selection another
 * tree (`merge=union`), here and not elsewhere. Undefined for other commands.
 */
export function withoutAttributes(command: string, gitDir: string): Record<string, string> | undefined {
  if (!attributed.has(command)) return undefined;
  return {
    GIT_DIR: gitDir,
    GIT_WORK_TREE: gitDir,
    GIT_INDEX_FILE: join(gitDir, 'orchestra-no-index'),
    GIT_ATTR_NOSYSTEM: '1',
  };
}

/** `GIT_*` variables a person sets on purpose to choose configuration; all others could point git elsewhere. */
const inherited = new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']);

/** The whole environment of a git process: the caller's without its `GIT_*` variables, and never a question on the terminal. */
export function gitEnvironment(from: NodeJS.ProcessEnv): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined) continue;
    if (name.startsWith('GIT_') && !inherited.has(name)) continue;
    environment[name] = value;
  }
  return {
    ...environment,
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}

/** What simple-git accepts of it: its own guard refuses variables that choose editors, pagers or configuration. */
export function guardedEnvironment(environment: Record<string, string>): Record<string, string> {
  const kept = new Set(['PATH', 'HOME', 'LC_ALL', 'TMPDIR', 'SYSTEMROOT']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => kept.has(name)));
}
