import type { ChangedFile } from '../domain/feature.ts';
import type { FileDiff } from './diff.ts';
import { isLockfile } from './generated-files.ts';
import { isMachineWritten, isVendored } from './vendored-files.ts';

/** What is told of a file in a diff; who wrote it is said only where it is no one's own work. */
export function changedFile(file: FileDiff): ChangedFile {
  const { path, status, additions, deletions } = file;
  return {
    path,
    status,
    additions,
    deletions,
    ...((isLockfile(path) || isMachineWritten(path, file.added)) && { generated: true }),
    ...(isVendored(path) && { vendored: true }),
    ...(file.submodule && { submodule: true }),
  };
}
