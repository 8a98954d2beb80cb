import { isGenerated } from '../src/planning/generated-files.ts';
import type { Git } from '../src/ports/git.ts';

/**
 * The plainest replay there is, to check the product's by: one unit after another, a shape commit and a `git
 * merge-tree` each, nothing remembered or skipped but states already seen. A conflict takes the unit's version.
 */
export class PlainReplay {
  private readonly seen = new Map<string, string>();

  private constructor(
    private readonly git: Git,
    private readonly waiting: readonly string[],
    readonly baseTree: string,
    readonly headTree: string,
  ) {}

  static async open(git: Git, waiting: readonly string[], base: string): Promise<PlainReplay> {
    const head = waiting.at(-1) ?? base;
    const tree = (sha: string) => git.text(['rev-parse', `${sha}^{tree}`]);
    return new PlainReplay(git, waiting, await tree(base), await tree(head));
  }

  /** `tree` after these units, by index, oldest first. */
  async ship(tree: string, units: readonly number[]): Promise<{ tree: string }> {
    let at = tree;
    for (const unit of units) {
      const sha = this.waiting[unit] ?? '';
      const key = `${at} ${sha}`;
      const next = this.seen.get(key) ?? (await this.apply(at, sha));
      this.seen.set(key, next);
      at = next;
    }
    return { tree: at };
  }

  /** Paths that two trees hold differently, lockfiles and changelogs aside. */
  async differing(a: string, b: string): Promise<string[]> {
    if (a === b) return [];
    const text = await this.git.text(['diff-tree', '-r', '-z', '--no-renames', '--name-only', a, b]);
    return text.split('\0').filter((path) => path !== '' && !isGenerated(path));
  }

  private async apply(tree: string, sha: string): Promise<string> {
    const env = {
      GIT_AUTHOR_NAME: 'bench',
      GIT_AUTHOR_EMAIL: 'bench@localhost',
      GIT_COMMITTER_NAME: 'bench',
      GIT_COMMITTER_EMAIL: 'bench@localhost',
      GIT_AUTHOR_DATE: '@0 +0000',
      GIT_COMMITTER_DATE: '@0 +0000',
    };
    const ours = await this.git.text(['commit-tree', tree, '-p', `${sha}^1`, '-m', 'check'], { env });
    const merged = await this.git.run(
      ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, sha],
      { accept: [0, 1] },
    );
    const [result = '', ...paths] = merged.stdout.toString('utf8').split('\0').filter(Boolean);
    if (merged.exitCode === 0) return result;
    return this.take(result, sha, paths);
  }

  /** `tree` with these paths as `sha` has them, each by an index of its own; deleted where `sha` has none. */
  private async take(tree: string, sha: string, paths: readonly string[]): Promise<string> {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const folder = await mkdtemp(`${process.env['TMPDIR'] ?? '/tmp'}/orchestra-plain-`);
    const env = { GIT_INDEX_FILE: `${folder}/index` };
    try {
      await this.git.run(['read-tree', tree], { env });
      for (const path of paths) {
        const entry = await this.git.text([
          '--literal-pathspecs',
          'ls-tree',
          '-z',
          '--full-tree',
          sha,
          '--',
          path,
        ]);
        const [meta = ''] = entry.split('\t', 1);
        const [mode = '', , blob = ''] = meta.split(' ');
        const input = entry === '' ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${blob}\t${path}\0`;
        await this.git.run(['update-index', '-z', '--index-info'], { env, input });
      }
      return await this.git.text(['write-tree'], { env });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
