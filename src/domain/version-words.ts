import type { Version } from './event.ts';

/** A version by its name, with its commit where another one that is told of beside it has the same name, as `main` after `main`. Pure. */
export function versionWords(version: Version, beside: readonly Version[]): string {
  const alike = beside.some(({ name, sha }) => name === version.name && sha !== version.sha);
  return alike ? `${version.name} (${version.sha.slice(0, 7)})` : version.name;
}
