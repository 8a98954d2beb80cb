import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTarDecoder } from 'modern-tar';
import { badArtifactPath } from '../../src/domain/artifact-path.ts';
import { artifactLimits, type ArtifactFile, type ArtifactService } from '../../src/domain/artifact.ts';
import { OrchestraError, messageOf } from '../../src/domain/errors.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { disk } from '../runtime/disk.ts';
import { ifMissing } from '../runtime/errno.ts';

const chunkBytes = 1024 * 1024;

type Header = { name: string; type?: string | undefined; size: number; linkname?: string | undefined };

/**
 * Brings an archive's files into a work tree, and takes away what its build removed. The archive has to be byte for byte the manifest's, and
 * hold exactly its files in its order: anything else ends it. Nothing is written through a link. Throws `artifact-altered`; then the
 * work tree may hold a part, and must not be used.
 */
export async function unpack(
  archive: string,
  { archive: expected, files, removed }: Pick<ArtifactService, 'archive' | 'files' | 'removed'>,
  root: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const path of removed) {
    requirePath(path);
    if (await isReached(root, path)) await rm(join(root, path), { recursive: true, force: true });
  }
  if (!expected) return;
  const bytes = files.reduce((sum, file) => sum + (file.kind === 'file' ? file.size : 0), 0);
  if (files.length > artifactLimits.files || bytes > artifactLimits.bytes)
    throw altered(archive, 'it would be larger than an artifact may be');
  const hash = createHash('sha256');
  const decoder = createTarDecoder({ strict: true });
  const reading = feed(archive, expected.size, hash, decoder.writable.getWriter(), signal);
  reading.catch(() => undefined);
  let next = 0;
  try {
    for await (const { header, body } of decoder.readable) {
      const file = files[next];
      if (!file || !isSame(header, file))
        throw altered(archive, `it holds ${safeText(header.name, 200)}, which was not packed there`);
      await place(root, file, body, archive);
      next += 1;
    }
    await reading;
  } catch (error) {
    if (error instanceof OrchestraError) throw error;
    signal?.throwIfAborted();
    if (error instanceof Error && 'syscall' in error) throw error;
    throw altered(archive, safeText(messageOf(error), 200));
  }
  if (next !== files.length) throw altered(archive, `${files.length - next} of its files are missing`);
  if (hash.digest('hex') !== expected.sha256) throw altered(archive, 'its bytes have another digest');
}

/** Reads no more than the archive may have, and passes it on. */
async function feed(
  archive: string,
  size: number,
  hash: ReturnType<typeof createHash>,
  to: WritableStreamDefaultWriter<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  to.closed.catch(() => undefined);
  try {
    const file = await disk.open(archive, 'read');
    try {
      if ((await file.size()) !== size) throw altered(archive, 'it has another size');
      for (let at = 0; at < size;) {
        signal?.throwIfAborted();
        const chunk = await file.read(at, Math.min(chunkBytes, size - at));
        if (chunk.length === 0) throw altered(archive, 'it ends too soon');
        hash.update(chunk);
        await to.write(chunk);
        at += chunk.length;
      }
    } finally {
      await file.close();
    }
    await to.close();
  } catch (error) {
    await to.abort(error).catch(() => undefined);
    throw error;
  }
}

function isSame(header: Header, file: ArtifactFile): boolean {
  switch (file.kind) {
    case 'folder':
      return header.type === 'directory' && header.name.replace(/\/$/, '') === file.path;
    case 'link':
      return header.type === 'symlink' && header.name === file.path && header.linkname === file.target;
    case 'file':
      return header.type === 'file' && header.name === file.path && header.size === file.size;
    default:
      return file satisfies never;
  }
}

async function place(
  root: string,
  file: ArtifactFile,
  body: ReadableStream<Uint8Array>,
  archive: string,
): Promise<void> {
  requirePath(file.path);
  const path = join(root, file.path);
  await makeWay(root, file.path);
  const there = await lstat(path).catch(ifMissing(undefined));
  if (file.kind === 'folder') {
    if (there && !there.isDirectory()) await rm(path);
    await mkdir(path, { recursive: true });
    return;
  }
  if (there) await rm(path, { recursive: true });
  if (file.kind === 'link') {
    await symlink(file.target, path);
    return;
  }
  const hash = createHash('sha256');
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const to = await open(path, flags, file.executable ? 0o755 : 0o644);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      await to.writeFile(chunk);
    }
    // Whatever the umask: a program that was packed as one is one.
    await to.chmod(file.executable ? 0o755 : 0o644);
  } finally {
    await to.close();
  }
  if (hash.digest('hex') !== file.sha256)
    throw altered(archive, `${safeText(file.path, 200)} is not what was packed`);
}

/** Makes the folders above a path; a link or a file in their place is none of the artifact's, and replaced. */
async function makeWay(root: string, path: string): Promise<void> {
  const above = dirname(path);
  if (above === '.') return;
  let at = root;
  for (const part of above.split('/')) {
    at = join(at, part);
    const there = await lstat(at).catch(ifMissing(undefined));
    if (there?.isDirectory()) continue;
    if (there) await rm(at);
    await mkdir(at);
  }
}

/** Whether only real folders lead to a path. */
async function isReached(root: string, path: string): Promise<boolean> {
  const above = dirname(path);
  let at = root;
  for (const part of above === '.' ? [] : above.split('/')) {
    at = join(at, part);
    const there = await lstat(at).catch(ifMissing(undefined));
    if (!there?.isDirectory()) return false;
  }
  return true;
}

function requirePath(path: string): void {
  const bad = badArtifactPath(path);
  if (bad !== undefined)
    throw new OrchestraError('artifact-altered', `the artifact names ${bad}: ${safeText(path, 200)}`, {
      hint: alteredHint,
    });
}

const alteredHint =
  'somebody or something changed the store; find out who, then take the file away: the version is built anew';

/** What is stored is not what was built. */
export function altered(file: string, why: string): OrchestraError {
  return new OrchestraError('artifact-altered', `the stored artifact was altered: ${file}: ${why}`, {
    hint: alteredHint,
  });
}
