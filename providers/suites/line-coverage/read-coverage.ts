import type { FileHandle } from 'node:fs/promises';
import type { SuiteResult } from '../../../src/domain/suite-result.ts';
import type { Git } from '../../../src/ports/git.ts';
import { NotRead, openWritten } from '../written-file.ts';
import { changedLines, countChanged } from './changed-lines.ts';
import { readCobertura } from './cobertura.ts';
import { readLcov } from './lcov.ts';
import { countLines } from './line-hits.ts';

const maxBytes = 512 * 1024 * 1024;

/**
 * The coverage that a suite wrote, of all lines and of those that differ from `base`. Throws `NotRead` for what is not there, is neither lcov
 * nor Cobertura, or was written by half.
 */
export async function readCoverage(request: {
  git: Git;
  root: string;
  path: string;
  before: string | undefined;
  base: string | null;
  sha: string;
}): Promise<NonNullable<SuiteResult['coverage']>> {
  const { git, root, path, before, base, sha } = request;
  const file = await openWritten(root, path, before, maxBytes);
  try {
    const chunks = file.createReadStream({ autoClose: false, start: 0 });
    const hits = (await isXml(file)) ? await readCobertura(chunks) : await readLcov(chunks);
    const all = countLines(hits);
    if (all.total === 0) throw new NotRead('it names no line');
    const changed =
      base === null || base === sha
        ? undefined
        : countChanged(hits, await changedLines(git, base, sha), root);
    return { ...all, source: path, ...(changed && { changed }) };
  } catch (error) {
    if (error instanceof RangeError) throw new NotRead(error.message);
    throw error;
  } finally {
    await file.close();
  }
}

async function isXml(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
  return buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('<');
}
