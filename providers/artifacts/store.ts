import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type ArtifactManifest,
  artifactLimits,
  artifactManifestSchema,
  artifactRefSchema,
} from '../../src/domain/artifact.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { makeFolders, sweepFolder, temporaryName, writeFileAtomic } from '../runtime/atomic-file.ts';
import { disk } from '../runtime/disk.ts';
import { hasCode, ifMissing } from '../runtime/errno.ts';
import { altered } from './unpack.ts';

/** Artifacts that are kept whoever needs them, the newest. */
const keptNewest = 10;
const chunkBytes = 1024 * 1024;
/** No signature and no entry is longer than this, in bytes. */
const smallBytes = 1024 * 1024;

/** What is known of an artifact beside its bytes; found by how it is built. */
const entrySchema = z.object({
  schema: z.literal('orchestra/artifact-entry@1'),
  artifact: artifactRefSchema,
  /** Its files name the commit it was built from, so that no other commit of the same tree can use it. */
  namesCommit: z.boolean(),
});
export type Entry = z.infer<typeof entrySchema>;

export interface ArtifactStore {
  readonly archives: string;
  archiveOf(sha256: string): string;
  manifestOf(digest: string): string;
  signatureOf(digest: string): string;
  /** Makes the folders, and takes away what killed writers left. */
  open(): Promise<void>;
  /** A new name for an archive that is being written. */
  temporary(): string;
  /** Gives a written archive its name. */
  adopt(temporary: string, sha256: string): Promise<void>;
  discard(temporary: string): Promise<void>;
  keep(manifest: ArtifactManifest): Promise<string>;
  keepSignature(digest: string, text: string): Promise<void>;
  entry(key: string): Promise<Entry | undefined>;
  keepEntry(key: string, entry: Entry): Promise<void>;
  /** Throws `artifact-altered` where there is none of that digest any more, or its bytes are others. */
  manifest(digest: string): Promise<ArtifactManifest>;
  /** Throws `artifact-altered` where an archive is missing or not what the manifest says. */
  checkArchives(manifest: ArtifactManifest, signal?: AbortSignal): Promise<void>;
  /** What is signed how; undefined where there is none. Throws `artifact-altered` where it is another file. */
  signature(digest: string, sha256: string): Promise<Buffer | undefined>;
  /** The digests of all that is kept, the newest first. */
  digests(): Promise<string[]>;
  entries(): Promise<Entry[]>;
  free(keep: { digests: ReadonlySet<string>; commits: ReadonlySet<string> }): Promise<number>;
  /** Says that it was used now. */
  touch(digest: string): Promise<void>;
}

export const digestOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** The text of a manifest: the same manifest gives the same bytes. */
export const manifestText = (manifest: ArtifactManifest): string => `${JSON.stringify(manifest)}\n`;

/** Artifacts under `<stateDir>/artifacts`, each by the SHA-256 of what it is. */
export function openArtifactStore({ stateDir, clock }: { stateDir: string; clock: Clock }): ArtifactStore {
  const root = join(stateDir, 'artifacts');
  const archives = join(root, 'archives');
  const manifests = join(root, 'manifests');
  const signatures = join(root, 'signatures');
  const keys = join(root, 'keys');
  const archiveOf = (sha256: string) => join(archives, `${sha256}.tar`);
  const manifestOf = (digest: string) => join(manifests, `${digest}.json`);
  const signatureOf = (digest: string) => join(signatures, `${digest}.json`);
  const keyOf = (key: string) => join(keys, `${key}.json`);

  async function whole(file: string, most: number): Promise<Buffer | undefined> {
    const opened = await disk.open(file, 'read').catch(ifMissing(undefined));
    if (!opened) return undefined;
    try {
      const size = await opened.size();
      if (size > most) throw altered(file, 'it is larger than it may be');
      return await opened.read(0, size);
    } finally {
      await opened.close();
    }
  }

  async function readManifest(digest: string): Promise<ArtifactManifest> {
    const file = manifestOf(digest);
    const bytes = await whole(file, artifactLimits.manifestBytes);
    if (!bytes) throw altered(file, 'it is gone');
    if (digestOf(bytes) !== digest) throw altered(file, 'its bytes have another digest');
    const parsed = artifactManifestSchema.safeParse(JSON.parse(bytes.toString('utf8')));
    if (!parsed.success) throw altered(file, 'it is no manifest that this version reads');
    return parsed.data;
  }

  async function readEntry(file: string): Promise<Entry | undefined> {
    const bytes = await whole(file, smallBytes);
    try {
      return bytes && entrySchema.parse(JSON.parse(bytes.toString('utf8')));
    } catch {
      // It only says what need not be built: without it, it is built.
      return undefined;
    }
  }

  const named = async (folder: string, pattern: RegExp) =>
    (await disk.list(folder).catch(ifMissing([]))).flatMap(({ name }) => pattern.exec(name)?.[1] ?? []);

  async function digests(): Promise<string[]> {
    const found = await Promise.all(
      (await named(manifests, /^([0-9a-f]{64})\.json$/)).map(async (digest) => ({
        digest,
        used: (await disk.stat(manifestOf(digest)).catch(ifMissing({ mtimeNs: 0n }))).mtimeNs,
      })),
    );
    return found
      .toSorted((a, b) => Number(b.used - a.used) || (a.digest < b.digest ? -1 : 1))
      .map(({ digest }) => digest);
  }

  return {
    archives,
    archiveOf,
    manifestOf,
    signatureOf,
    async open() {
      for (const folder of [archives, manifests, signatures, keys]) {
        await makeFolders(folder, 0o700);
        await sweepFolder(folder);
      }
    },
    temporary: () => temporaryName(join(archives, 'archive')),
    async adopt(temporary, sha256) {
      await disk.rename(temporary, archiveOf(sha256));
      await disk.syncFolder(archives);
    },
    discard: (temporary) => disk.removeAll(temporary),
    async keep(manifest) {
      const text = manifestText(manifest);
      const digest = digestOf(text);
      await writeFileAtomic(manifestOf(digest), text, { mode: 0o600 });
      return digest;
    },
    keepSignature: (digest, text) => writeFileAtomic(signatureOf(digest), text, { mode: 0o600 }),
    entry: (key) => readEntry(keyOf(key)),
    keepEntry: (key, entry) => writeFileAtomic(keyOf(key), `${JSON.stringify(entry)}\n`, { mode: 0o600 }),
    manifest: readManifest,
    async checkArchives({ services }, signal) {
      for (const { archive } of services) {
        if (!archive) continue;
        const file = archiveOf(archive.sha256);
        const found = await digestOfFile(file, archive.size, signal);
        if (found === undefined) throw altered(file, 'it is gone');
        if (found !== archive.sha256) throw altered(file, 'its bytes have another digest');
      }
    },
    async signature(digest, sha256) {
      const file = signatureOf(digest);
      const bytes = await whole(file, smallBytes);
      if (bytes && digestOf(bytes) !== sha256) throw altered(file, 'it is not the signature that was made');
      return bytes;
    },
    digests,
    async entries() {
      const found = await Promise.all(
        (await named(keys, /^([0-9a-f]{64})\.json$/)).map((key) => readEntry(keyOf(key))),
      );
      return found.filter((entry) => entry !== undefined);
    },
    async free(keep) {
      const all = await digests();
      const kept = new Set<string>();
      const archivesKept = new Set<string>();
      for (const [i, digest] of all.entries()) {
        const manifest = await readManifest(digest).catch(() => undefined);
        // What does not read is left for whoever looks into why.
        const stays =
          i < keptNewest || !manifest || keep.digests.has(digest) || keep.commits.has(manifest.commit);
        if (!stays) continue;
        kept.add(digest);
        for (const { archive } of manifest?.services ?? []) if (archive) archivesKept.add(archive.sha256);
      }
      for (const key of await named(keys, /^([0-9a-f]{64})\.json$/)) {
        const entry = await readEntry(keyOf(key));
        if (!entry || !kept.has(entry.artifact.digest)) await disk.removeAll(keyOf(key));
      }
      const gone = all.filter((digest) => !kept.has(digest));
      for (const digest of gone) {
        await disk.removeAll(signatureOf(digest));
        await disk.removeAll(manifestOf(digest));
      }
      for (const sha256 of await named(archives, /^([0-9a-f]{64})\.tar$/))
        if (!archivesKept.has(sha256)) await disk.removeAll(archiveOf(sha256));
      return gone.length;
    },
    async touch(digest) {
      await utimes(manifestOf(digest), clock.now(), clock.now());
    },
  };
}

/** The digest of a file of that size; undefined where there is none. Throws `artifact-altered` for another size. */
async function digestOfFile(file: string, size: number, signal?: AbortSignal): Promise<string | undefined> {
  const opened = await disk.open(file, 'read').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (!opened) return undefined;
  try {
    if ((await opened.size()) !== size) throw altered(file, 'it has another size');
    const hash = createHash('sha256');
    for (let at = 0; at < size;) {
      signal?.throwIfAborted();
      const chunk = await opened.read(at, Math.min(chunkBytes, size - at));
      if (chunk.length === 0) break;
      hash.update(chunk);
      at += chunk.length;
    }
    return hash.digest('hex');
  } finally {
    await opened.close();
  }
}
