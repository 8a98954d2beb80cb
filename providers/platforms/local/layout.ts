import { join } from 'node:path';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import { isPlaceKey } from '../../../src/domain/place-key.ts';

/** Where an environment's processes keep what they need, below the state directory. */
export interface EnvironmentFolders {
  root: string;
  /** The service's own data, shared by all versions. */
  data: string;
  instances: string;
}

/** The paths of one version in one environment. */
export interface VersionPaths extends EnvironmentFolders {
  record: string;
  log: string;
  lock: string;
  /** The work tree's purpose; its path also holds the version. */
  purpose: string;
  /** Carried by every process of this version, and by no other's; one copy's carry its number too. */
  mark: Record<string, string>;
  /** Carried by the version's migration instead: that is waited for, not ended. */
  migrationMark: Record<string, string>;
  /** What the version's migration gave, until somebody took notice. */
  migration: string;
}

/** Paths of an environment. Throws code `bad-environment` (78) for a name that is no plain folder name. */
export function environmentFolders(stateDir: string, environment: string): EnvironmentFolders {
  if (!isPlaceKey(environment))
    throw new OrchestraError('bad-environment', `"${environment}" is no name of an environment`, {
      hint: 'Use small letters, digits, - and _.',
      exit: exitCode.config,
    });
  const root = join(stateDir, 'env', environment);
  return { root, data: join(root, 'data'), instances: join(root, 'instances') };
}

/** Paths and marks of a version. Throws code `bad-version` for what is no full object id. */
export function versionPaths(stateDir: string, environment: string, sha: string): VersionPaths {
  const folders = environmentFolders(stateDir, environment);
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha))
    throw new OrchestraError('bad-version', `"${sha}" is no full commit id`, {
      hint: 'Resolve the revision first.',
    });
  const short = sha.slice(0, 12);
  const place = { ORCHESTRA_DATA_DIR: folders.data };
  return {
    ...folders,
    record: join(folders.instances, `${sha}.json`),
    log: join(folders.root, 'logs', `${short}.log`),
    lock: join(folders.root, 'locks', short),
    purpose: `run-${environment}`,
    mark: { ORCHESTRA_INSTANCE: `${environment}/${sha}`, ...place },
    migration: join(folders.root, 'migrations', short),
    migrationMark: { ORCHESTRA_MIGRATION: `${environment}/${sha}`, ...place },
  };
}

/** The paths and the mark of one copy of a version, counted from 1. */
export function copyPaths(paths: VersionPaths, copy: number): VersionPaths {
  const mark = { ...paths.mark, ORCHESTRA_COPY: String(copy) };
  if (copy === 1) return { ...paths, mark };
  return {
    ...paths,
    record: paths.record.replace(/\.json$/, `.${copy}.json`),
    log: paths.log.replace(/\.log$/, `.${copy}.log`),
    mark,
  };
}
