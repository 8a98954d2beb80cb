import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packTar, type TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../providers/artifacts/unpack.ts';
import { artifactManifestSchema, type ArtifactFile } from '../../../src/domain/artifact.ts';
import { badArtifactLink, badArtifactPath } from '../../../src/domain/artifact-path.ts';
import { temporaryFolder } from '../../harness/folder.ts';

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
const file = (path: string, text: string): ArtifactFile => ({
  path,
  kind: 'file',
  executable: false,
  size: text.length,
  sha256: sha256(text),
});

/** Unpacks an archive of these entries as one that a manifest with `files` names; what is in the work tree and beside it then. */
async function unpacked(entries: TarEntry[], files: ArtifactFile[], change?: (bytes: Buffer) => Buffer) {
  const folder = temporaryFolder();
  const root = join(folder, 'tree');
  const beside = join(folder, 'x.tar');
  const bytes = Buffer.from(await packTar(entries));
  const stored = change ? change(bytes) : bytes;
  writeFileSync(beside, stored);
  mkdirSync(root);
  const archive = { sha256: sha256(stored), size: stored.length };
  const ended = await unpack(beside, { archive, files, removed: [] }, root).then(
    () => 'unpacked',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );
  return { ended, inside: readdirSync(root), outside: readdirSync(folder).toSorted() };
}

const entry = (name: string, body: string, more: Partial<TarEntry['header']> = {}): TarEntry => ({
  header: { name, size: body.length, type: 'file', ...more },
  ...(body === '' ? {} : { body }),
});

describe('an archive', () => {
  it('is unpacked where it holds what its manifest names', async () => {
    const { ended, inside } = await unpacked([entry('a.txt', 'hi')], [file('a.txt', 'hi')]);
    expect([ended, inside]).toEqual(['unpacked', ['a.txt']]);
  });

  it.each<[string, TarEntry[]]>([
    ['a path out of the work tree', [entry('../out.txt', 'hi')]],
    ['an absolute path', [entry('/tmp/out.txt', 'hi')]],
    ['a path out of it behind a folder', [entry('a/../../out.txt', 'hi')]],
    ['a link', [entry('a.txt', '', { type: 'symlink', linkname: '../..' })]],
    ['a hard link', [entry('a.txt', '', { type: 'link', linkname: '/etc/passwd' })]],
    ['a device', [entry('a.txt', '', { type: 'character-device' })]],
    ['a pipe', [entry('a.txt', '', { type: 'fifo' })]],
    ['one file too many', [entry('a.txt', 'hi'), entry('b.txt', 'hi')]],
    ['another file', [entry('b.txt', 'hi')]],
    ['other bytes', [entry('a.txt', 'ho')]],
    ['a longer file', [entry('a.txt', 'hi there')]],
    ['no file', []],
  ])('that holds %s in the place of what its manifest names is refused', async (_, entries) => {
    const { ended, outside } = await unpacked(entries, [file('a.txt', 'hi')]);
    expect(ended).toBe('artifact-altered');
    expect(outside).toEqual(['tree', 'x.tar']);
  });

  it('that says it holds 8 TB, or is cut off, is refused without a byte of that', async () => {
    const huge = (bytes: Buffer) => {
      const other = Buffer.from(bytes);
      other.write('77777777777\0', 124, 'latin1');
      return other;
    };
    expect((await unpacked([entry('a.txt', 'hi')], [file('a.txt', 'hi')], huge)).ended).toBe(
      'artifact-altered',
    );
    const cut = (bytes: Buffer) => bytes.subarray(0, 600);
    expect((await unpacked([entry('a.txt', 'hi')], [file('a.txt', 'hi')], cut)).ended).toBe(
      'artifact-altered',
    );
    const large: ArtifactFile = {
      path: 'a.txt',
      kind: 'file',
      executable: false,
      size: 2 ** 40,
      sha256: sha256('hi'),
    };
    expect((await unpacked([entry('a.txt', 'hi')], [large])).ended).toBe('artifact-altered');
  });

  it('of random bytes is refused', async () => {
    for (let i = 0; i < 50; i++) {
      const noise = (bytes: Buffer) =>
        Buffer.from(bytes.map((byte, at) => ((at * 7919 + i * 104729) % 256) ^ byte));
      expect((await unpacked([entry('a.txt', 'hi')], [file('a.txt', 'hi')], noise)).ended).toBe(
        'artifact-altered',
      );
    }
  });
});

describe('a manifest', () => {
  const manifest = (files: unknown[], removed: string[] = []) => ({
    schema: 'orchestra/artifact@1',
    commit: 'c',
    tree: 't',
    platform: 'linux-x64',
    lockfiles: [],
    tools: [],
    services: [{ name: 'web', files, removed }],
  });

  it.each([
    '../x',
    '/x',
    'a/../../x',
    '.git/config',
    'a/.GIT/config',
    'a//b',
    './a',
    'C:\\x',
    'a\0b',
    'x'.repeat(5000),
  ])('that names the path %j is none', (path) => {
    expect(badArtifactPath(path)).toBeDefined();
    expect(artifactManifestSchema.safeParse(manifest([{ path, kind: 'folder' }])).success).toBe(false);
    expect(artifactManifestSchema.safeParse(manifest([], [path])).success).toBe(false);
  });

  it.each(['/etc/passwd', '../x', 'a/../../x', 'b/..', '', 'C:\\x'])('that links to %j is none', (target) => {
    expect(badArtifactLink('link', target)).toBeDefined();
    const link = { path: 'link', kind: 'link', target };
    expect(artifactManifestSchema.safeParse(manifest([link])).success).toBe(false);
  });

  it('may link within the work tree, up from where the link is', () => {
    expect(badArtifactLink('a/b/link', '../c/d')).toBeUndefined();
    expect(badArtifactLink('a/b/link', '../../c')).toBeUndefined();
    expect(badArtifactLink('a/b/link', '../../../c')).toBeDefined();
  });
});
