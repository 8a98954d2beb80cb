import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where a system program is; undefined where it is not installed. */
function found(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders
    .map((folder) => path.join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Why tests that need a system program are left out: only where it is missing and nobody promised it; undefined where they
 * run. In CI they always run, and fail, so that a missing package cannot pass for a proof.
 */
export function leftOut(program: string): string | undefined {
  return found(program) === undefined && process.env['CI'] !== 'true'
    ? `${program} is not installed (scripts/system-packages.sh)`
    : undefined;
}

/** The program's path. Throws when it is not installed. */
export function installed(program: string): string {
  const file = found(program);
  if (file === undefined) throw new Error(`${program} is not installed: run scripts/system-packages.sh`);
  return file;
}
