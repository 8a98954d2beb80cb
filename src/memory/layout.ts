import path from 'node:path';
import { disk } from '../../providers/runtime/disk.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';

/** A deployment's id: `YYYYMMDD_HHMMSS` in UTC, with `-2` … where two start in one second. */
export const deploymentIdPattern = /^\d{8}_\d{6}(?:-\d+)?$/;

/** Negative where deployment `a` was asked for before `b`: by the time in their ids and, within one second, a number. Quick. */
export function compareIds(a: string, b: string): number {
  if (a.length === 15 && b.length === 15) return a < b ? -1 : a > b ? 1 : 0;
  const [first, second] = [a.slice(0, 15), b.slice(0, 15)];
  if (first !== second) return first < second ? -1 : 1;
  return Number(a.slice(16)) - Number(b.slice(16));
}

/** Where each document stands below the memory's folder. */
export function layoutOf(dir: string) {
  return {
    config: path.join(dir, 'config.json'),
    progress: path.join(dir, 'progress.json'),
    progressStatus: path.join(dir, 'progress-status.txt'),
    patterns: path.join(dir, 'patterns', 'deployment_patterns.json'),
    changeModel: path.join(dir, 'patterns', 'change_model.json'),
    environments: path.join(dir, 'environments.json'),
    selection: path.join(dir, 'selection.json'),
    signOffs: path.join(dir, 'sign-offs.json'),
    current: path.join(dir, 'current'),
    history: path.join(dir, 'history'),
    /** The history's index as versions before wrote it. */
    oldIndex: path.join(dir, 'history', 'index.json'),
    index: path.join(dir, 'index'),
    archive: path.join(dir, 'archive'),
    exports: path.join(dir, 'exports'),
  };
}

/** Throws code `bad-id` (exit 2) for what is no deployment's id: it becomes part of a path. */
export function checkId(id: string): string {
  if (deploymentIdPattern.test(id)) return id;
  throw new OrchestraError('bad-id', `${JSON.stringify(id.slice(0, 80))} is not a deployment's id`, {
    exit: exitCode.usage,
    hint: 'An id looks like 20260131_142500; "orchestrate history" lists them.',
  });
}

/**
 * Throws code `memory-outside` (exit 74) when a folder below the memory is a symbolic link to elsewhere: the memory
 * may come with a repository, and nothing may be written through it to other places.
 */
export async function checkInside(dir: string, folder: string): Promise<void> {
  const [base, real] = await Promise.all([disk.real(dir), disk.real(folder)]);
  if (real === base || real.startsWith(base + path.sep)) return;
  throw new OrchestraError('memory-outside', `${folder} leads to ${real}, outside of ${base}`, {
    exit: exitCode.io,
    hint: 'Replace the symbolic link by a folder.',
  });
}
