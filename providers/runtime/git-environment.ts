/**
 * Configuration every git process gets, stronger than any file: nothing a repository carries may start a program,
 * and nothing a user configured may change what is computed.
 */
export const safeConfiguration: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.ext.allow=never',
  'core.quotePath=false',
  'core.attributesFile=/dev/null',
  'color.ui=false',
  'log.showSignature=false',
  'diff.external=',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
  'diff.suppressBlankEmpty=false',
  'merge.directoryRenames=false',
  'merge.renames=true',
  'merge.conflictStyle=merge',
  'merge.renormalize=false',
  'gc.auto=0',
];

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
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}

/** What simple-git accepts of it: its own guard refuses variables that choose editors, pagers or configuration. */
export function guardedEnvironment(environment: Record<string, string>): Record<string, string> {
  const kept = new Set(['PATH', 'HOME', 'LC_ALL', 'TMPDIR', 'SYSTEMROOT']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => kept.has(name)));
}
