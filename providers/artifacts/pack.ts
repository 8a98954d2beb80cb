import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createTarPacker } from 'modern-tar';
import { badArtifactLink, badArtifactPath } from '../../src/domain/artifact-path.ts';
import { artifactLimits, type ArtifactFile } from '../../src/domain/artifact.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { disk } from '../runtime/disk.ts';
import { Needles } from './needles.ts';
import { type Found, targetOf } from './work-snapshot.ts';

const chunkBytes = 1024 * 1024;

/** The same in every archive: what a machine, a person or a moment would add. */
const nobody = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) };

export interface Packed {
  sha256: string;
  size: number;
  files: ArtifactFile[];
  /** Which of the texts looked for stand in the files, by their place. */
  found: ReadonlySet<number>;
  /** Paths that are neither file, folder nor link. */
  left: string[];
}

/**
 * Writes what a build wrote into the new file `to`: the same paths and contents give the same bytes, whatever the machine, the folder,
 * the umask and the time. Throws `artifact-unportable`, `artifact-too-large`, or the system's errors; then there may be a part of the file.
 */
export async function pack(
  root: string,
  paths: readonly string[],
  all: ReadonlyMap<string, Found>,
  to: string,
  options: { looksFor: readonly string[]; signal?: AbortSignal | undefined },
): Promise<Packed> {
  if (paths.length > artifactLimits.files) throw tooLarge(`${paths.length} files`);
  const { readable, controller } = createTarPacker();
  const hash = createHash('sha256');
  const out = await disk.open(to, 'new', 0o600);
  let size = 0;
  const writing = (async () => {
    for await (const chunk of readable) {
      size += chunk.length;
      hash.update(chunk);
      await out.write(chunk);
    }
  })();
  // Whoever packs hears of a failed write when it waits for it, below.
  writing.catch(() => undefined);
  const files: ArtifactFile[] = [];
  const left: string[] = [];
  const needles = new Needles(options.looksFor);
  try {
    let bytes = 0;
    for (const path of paths) {
      options.signal?.throwIfAborted();
      const found = all.get(path);
      if (!found) continue;
      const bad = badArtifactPath(path);
      if (bad !== undefined) throw unportable(path, bad);
      bytes += found.size;
      if (bytes > artifactLimits.bytes) throw tooLarge(`more than ${artifactLimits.bytes / 1024 ** 3} GB`);
      switch (found.kind) {
        case 'folder':
          await controller
            .add({ ...nobody, name: `${path}/`, type: 'directory', mode: 0o755, size: 0 })
            .close();
          files.push({ path, kind: 'folder' });
          break;
        case 'link': {
          const target = await targetOf(root, path);
          const wrong = badArtifactLink(path, target);
          if (wrong !== undefined) throw unportable(path, wrong);
          await controller
            .add({ ...nobody, name: path, type: 'symlink', linkname: target, mode: 0o777, size: 0 })
            .close();
          files.push({ path, kind: 'link', target });
          break;
        }
        case 'file':
          files.push(await packFile(root, path, found, { controller, needles }));
          break;
        case 'other':
          left.push(path);
          break;
        default:
          found.kind satisfies never;
      }
    }
    controller.finalize();
    await writing;
    await out.sync();
  } catch (error) {
    controller.error(error);
    // A disk that takes no more ends the packing: that is the cause to tell.
    throw await writing.then(
      () => error,
      (cause: unknown) => cause,
    );
  } finally {
    await out.close();
  }
  return { sha256: hash.digest('hex'), size, files, found: needles.found, left };
}

async function packFile(
  root: string,
  path: string,
  { size, executable }: Found,
  to: { controller: ReturnType<typeof createTarPacker>['controller']; needles: Needles },
): Promise<ArtifactFile> {
  const hash = createHash('sha256');
  const mode = executable ? 0o755 : 0o644;
  const writer = to.controller.add({ ...nobody, name: path, type: 'file', mode, size }).getWriter();
  writer.closed.catch(() => undefined);
  const file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  let read = 0;
  try {
    to.needles.next();
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, read);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      read += bytesRead;
      if (read > size) break;
      hash.update(chunk);
      to.needles.look(chunk);
      await writer.write(chunk);
    }
  } finally {
    await file.close();
  }
  if (read !== size) throw unportable(path, 'a file that something still writes to');
  await writer.close();
  return { path, kind: 'file', executable, size, sha256: hash.digest('hex') };
}

function unportable(path: string, what: string): OrchestraError {
  return new OrchestraError(
    'artifact-unportable',
    `the build leaves ${what}, ${safeText(path, 200)}: it could not run where it was not built`,
    {
      hint: 'mend the build, name what is needed to run under `outputs` of the service, or set `build_per_environment: true` there; what only installs dependencies belongs under `install`',
    },
  );
}

function tooLarge(what: string): OrchestraError {
  return new OrchestraError('artifact-too-large', `the build leaves ${what}`, {
    hint: 'name what is needed to run under `outputs` of the service, or set `build_per_environment: true` there',
  });
}
