import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostMark } from '../../../providers/runtime/atomic-file.ts';
import type { CheckResult } from '../../../src/domain/check.ts';
import { openMemory } from '../../../src/memory/open-memory.ts';
import { stoppedClock } from '../../harness/clock.ts';
import { aSuccess } from '../../harness/deployment.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { removeRepositories, repo, type Repository } from '../../harness/repository.ts';
import { runCommand, wholeProgram } from '../../harness/shell.ts';

const settings = `version: 1
project: shop
services:
  web:
    start: no-such-program app.mjs
    variables: { KEY: '\${A_SECRET_THAT_IS_NOT_SET}' }
environments:
  production:
    port: 4999
`;

let stateDir: string;
let r: Repository;
let memory: string;

beforeAll(() => {
  stateDir = temporaryFolder();
  process.env['ORCHESTRA_STATE_DIR'] = stateDir;
});
afterAll(() => {
  delete process.env['ORCHESTRA_STATE_DIR'];
  rmSync(stateDir, { recursive: true, force: true });
});
beforeEach(() => {
  r = repo().commit('feat: first', { files: { 'README.md': 'x\n' } });
  memory = path.join(r.dir, 'deployment_memory');
});
afterEach(removeRepositories);

async function run(...args: string[]) {
  const { code, out } = await runCommand(args, { ...wholeProgram, cwd: r.dir });
  return { code, text: out };
}

async function checks(...args: string[]) {
  const { code, text } = await run('doctor', '--json', ...args);
  const parsed: { checks: CheckResult[]; fixed?: string[] } = JSON.parse(text);
  return { code, ...parsed, of: (id: string) => parsed.checks.find((check) => check.id === id) };
}

/** Every file of the repository's memory, with its text. */
function files(): Record<string, string> {
  if (!existsSync(memory)) return {};
  const entries = readdirSync(memory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(memory, file), readFileSync(file, 'utf8')];
    }),
  );
}

describe('doctor', () => {
  it('W4 works before init, says what was skipped and why, and makes nothing', async () => {
    const { code, checks: all, of } = await checks();
    expect(code).toBe(0);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(of('git.version')?.status).toBe('passed');
    expect(of('settings.file')).toMatchObject({ status: 'skipped', detail: expect.stringContaining('init') });
    expect(of('memory.documents')?.status).toBe('skipped');
    expect(existsSync(memory)).toBe(false);
    const { text } = await run('doctor');
    expect(text).toMatch(/\n\d+ checks: \d+ ok, \d+ warnings?, 0 failed, \d+ skipped\n$/);
  });

  it('W4 tells of everything that is broken, each with how to mend it, and changes none of it', async () => {
    r.commit('build: configure', { files: { 'orchestra.yaml': settings } });
    const good = openMemory({ dir: memory, clock: stoppedClock() });
    await good.archive(aSuccess());
    const { id } = aSuccess();
    const record = path.join(memory, 'history', id, 'deployment.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('"orchestra/', '"orchestr'));
    mkdirSync(path.join(memory, 'patterns'));
    writeFileSync(path.join(memory, 'patterns', 'deployment_patterns.json'), '{"schema":');
    writeFileSync(path.join(memory, 'environments.json.corrupt-20260101T000000Z'), 'x');
    writeFileSync(path.join(memory, `.config.json.${hostMark}-999999999-${'a'.repeat(12)}.tmp`), 'x');
    mkdirSync(path.join(memory, 'history', '20250101_000000'));
    const lock = path.join(r.dir, '.git', 'index.lock');
    writeFileSync(lock, '');
    utimesSync(lock, new Date(0), new Date(0));
    const before = files();

    const { code, of } = await checks();
    expect(code).toBe(1);
    expect(of('memory.documents')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('deployment_patterns.json does not parse'),
    });
    expect(of('memory.records')).toMatchObject({ status: 'failed', detail: expect.stringContaining(id) });
    expect(of('memory.derived')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('20250101_000000'),
    });
    expect(of('memory.leftovers')?.status).toBe('warning');
    expect(of('memory.set-aside')?.detail).toContain('environments.json.corrupt-');
    expect(of('git.lock')?.fix).toContain('index.lock');
    expect(of('tools.programs')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('no-such-program'),
    });
    expect(of('settings.variables')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('A_SECRET_THAT_IS_NOT_SET'),
    });
    expect(files()).toEqual(before);
    rmSync(lock);
  });

  it('W4 names an entry of the audit trail that was altered, and one that was cut off', async () => {
    r.commit('build: configure', { files: { 'orchestra.yaml': settings } });
    await run('reset', '--yes', '--why', 'one');
    await run('reset', '--yes', '--why', 'two');
    expect((await checks()).of('audit.chain')).toMatchObject({
      status: 'passed',
      detail: expect.stringContaining('4 entries'),
    });
    const trail = path.join(memory, 'audit.ndjson');
    const whole = readFileSync(trail, 'utf8');
    writeFileSync(trail, whole.replace('"why":"one"', '"why":"none"'));
    expect((await checks()).of('audit.chain')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('entry 1 (line 1) was altered'),
    });
    writeFileSync(trail, `${whole.split('\n').slice(0, 2).join('\n')}\n`);
    expect((await checks()).of('audit.chain')?.detail).toContain('entries 3 to 4 are missing');
    writeFileSync(trail, whole);
    appendFileSync(trail, '{"torn');
    expect((await checks()).of('audit.chain')).toMatchObject({ status: 'warning' });
  });

  it('W4 --fix removes what killed writers left, derives anew, says so, and keeps what a person wrote', async () => {
    const good = openMemory({ dir: memory, clock: stoppedClock() });
    await good.archive(aSuccess());
    const config = readFileSync(path.join(memory, 'config.json'), 'utf8').replace(
      '"max_features_per_deployment": 15',
      '"max_features_per_deployment": 4',
    );
    writeFileSync(path.join(memory, 'config.json'), config);
    rmSync(path.join(memory, 'index'), { recursive: true });
    writeFileSync(path.join(memory, 'environments.json'), 'rubbish');
    mkdirSync(path.join(memory, 'patterns'));
    writeFileSync(
      path.join(memory, 'patterns', `.config.json.${hostMark}-999999999-${'a'.repeat(12)}.tmp`),
      'x',
    );
    const { code, fixed, of } = await checks('--fix');
    expect(code).toBe(0);
    expect(fixed?.join('\n')).toMatch(
      /1 leftover of killed writers removed[^]*environments.json could not be read/,
    );
    expect(of('memory.leftovers')?.status).toBe('passed');
    expect(of('memory.documents')?.status).toBe('passed');
    expect(existsSync(path.join(memory, 'index'))).toBe(true);
    expect(JSON.parse(files()['environments.json'] ?? '').environments.production.deployment).toBe(
      aSuccess().id,
    );
    expect(files()['config.json']).toBe(config);
    expect(
      Object.entries(files())
        .filter(([name]) => name.includes('.corrupt-'))
        .map(([, text]) => text),
    ).toEqual(['rubbish']);
  });

  it('W4 --fix is in the audit trail under the name that every other command has', async () => {
    r.git('config', 'user.name', 'Ann Release');
    mkdirSync(memory);
    await run('doctor', '--fix');
    const { text } = await run('audit', '--json');
    const parsed: { entries: { action: string; who: { name: string } }[] } = JSON.parse(text);
    expect(parsed.entries.map(({ action, who }) => [action, who.name])).toEqual([
      ['mend.done', 'Ann Release'],
      ['mend.requested', 'Ann Release'],
    ]);
  });

  it('W4 says what is wrong with orchestra.yaml and looks at the rest all the same', async () => {
    r.commit('build: configure', { files: { 'orchestra.yaml': 'version: 1\nproject: x\n' } });
    const { code, of } = await checks();
    expect(code).toBe(1);
    expect(of('settings.file')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('services'),
    });
    expect(of('providers.routers')?.status).toBe('skipped');
    expect(of('git.repository')?.status).toBe('passed');
  });

  it('M8 says that a reset was interrupted, and the next one ends it', async () => {
    await openMemory({ dir: memory, clock: stoppedClock() }).archive(aSuccess());
    await run('reset', '--yes');
    const [name = ''] = readdirSync(path.join(memory, 'backups'));
    const record = path.join(memory, 'backups', name, 'backup.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('"state": "done"', '"state": "away"'));
    expect((await checks()).of('memory.reset')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining(name),
    });
    const { text } = await run('reset', '--yes', '--json');
    expect(JSON.parse(text)).toMatchObject({ finished: true, backup: { name } });
    expect((await checks()).of('memory.reset')?.status).toBe('passed');
    expect(readdirSync(path.join(memory, 'backups'))).toEqual([name]);
  });
});
