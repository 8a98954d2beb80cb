import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import type { CommitDiff } from '../../src/planning/diff.ts';
import { keptWidth } from '../../src/planning/diff.ts';
import { readDiffs } from '../../src/planning/diff-pass.ts';
import { diffArguments, DiffParser, patchArguments } from '../../src/planning/diff-stream.ts';
import type { Git } from '../../src/ports/git.ts';
import { discoverIn } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

async function diffsOf(r: Repository, shards = 1): Promise<CommitDiff[]> {
  const git = await openGit(r.dir);
  const shas = r.git('rev-list', '--first-parent', '--reverse', 'HEAD').split('\n');
  const found: CommitDiff[] = [];
  for await (const diff of readDiffs({ git, shas, wantsLines: () => true, shards })) found.push(diff);
  return found;
}

/** Removes the loose object with this content from the store, as a partial clone never had it. */
function forget(r: Repository, blob: string): void {
  rmSync(join(r.dir, '.git/objects', blob.slice(0, 2), blob.slice(2)));
}

describe('D2 the diffs of waiting commits', () => {
  it('are the same whatever pieces git writes them in', async () => {
    const r = repo()
      .commit('start', { files: { 'a.txt': lines(30), 'weird\nname "q".ts': 'x\n', 'no-newline': 'a' } })
      .commit('edit', { files: { 'a.txt': lines(30).replace('line 7', 'seven'), 'no-newline': 'b' } })
      .commit('empty')
      .commit('looks like structure', {
        files: { 'a.txt': `diff --git a/x b/x\n@@ -1 +1 @@\n${'0'.repeat(40)}\0\n:100644\n` },
      })
      .commit('binary', { files: { 'b.bin': Buffer.from([0, 1, 2, 0, 255]) } })
      .commit('gone', { files: { 'a.txt': null } });
    const git = await openGit(r.dir);
    const shas = r.git('rev-list', '--reverse', 'HEAD');
    const { stdout } = await git.run([...diffArguments, ...patchArguments], { input: `${shas}\n` });
    const parse = (sizes: readonly number[]) => {
      const parser = new DiffParser(() => true);
      const found: CommitDiff[] = [];
      let at = 0;
      for (let i = 0; at < stdout.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        found.push(...parser.push(stdout.subarray(at, at + size)));
        at += size;
      }
      found.push(...parser.end());
      return found;
    };
    const whole = parse([stdout.length]);
    expect(whole.map(({ files }) => files.map(({ path, status }) => `${status} ${path}`))).toEqual([
      ['added a.txt', 'added no-newline', 'added weird\nname "q".ts'],
      ['modified a.txt', 'modified no-newline'],
      [],
      ['modified a.txt'],
      ['added b.bin'],
      ['deleted a.txt'],
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        expect(parse(sizes)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('count additions and deletions as git does, with renames, merges and submodules', async () => {
    const r = repo().commit('start', { files: { 'src/one.ts': lines(60), 'two.ts': lines(20) } });
    r.git('mv', 'src/one.ts', 'src/moved.ts');
    r.commit('move and edit', { files: { 'src/moved.ts': lines(60).replace('line 30', 'thirty') } });
    r.pullRequest(7, 'feat: side', [
      ['a', { files: { 'side.ts': lines(5) } }],
      ['b', { files: { 'side.ts': lines(6), 'two.ts': lines(18) } }],
    ]);
    r.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/sub`);
    r.git('commit', '-q', '-m', 'add a submodule');
    for (const diff of await diffsOf(r)) {
      const expected = r
        .git(
          'diff-tree',
          '-r',
          '-m',
          '--first-parent',
          '--root',
          '--no-commit-id',
          '-M',
          '--numstat',
          diff.sha,
        )
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t').slice(0, 2).join(' '));
      expect(diff.files.map((file) => `${file.additions} ${file.deletions}`)).toEqual(expected);
    }
  });

  it('come in order and whole from several processes', async () => {
    const r = repo();
    const parts = Array.from(
      { length: 300 },
      (_, i) =>
        `commit refs/heads/main\nmark :${i + 1}\ncommitter a <a@b> ${1_700_000_000 + i} +0000\ndata 1\nx\n` +
        `M 100644 inline f${i % 7}.txt\ndata ${String(i).length + 1}\n${i}\n\n`,
    );
    r.gitWith({ input: parts.join('') }, 'fast-import', '--quiet', '--force');
    const [one, three] = [await diffsOf(r, 1), await diffsOf(r, 3)];
    expect(one).toHaveLength(300);
    expect(three).toEqual(one);
  });

  it('of one endless line take no more than its beginning', async () => {
    const r = repo().commit('start', { files: { 'wide.ts': `${'x'.repeat(3_000_000)}\nshort\n` } });
    const [diff] = await diffsOf(r);
    expect(diff?.files[0]?.additions).toBe(2);
    expect(diff?.files[0]?.added.map(({ text }) => text.length)).toEqual([keptWidth, 5]);
  });

  it('D2 of lockfiles are not read: nobody wrote their lines', async () => {
    const r = repo().commit('start', { files: { 'package-lock.json': lines(40), 'a.ts': lines(4) } });
    const [diff] = await diffsOf(r);
    expect(diff?.files.map(({ path, binary, additions }) => ({ path, binary, additions }))).toEqual([
      { path: 'a.ts', binary: false, additions: 4 },
      { path: 'package-lock.json', binary: true, additions: 0 },
    ]);
  });
});

describe('a store that lacks contents, as a partial clone does', () => {
  const withSecret = () => {
    const r = repo()
      .commit('start', { files: { 'a.ts': lines(10), 'big.dat': 'first\n' } })
      .branch('dev')
      .commit('feat: one', { files: { 'a.ts': lines(11) } })
      .commit('feat: two', { files: { 'big.dat': 'second\n', 'b.ts': lines(3) } })
      .commit('feat: three', { files: { 'a.ts': lines(12) } })
      .commit('feat: four', { files: { 'big.dat': 'third\n' } });
    return { r, blob: r.git('rev-parse', 'HEAD~2:big.dat') };
  };

  it('D1 is read all the same: what is there with its lines, what is not by name', async () => {
    const { r, blob } = withSecret();
    forget(r, blob);
    const diffs = await diffsOf(r);
    expect(
      diffs.map(({ files, unknown }) => [
        unknown,
        ...files.map(({ path, binary, additions }) => `${path} ${binary ? '?' : additions}`),
      ]),
    ).toEqual([
      [0, 'a.ts 10', 'big.dat 1'],
      [0, 'a.ts 1'],
      [1, 'b.ts 3', 'big.dat ?'],
      [0, 'a.ts 1'],
      [1, 'big.dat ?'],
    ]);
  });

  it('D10 says what is unknown, and takes whoever touched such a file before for needed', async () => {
    const { r, blob } = withSecret();
    forget(r, blob);
    const discovery = await discoverIn(r);
    expect(discovery.notes.join('\n')).toContain(
      '2 waiting features change files whose content is not in this clone',
    );
    const [two, four] = ['two', 'four'].map((title) =>
      discovery.features.find((f) => f.title.endsWith(title)),
    );
    expect(four?.dependsOn.map(({ id }) => id)).toEqual([two?.id]);
  });

  it('is read by name alone where no content is there at all', async () => {
    const { r } = withSecret();
    for (const folder of readdirSync(join(r.dir, '.git/objects')))
      if (/^[0-9a-f]{2}$/u.test(folder))
        for (const name of readdirSync(join(r.dir, '.git/objects', folder)))
          if (r.git('cat-file', '-t', `${folder}${name}`) === 'blob') forget(r, `${folder}${name}`);
    const discovery = await discoverIn(r);
    expect(discovery.features.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['a.ts'],
      ['b.ts', 'big.dat'],
      ['a.ts'],
      ['big.dat'],
    ]);
  });

  it('D10 says which commits cannot be read at all, recommends none of them, and reads the others', async () => {
    const { r } = withSecret();
    forget(r, r.git('rev-parse', 'HEAD~1^{tree}'));
    const discovery = await discoverIn(r);
    expect(discovery.notes.join('\n')).toContain('What 2 waiting commits change is not in this clone');
    expect(discovery.features.map(({ files, bucket }) => [bucket, ...files.map(({ path }) => path)])).toEqual(
      [['recommended', 'a.ts'], ['recommended', 'b.ts', 'big.dat'], ['not_recommended'], ['not_recommended']],
    );
  });

  it('says what git said where a commit itself is missing', async () => {
    const { r } = withSecret();
    forget(r, r.git('rev-parse', 'HEAD~1'));
    await expect(discoverIn(r)).rejects.toThrow(/git .* failed/u);
  });

  it('is read with the quick diff where the careful one does not come to an end', async () => {
    const r = repo().commit('start', { files: { 'a.txt': lines(9) } });
    r.commit('feat: one', { files: { 'a.txt': lines(9, { 2: 'two' }) } });
    const git = await openGit(r.dir);
    const shas = r.git('rev-list', '--reverse', 'HEAD').split('\n');
    const stuck: Git = {
      ...git,
      stream: (args, options) =>
        args.includes('--diff-algorithm=myers') ? git.stream(args, options) : silence(options?.signal),
    };
    const found: CommitDiff[] = [];
    for await (const diff of readDiffs({ git: stuck, shas, wantsLines: () => true, shards: 1, patience: 1 }))
      found.push(diff);
    // It says so: what it led to is not kept as if it were the careful answer.
    expect(found).toEqual((await diffsOf(r)).map((diff) => ({ ...diff, hasty: true })));
  });

  it('is read with the quick diff around what is missing, too', async () => {
    const { r, blob } = withSecret();
    forget(r, blob);
    const whole = await diffsOf(r);
    const git = await openGit(r.dir);
    let reads = 0;
    const slow: Git = {
      ...git,
      stream: (args, options) =>
        // The first pass stops at what is missing; after that only the quick diff comes to an end.
        !args.includes('-p') || args.includes('--diff-algorithm=myers') || (reads += 1) === 1
          ? git.stream(args, options)
          : silence(options?.signal),
    };
    const shas = r.git('rev-list', '--first-parent', '--reverse', 'HEAD').split('\n');
    const found: CommitDiff[] = [];
    for await (const diff of readDiffs({ git: slow, shas, wantsLines: () => true, shards: 1, patience: 1 }))
      found.push(diff);
    const plain = ({ sha, files, unknown }: CommitDiff) => ({ sha, files, unknown });
    expect(found.map(plain)).toEqual(whole.map(plain));
  });
});

/** Output that never comes, until nobody waits for it any more. */
async function* silence(signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  await new Promise<void>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('stopped')));
  });
  yield Buffer.alloc(0);
}
