const lockfiles = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'gemfile.lock',
  'composer.lock',
  'poetry.lock',
  'pipfile.lock',
  'uv.lock',
  'pdm.lock',
  'cargo.lock',
  'go.sum',
  'mix.lock',
  'pubspec.lock',
  'podfile.lock',
  'package.resolved',
  'packages.lock.json',
  'gradle.lockfile',
  'flake.lock',
]);

/** Names of lockfiles as they are usually spelled. */
export const lockfileNames: readonly string[] = [...lockfiles].flatMap((name) => [
  name,
  `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
]);

/** Whether a tool writes this file from a manifest: a lockfile. */
export function isLockfile(path: string): boolean {
  return lockfiles.has(path.slice(path.lastIndexOf('/') + 1).toLowerCase());
}

const changelog =
  /^(?:changelog|changes|history|release[-_ ]?notes|news)(?:\.(?:md|markdown|txt|rst|adoc))?$/u;

const ownMemory =
  /^deployment_memory\/(?:(?:config|environments|progress|selection)\.json$|current\/|history\/|patterns\/)/u;

/**
 * Whether Orchestra writes this file itself, at every deployment. Where a team commits its memory along with its work,
 * that is no part of what the work changes.
 */
export function isOwnMemory(path: string): boolean {
  return ownMemory.test(path);
}

/**
 * Whether conflicts in this file say nothing about whether features can ship apart: lockfiles are regenerated, and
 * every change adds its line at the same place of a changelog, and every deployment writes to the memory.
 */
export function isGenerated(path: string): boolean {
  return (
    isOwnMemory(path) ||
    isLockfile(path) ||
    changelog.test(path.slice(path.lastIndexOf('/') + 1).toLowerCase())
  );
}
