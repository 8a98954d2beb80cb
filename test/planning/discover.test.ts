import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { discoverySchema } from '../../src/domain/feature.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { dependantsOf } from '../../src/domain/dependencies.ts';
import { closeSelection } from '../../src/planning/closure.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { discoverIn, featureOf } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

const started = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(40), 'b.txt': lines(40) } })
    .branch('dev');

describe('grouping', () => {
  it('D2 groups commits by pull request in the forms of GitHub, GitLab and Bitbucket, and by squash', async () => {
    const r = started()
      .pullRequest(12, 'feat(cart): saved baskets', [
        ['wip', { files: { 'cart.txt': '1\n' } }],
        ['more', { files: { 'cart.txt': '2\n' } }],
      ])
      .commit('fix(cart): empty basket (#13)', { files: { 'x.txt': '1\n' } })
      .branch('topic/gl')
      .commit('Add search', { files: { 's.txt': '1\n' } })
      .checkout('dev')
      .merge(
        'topic/gl',
        "Merge branch 'topic/gl' into 'dev'\n\nAdd search\n\nSee merge request shop/web!14\n",
      )
      .branch('topic/bb')
      .commit('Add filter', { files: { 'f.txt': '1\n' } })
      .checkout('dev')
      .merge('topic/bb', 'Merged in topic/bb (pull request #15)\n\nAdd filter\n');
    const discovery = await discoverIn(r);
    expect(discovery.features.map(({ id, title, type }) => [id, title, type])).toEqual([
      ['pr-12', 'feat(cart): saved baskets', 'feature'],
      ['pr-13', 'fix(cart): empty basket', 'fix'],
      ['pr-14', 'Add search', 'feature'],
      ['pr-15', 'Add filter', 'feature'],
    ]);
    expect(featureOf(discovery, 'pr-12').commits).toHaveLength(3);
    expect(discoverySchema.parse(discovery)).toEqual(discovery);
  });

  it('D7 counts the memory that deployments write as no part of a change that was committed along with it', async () => {
    const memory = (n: number) => ({
      'deployment_memory/config.json': `{ "n": ${n} }\n`,
      [`deployment_memory/history/${n}/DEPLOYMENT_GUIDE.md`]: lines(400),
    });
    const r = started()
      .commit('feat: first', { files: { 'one.txt': '1\n', ...memory(1) } })
      .commit('feat: second', { files: { 'two.txt': '1\n', ...memory(2) } });
    const { features } = await discoverIn(r);
    expect(features.map(({ files, dependsOn }) => [files.map(({ path }) => path), dependsOn])).toEqual([
      [['one.txt'], []],
      [['two.txt'], []],
    ]);
    expect(features.map(({ flags }) => flags.config)).toEqual([undefined, undefined]);
  });

  it('D2 names the merge of an advisory by what it mends, where nothing else does', async () => {
    const r = started().commit('Merge commit from fork', {
      files: { 'src/cookie.ts': 'x\n', 'test/cookie.test.ts': 'x\n'.repeat(9) },
    });
    expect((await discoverIn(r)).features).toMatchObject([
      { title: 'Security fix in src/cookie.ts', type: 'security', bucket: 'must' },
    ]);
  });

  it('D2 groups by issue key, and leaves unrelated plain commits apart', async () => {
    const r = started()
      .commit('SHOP-34: first half', { files: { 'p.txt': '1\n' } })
      .commit('make it blue', { files: { 'q.txt': '1\n' } })
      .commit('second half\n\nRefs: SHOP-34\n', { files: { 'r.txt': '1\n' } })
      .commit('UTF-8 everywhere', { files: { 's.txt': '1\n' } });
    const { features } = await discoverIn(r);
    expect(features.map(({ id, commits }) => [id.replace(/-[0-9a-f]{7}$/u, ''), commits.length])).toEqual([
      ['shop-34', 2],
      ['make-it-blue', 1],
      ['utf-8-everywhere', 1],
    ]);
  });

  it('D1 keeps fixups and reverts with what they belong to', async () => {
    const r = started()
      .commit('feat: banner (#7)', { files: { 'banner.txt': '1\n' } })
      .commit('feat: footer', { files: { 'footer.txt': '1\n' } });
    const footer = r.sha();
    r.commit('fixup! feat: banner (#7)', { files: { 'banner.txt': '2\n' } }).commit(
      `Revert "feat: footer"\n\nThis reverts commit ${footer}.\n`,
      { files: { 'footer.txt': null } },
    );
    const discovery = await discoverIn(r);
    expect(discovery.features.map(({ commits }) => commits.length)).toEqual([2, 2]);
    expect(discovery.features[1]?.commits[0]).toBe(footer);
    expect(discovery.features[1]).toMatchObject({ type: 'feature', bucket: 'optional' });
  });

  it('D2 puts every commit between base and head into exactly one feature, whatever the history looks like', async () => {
    const step = fc.record({
      kind: fc.constantFrom('commit', 'merge', 'nested', 'back-merge'),
      file: fc.integer({ min: 0, max: 4 }),
      subject: fc.constantFrom(
        'feat: a',
        'fix(x): b (#3)',
        'plain',
        'ABC-1 c',
        'fixup! feat: a',
        'Revert "plain"',
        '',
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
        const r = started();
        for (const [i, { kind, file, subject }] of steps.entries()) {
          const files = { [`f${file}-${i}.txt`]: `${i}\n` };
          if (kind === 'commit') r.commit(subject, { files });
          else if (kind === 'back-merge')
            r.checkout('main')
              .commit('fix: on main', { files })
              .checkout('dev')
              .merge('main', "Merge branch 'main' into dev");
          else {
            r.branch(`t${i}`).commit(subject, { files });
            if (kind === 'nested')
              r.branch(`t${i}n`)
                .commit('deep', { files: { [`n${i}`]: '' } })
                .checkout(`t${i}`)
                .merge(`t${i}n`);
            r.checkout('dev').merge(
              `t${i}`,
              i % 2 ? `Merge pull request #${file + 1} from x/y\n\n${subject}` : undefined,
            );
          }
        }
        const { features } = await discoverIn(r);
        const all = r.git('rev-list', 'main..dev').split('\n').filter(Boolean).sort();
        expect(features.flatMap(({ commits }) => commits).sort()).toEqual(all);
        expect(new Set(features.map(({ id }) => id)).size).toBe(features.length);
        for (const { id } of features) expect(id).toMatch(/^[a-z0-9][a-z0-9._-]*$/u);
      }),
      { numRuns: 6 },
    );
  });
});

describe('dependencies', () => {
  it('D6 finds who wrote the lines a change replaces, and says where', async () => {
    const r = started()
      .commit('feat: one (#1)', { files: { 'a.txt': lines(40, { 10: 'ten' }) } })
      .commit('feat: far (#2)', { files: { 'a.txt': lines(40, { 10: 'ten', 30: 'thirty' }) } })
      .commit('feat: near (#3)', {
        files: { 'a.txt': lines(40, { 10: 'ten', 11: 'eleven', 30: 'thirty' }) },
      });
    const { features } = await discoverIn(r);
    expect(features.map(({ dependsOn }) => dependsOn)).toEqual([
      [],
      [],
      [{ id: 'pr-1', because: [{ kind: 'line', path: 'a.txt', line: 10 }] }],
    ]);
    expect(closeSelection(features, ['pr-3'])).toMatchObject({
      selected: ['pr-1', 'pr-3'],
      added: [{ id: 'pr-1', because: ['pr-3 needs pr-1: a.txt:10 was written there'] }],
    });
    expect(dependantsOf(features, 'pr-1')).toEqual(['pr-3']);
    expect(dependantsOf(features, 'pr-3')).toEqual([]);
  });

  it('D6 blames the same lines as git blame, over generated edits', async () => {
    const edit = fc.record({
      at: fc.integer({ min: 0, max: 30 }),
      remove: fc.integer({ min: 0, max: 4 }),
      insert: fc.integer({ min: 0, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 6 }), async (edits) => {
        const r = started();
        let text = lines(30).split('\n').slice(0, -1);
        for (const [i, { at, remove, insert }] of edits.entries()) {
          text = text.toSpliced(
            Math.min(at, text.length),
            remove,
            ...Array.from({ length: insert }, (_, n) => `new ${i} ${n}`),
          );
          r.commit(`feat: edit (#${i + 1})`, {
            files: { 'a.txt': text.map((line) => `${line}\n`).join('') },
          });
        }
        const { features } = await discoverIn(r);
        const pull = new Map(features.flatMap(({ id, commits }) => commits.map((sha) => [sha, id] as const)));
        for (const feature of features) {
          const [sha = ''] = feature.commits;
          const expected = new Set<string>();
          const patch = r.git('diff', '-U0', '--diff-algorithm=histogram', `${sha}^`, sha, '--', 'a.txt');
          const length = r.show(`${sha}^`, 'a.txt').split('\n').length;
          for (const [, start, count] of patch.matchAll(/^@@ -(\d+)(?:,(\d+))? /gmu)) {
            const n = count === undefined ? 1 : Number(count);
            const first = Math.max(1, Number(start) - (n === 0 ? 0 : 1));
            const last = Math.min(length, Number(start) + (n === 0 ? 1 : n));
            if (last < first) continue;
            for (const line of r
              .git(
                'blame',
                '-s',
                '-l',
                '--diff-algorithm=histogram',
                '-L',
                `${first},${last}`,
                `${sha}^`,
                '--',
                'a.txt',
              )
              .split('\n')) {
              const id = pull.get(line.slice(0, 40));
              if (id !== undefined) expected.add(id);
            }
          }
          const byLine = feature.dependsOn.filter(({ because }) =>
            because.some(({ kind }) => kind === 'line'),
          );
          expect(byLine.map(({ id }) => id).sort()).toEqual([...expected].sort());
        }
      }),
      { numRuns: 8 },
    );
  });

  it('D6 names no line that is not there: past the end of a file, or in a binary one', async () => {
    const r = started()
      .commit('feat: short (#1)', { files: { 'n.txt': 'one\n', 'e.txt': '' } })
      .commit('feat: picture (#2)', { files: { 'p.png': Buffer.from([0, 1]) } })
      .commit('feat: last line (#3)', { files: { 'n.txt': 'two\nthree\n' } })
      .commit('feat: last line again (#4)', { files: { 'n.txt': 'two\nfour\nfive\n', 'e.txt': 'now\n' } })
      .commit('feat: another picture (#5)', { files: { 'p.png': Buffer.from([0, 2]) } });
    const found = await discoverIn(r);
    expect(featureOf(found, 'pr-4').dependsOn).toEqual([
      {
        id: 'pr-1',
        because: [
          { kind: 'order', path: 'e.txt' },
          { kind: 'order', path: 'n.txt' },
        ],
      },
      { id: 'pr-3', because: [{ kind: 'line', path: 'n.txt', line: 1 }] },
    ]);
    expect(featureOf(found, 'pr-5').dependsOn).toEqual([
      { id: 'pr-2', because: [{ kind: 'line', path: 'p.png' }] },
    ]);
  });

  it('D6 sees a removal next to a change, which blame cannot', async () => {
    const text = lines(40).split('\n');
    const without = text.toSpliced(9, 1);
    const r = started()
      .commit('feat: less (#1)', { files: { 'a.txt': without.join('\n') } })
      .commit('feat: beside (#2)', { files: { 'a.txt': without.with(9, 'eleven').join('\n') } })
      .commit('feat: elsewhere (#3)', {
        files: { 'a.txt': without.with(9, 'eleven').with(30, 'far').join('\n') },
      });
    const { features } = await discoverIn(r);
    expect(features.map(({ dependsOn }) => dependsOn)).toEqual([
      [],
      [{ id: 'pr-1', because: [{ kind: 'conflict', path: 'a.txt', line: 10 }] }],
      [],
    ]);
  });

  it('D6 knows that an import needs what it imports, and a migration the one before it', async () => {
    const r = started()
      .commit('feat: store (#1)', {
        files: {
          'src/store.ts': 'export function open() {}\n',
          'migrations/001_a.sql': 'CREATE TABLE a (id int);\n',
        },
      })
      .commit('feat: page (#2)', {
        files: { 'src/page.ts': "import { open } from './store.ts';\nopen();\n" },
      })
      .commit('feat: more (#3)', { files: { 'migrations/002_b.sql': 'ALTER TABLE x DROP COLUMN y;\n' } });
    const discovery = await discoverIn(r);
    expect(featureOf(discovery, 'pr-2').dependsOn).toEqual([
      { id: 'pr-1', because: [{ kind: 'import', path: 'src/page.ts', line: 1 }] },
    ]);
    expect(featureOf(discovery, 'pr-3').dependsOn).toEqual([
      { id: 'pr-1', because: [{ kind: 'migration', path: 'migrations/002_b.sql' }] },
    ]);
    expect(featureOf(discovery, 'pr-1').flags.schema).toEqual({
      kind: 'sql',
      destructive: false,
      paths: ['migrations/001_a.sql'],
      changes: ['adds table a'],
    });
    expect(featureOf(discovery, 'pr-3').flags.schema?.destructive).toBe(true);
  });
});

describe('odd repositories', () => {
  it('D10 says why nothing waits', async () => {
    const same = await discoverIn(repo().commit('start'));
    expect(same.notes.join(' ')).toMatch(
      /Nothing waits: main is both.*--head.*There is no dev or develop branch/u,
    );
    const behind = started().checkout('main').commit('fix: later');
    expect((await discoverIn(behind)).notes[0]).toMatch(
      /dev has no commit that main lacks, and main is 1 ahead/u,
    );
    expect((await discoverIn(started())).notes[0]).toMatch(/dev and main are the same commit/u);
  });

  it('D10 refuses an unborn branch and a repository without a production branch, by contract', async () => {
    await expect(discoverIn(repo())).rejects.toMatchObject({ code: 'unborn-branch', exit: 78 });
    const r = repo().commit('start');
    r.git('branch', '-m', 'odd');
    await expect(discoverIn(r)).rejects.toMatchObject({ code: 'no-base', exit: 78 });
  });

  it('D10 blames orchestra.yaml for a branch it names that is missing, and takes the remote one in a fresh clone', async () => {
    const settings = (branches: object) =>
      settingsSchema.parse({
        version: 1,
        project: 'shop',
        services: { web: { start: 'node app.mjs' } },
        environments: { production: { port: 4999 } },
        branches,
      });
    const r = started().commit('feat: x', { files: { 'x.txt': '1\n' } });
    await expect(
      discoverIn(r, { settings: settings({ production: 'main', development: 'nodev' }) }),
    ).rejects.toMatchObject({
      code: 'unknown-ref',
      exit: 78,
      message: expect.stringMatching(/branches\.development.*"nodev"/u),
    });
    r.git('update-ref', 'refs/remotes/origin/main', 'main');
    r.git('branch', '-D', 'main');
    const discovery = await discoverIn(r, { settings: settings({ production: 'main', development: 'dev' }) });
    expect(discovery.base.ref).toBe('origin/main');
    expect(discovery.features).toHaveLength(1);
  });

  it('D10 works on a detached head, a dirty work tree and a shallow clone, and says so', async () => {
    const r = started().commit('feat: x', { files: { 'x.txt': '1\n' } });
    r.git('checkout', '-q', '--detach');
    r.write({ 'a.txt': 'dirty\n' });
    const discovery = await discoverIn(r);
    expect(discovery.features).toHaveLength(1);
    expect(discovery.notes.join(' ')).toMatch(/1 file has uncommitted changes.*detached/u);
    const clone = temporaryFolder();
    try {
      execFileSync('git', ['clone', '-q', '--depth', '1', '--no-single-branch', `file://${r.dir}`, clone], {
        stdio: 'ignore',
      });
      const git = await openGit(clone);
      expect(await git.checkout()).toMatchObject({ shallow: true });
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it('shows hostile names harmlessly and never takes them for options', async () => {
    const path = 'evil\n\u001b]0;owned\u0007.txt';
    const r = started()
      .commit('feat: \u001b[31mred\u0007 \u202etitle (#1)', {
        files: { [path]: '1\n', '--output=pwned': '1\n', '-evil': 'x\n' },
      })
      .commit('feat: again (#2)', { files: { [path]: '2\n', '--output=pwned': '2\n', '-evil': 'y\n' } })
      .commit('feat: latin (#3)');
    const blob = r.gitWith({ input: 'x' }, 'hash-object', '-w', '--stdin');
    const name = Buffer.concat([
      Buffer.from(`100644 ${blob}\t`),
      Buffer.from([0x66, 0xe9, 0x2e, 0x74]),
      Buffer.from('\0'),
    ]);
    r.gitWith({ input: name }, 'update-index', '-z', '--index-info');
    r.git('commit', '-q', '-m', 'feat: bytes (#4)');
    const discovery = await discoverIn(r);
    expect(discovery.features.map(({ id }) => id)).toEqual(['pr-1', 'pr-2', 'pr-3', 'pr-4']);
    expect(JSON.stringify(discovery)).not.toMatch(/\\u001b|\u202e|\\u0007/u);
    expect(featureOf(discovery, 'pr-2').dependsOn[0]).toMatchObject({ id: 'pr-1' });
    expect(() => readFileSync(join(r.dir, 'pwned'))).toThrow(/ENOENT/u);
  });
});
