import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openGit } from '../../../providers/runtime/git.ts';
import { createCandidateBuilder } from '../../../src/planning/candidate.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { discoverIn, noLockfileTools, sourceOf } from '../../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../../harness/repository.ts';
import { runCommand, wholeProgram } from '../../harness/shell.ts';

const settings = (extra = '') => `version: 1
project: shop
services:
  web:
    start: node app.mjs
environments:
  production:
    port: 4999
${extra}`;

let stateDir: string;
beforeAll(() => {
  stateDir = temporaryFolder();
  process.env['ORCHESTRA_STATE_DIR'] = stateDir;
});
afterAll(() => {
  delete process.env['ORCHESTRA_STATE_DIR'];
  rmSync(stateDir, { recursive: true, force: true });
});
afterEach(removeRepositories);

const run = (r: Repository, ...args: string[]) =>
  runCommand(['-C', r.dir, '--no-input', ...args], { ...wholeProgram, cwd: r.dir });

const documentSchema = z.looseObject({
  schema: z.literal('orchestra/diff@1'),
  nothing: z.string().nullable(),
  from: z.object({ name: z.string(), sha: z.string(), deployed: z.boolean() }),
  to: z.object({ name: z.string(), sha: z.string().nullable(), tree: z.string() }),
  features: z.array(z.looseObject({ id: z.string(), commits: z.array(z.looseObject({ sha: z.string() })) })),
  removed: z.array(z.looseObject({ id: z.string() })),
});

async function diffOf(r: Repository, ...args: string[]) {
  const { code, out } = await run(r, 'deploy', 'diff', '--env', 'production', '--json', ...args);
  if (code === 1) throw new Error(out);
  expect(out.trim().split('\n')).toHaveLength(1);
  return { code, document: documentSchema.parse(JSON.parse(out)) };
}

const shop = (): Repository =>
  repo()
    .commit('feat: first', { files: { 'orchestra.yaml': settings(), 'a.txt': lines(20) } })
    .branch('dev')
    .pullRequest(1, 'feat: users', [
      [
        'feat: users table',
        {
          files: { 'db/migrations/001_users.sql': 'CREATE TABLE users (id INT);\n' },
          author: 'Ada Lovelace',
        },
      ],
    ])
    .commit('feat: ten (#2)', { files: { 'a.txt': lines(20, { 10: 'ten' }) }, author: 'Grace Hopper' });

/** Says that a candidate of these features runs in production. */
async function deployed(r: Repository, ids: string[]): Promise<string> {
  const discovery = await discoverIn(r);
  const builder = createCandidateBuilder(await openGit(r.dir), noLockfileTools);
  const { sha } = await builder.build('20260101_120000', sourceOf(discovery, ids), null);
  r.git('update-ref', 'refs/orchestra/deployed/production', sha);
  return sha;
}

describe('deploy diff', () => {
  it('G5 lists commits with their authors, files with their lines, schema changes and the plan', async () => {
    const r = shop();
    const stable = await deployed(r, ['pr-2']);
    const { code, document } = await diffOf(r, '--select', 'all');
    expect(code).toBe(0);
    expect(document).toMatchObject({
      nothing: null,
      environment: 'production',
      from: { sha: stable, deployed: true },
      to: { sha: null, tree: r.tree('dev') },
      features: [
        {
          id: 'pr-1',
          pullRequest: 1,
          commits: [
            { subject: 'feat: users table', author: 'Ada Lovelace' },
            { subject: 'Merge pull request #1 from team/topic/1' },
          ],
        },
      ],
      removed: [],
      files: [{ path: 'db/migrations/001_users.sql', status: 'added', additions: 1, deletions: 0 }],
      additions: 1,
      deletions: 0,
      schemaChanges: [{ feature: 'pr-1', destructive: false, paths: ['db/migrations/001_users.sql'] }],
      apiChanges: [],
    });
    expect(document['strategy']).toEqual(expect.any(String));
    const { out } = await run(r, 'deploy', 'diff', '--env', 'production', '--select', 'all');
    expect(out).toContain('feat: users table (Ada Lovelace)');
    expect(out).toContain('A db/migrations/001_users.sql  +1 −0');
  });

  it('G5 says of an existing version also what it would take away', async () => {
    const r = shop();
    await deployed(r, ['pr-1', 'pr-2']);
    const { document } = await diffOf(r, '--version', 'main');
    expect(document).toMatchObject({
      nothing: null,
      to: { name: 'main', sha: r.sha('main') },
      features: [],
      files: [
        { path: 'a.txt', status: 'modified' },
        { path: 'db/migrations/001_users.sql', status: 'deleted' },
      ],
    });
    expect(document.removed.map(({ id }) => id).sort()).toEqual(['pr-1', 'pr-2']);
    expect((await diffOf(r, '--version', 'dev')).document.removed).toEqual([]);
  });

  it('G5 compares a first deployment with the base, and says so', async () => {
    const r = shop();
    const { code, document } = await diffOf(r, '--select', 'pr-2');
    expect(code).toBe(0);
    expect(document.from).toEqual({ name: 'main', sha: r.sha('main'), deployed: false });
    const { out } = await run(r, 'deploy', 'diff', '--select', 'pr-2');
    expect(out).toContain('Nothing is deployed to production yet: this is against main.');
  });

  it('G5 says that nothing would change, and that is no failure', async () => {
    const r = shop();
    await deployed(r, ['pr-1', 'pr-2']);
    const { code, document } = await diffOf(r, '--select', 'all');
    expect(code).toBe(0);
    expect(document.nothing).toMatch(/nothing to deploy/u);
    expect(document.features).toEqual([]);
    expect((await diffOf(r, '--version', 'refs/orchestra/deployed/production')).document.nothing).toMatch(
      /runs .* already/u,
    );
  });

  it('G5 shows which settings differ, where they are looser, and variables newly needed, never a value', async () => {
    const r = shop();
    await deployed(r, ['pr-2']);
    r.write({
      'orchestra.yaml': settings(
        '    thresholds:\n      error_rate: 9\n    variables:\n      KEY: ${PAY_KEY}\n      PLAIN: hunter2\n',
      ),
    });
    const { document } = await diffOf(r, '--select', 'all');
    expect(document).toMatchObject({
      settings: {
        changed: expect.arrayContaining([
          { key: 'environments.production.thresholds.error_rate', before: '1', after: '9' },
          { key: 'environments.production.variables.PLAIN', before: null, after: '(not shown)' },
        ]),
        loosened: ['the error rate threshold rises from 1 % to 9 %'],
      },
      variables: ['PAY_KEY'],
    });
    expect(JSON.stringify(document)).not.toContain('hunter2');
  });

  it('G5 keeps the exit codes: an unknown environment 78, an unknown feature or revision 2, both ways to name it 2', async () => {
    const r = shop();
    const code = async (...args: string[]) => (await run(r, 'deploy', 'diff', '--json', ...args)).code;
    expect(await code('--env', 'nowhere')).toBe(78);
    expect(await code('--select', 'pr-99')).toBe(2);
    expect(await code('--version', 'nowhere')).toBe(2);
    expect(await code('--version', 'main', '--select', 'all')).toBe(2);
  });
});
