import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../../../src/compose.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { lines, removeRepositories, repo, type Repository } from '../../harness/repository.ts';
import { runCommand, wholeProgram } from '../../harness/shell.ts';

const settings = `version: 1
project: shop
services:
  web:
    start: node app.mjs
environments:
  production:
    port: 4999
`;

let stateDir: string;
let r: Repository;

beforeAll(() => {
  stateDir = temporaryFolder();
  process.env['ORCHESTRA_STATE_DIR'] = stateDir;
});
afterAll(() => {
  delete process.env['ORCHESTRA_STATE_DIR'];
  rmSync(stateDir, { recursive: true, force: true });
});
beforeEach(() => {
  r = repo().commit('feat: first', { files: { 'orchestra.yaml': settings } });
});
afterEach(removeRepositories);

/** One command line with the whole program behind it; what it wrote, and its one JSON document. */
async function run(dir: string, ...args: string[]) {
  const { code, out: text, err } = await runCommand(args, { ...wholeProgram, cwd: dir });
  const documents = args.includes('--json') ? text.split('\n').filter(Boolean) : [];
  return {
    code,
    text,
    notes: err,
    count: documents.length,
    json: (): unknown => JSON.parse(documents[0] ?? 'null'),
  };
}

const error = (code: string) => ({
  error: { code, message: expect.any(String), hint: expect.any(String) },
});

describe('a command that cannot do its work', () => {
  it('W2 says that no command is named', async () => {
    const { code, json } = await run(r.dir, '--json');
    expect(code).toBe(2);
    expect(json()).toMatchObject({ error: { code: 'usage', message: 'no command is named' } });
  });

  it.each([['status'], ['rollback'], ['abort'], ['promote'], ['pause'], ['resume'], ['history']])(
    'W2 `deploy %s` ends with 78 for an environment that does not exist',
    async (sub) => {
      const { code, json, count } = await run(r.dir, 'deploy', sub, '--env', 'nope', '--json', '--no-input');
      expect({ code, count }).toEqual({ code: 78, count: 1 });
      expect(json()).toMatchObject(error('unknown-environment'));
    },
  );

  it.each([[['--undo', '--keep-preferences']], [['--list', '--undo']], [['--list', '--keep-preferences']]])(
    'M8 `reset %j` ends with 2 and does neither',
    async (options) => {
      const { code, json, count } = await run(r.dir, 'reset', ...options, '--yes', '--json');
      expect({ code, count }).toEqual({ code: 2, count: 1 });
      expect(json()).toMatchObject(error('usage'));
    },
  );

  it.each([
    ['discover', '--base'],
    ['discover', '--head'],
    ['deploy', '--version'],
  ])('W2 `%s %s` ends with 2 for a ref that git would take for an option', async (command, option) => {
    const { code, json } = await run(r.dir, command, option, '--output=x', '--json');
    expect(code).toBe(2);
    expect(json()).toMatchObject(error('bad-ref'));
  });

  it.each([
    ['discover', '--base'],
    ['discover', '--head'],
    ['deploy', '--version'],
  ])('`%s %s` ends with 2 for a revision that does not exist', async (command, option) => {
    const { code, json } = await run(r.dir, command, option, 'nope', '--json');
    expect(code).toBe(2);
    expect(json()).toMatchObject(error('unknown-ref'));
  });

  it('gives each problem of the settings a line of its own', async () => {
    r.write({ 'orchestra.yaml': settings.replace('port:', 'prot:').replace('start:', 'strat:') });
    const { notes } = await run(r.dir, 'status');
    expect(notes.split('\n').filter((line) => /^  orchestra\.yaml:\d+: /u.test(line)).length).toBeGreaterThan(
      1,
    );
  });

  it('`status` says what is wrong in the settings, with the nearest known name', async () => {
    r.write({ 'orchestra.yaml': settings.replace('port:', 'prot:') });
    const { code, json } = await run(r.dir, 'status', '--json');
    expect(code).toBe(78);
    expect(json()).toMatchObject(error('bad-config'));
    expect(JSON.stringify(json())).toContain('did you mean \\"port\\"?');
  });

  it('`status` and `history` work before there are settings', async () => {
    r.write({ 'orchestra.yaml': null });
    expect((await run(r.dir, 'status', '--json')).json()).toMatchObject({ active: [], environments: [] });
    expect((await run(r.dir, 'history', '--json')).json()).toEqual([]);
  });

  it.each([
    ['select', 'all'],
    ['deploy', '--version', 'main', '--yes', '--no-input'],
    ['init', '--no-input'],
  ])('W2 `%s %s` ends with 74 where the memory cannot be read or written', async (...args) => {
    r.branch('dev').commit('feat: second', { files: { 'b.txt': '1\n' } });
    r.write({ deployment_memory: 'in the way' });
    const { code, json, count } = await run(r.dir, ...args, '--json');
    expect({ code, count }).toEqual({ code: 74, count: 1 });
    expect(json()).toMatchObject({
      error: { message: expect.stringContaining('deployment_memory'), hint: expect.stringMatching(/rights/) },
    });
  });

  it('`init` says why it cannot work in a bare repository', async () => {
    const bare = repo({ bare: true });
    const { code, json } = await run(bare.dir, 'init', '--json');
    expect(code).toBe(78);
    expect(json()).toMatchObject(error('bare-repository'));
  });
});

describe('`select --prove`', () => {
  it('D5 still says what the closure added, and why', async () => {
    r.commit('feat: list', { files: { 'list.txt': lines(20) } }).branch('dev');
    r.commit('feat(one): one', { files: { 'list.txt': lines(20, { 10: 'one' }) } });
    r.commit('fix(two): two', { files: { 'list.txt': lines(20, { 10: 'two' }) } });
    const { features } = await (await compose(r.dir)).discover({});
    const id = features[1]?.id ?? '';
    const { json } = await run(r.dir, 'select', id, '--prove', '--json');
    expect(json()).toMatchObject({
      selected: [features[0]?.id, id],
      added: [{ id: features[0]?.id, because: [expect.stringContaining('list.txt:10')] }],
      proof: { ok: true, complement: { ok: true } },
    });
  });
});

describe('a linked work tree', () => {
  it('N4 shares the memory of the main one, so that two people see the same lock and history', async () => {
    const linked = join(temporaryFolder(), 'linked');
    try {
      r.git('worktree', 'add', '-q', '--detach', linked);
      await (
        await compose(linked)
      ).saveSelection({
        schema: 'orchestra/selection@1',
        selected: ['a'],
        added: [],
      });
      expect(await (await compose(r.dir)).savedSelection()).toMatchObject({ selected: ['a'] });
    } finally {
      rmSync(join(linked, '..'), { recursive: true, force: true });
    }
  });
});
