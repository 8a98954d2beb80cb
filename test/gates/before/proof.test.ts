import { afterEach, describe, expect, it } from 'vitest';
import { createScanners } from '../../../providers/suites/scanners.ts';
import { scanSecrets } from '../../../providers/suites/scan-secrets.ts';
import type { Deployment } from '../../../src/domain/deployment.ts';
import { gatesSettingsSchema } from '../../../src/domain/gate-settings.ts';
import type { HistoryRow } from '../../../src/domain/memory.ts';
import type { SuitePlan } from '../../../src/domain/plan.ts';
import type { SuiteState } from '../../../src/domain/suite-result.ts';
import { coverage } from '../../../src/gates/before/coverage.ts';
import { dependencies } from '../../../src/gates/before/dependencies.ts';
import { performance } from '../../../src/gates/before/performance.ts';
import { secrets } from '../../../src/gates/before/secrets.ts';
import { security } from '../../../src/gates/before/security.ts';
import { gatePorts } from '../../../src/engine/gate-ports.ts';
import { runningSubject } from '../../../src/engine/gate-subject.ts';
import type { GateContext } from '../../../src/gates/gate.ts';
import type { Scanners } from '../../../src/ports/scanners.ts';
import type { Runner } from '../../../src/ports/runner.ts';
import { rolledOutDeployment } from '../../harness/rolled-out.ts';
import { temporaryRepository, type TemporaryRepository } from '../../harness/temporary-repository.ts';
import { World } from '../../harness/world.ts';

const suite: SuitePlan = {
  name: 'unit',
  kind: 'unit',
  run: 'true',
  timeoutMs: 1000,
  coverage: 'lcov.info',
  measurements: 'm.json',
  findings: 'f.sarif',
};

/** A deployment whose suite left this. */
function ran(change: Partial<SuiteState>, candidate = 'c'.repeat(40)): Deployment {
  const d = rolledOutDeployment();
  const state: SuiteState = {
    suite: 'unit',
    kind: 'unit',
    status: 'passed',
    exitCode: 0,
    durationMs: 1,
    log: '',
    tail: [],
    ...change,
  };
  return {
    ...d,
    plan: { ...d.plan, suites: [suite] },
    suites: [state],
    candidate: { kind: 'built', version: { sha: candidate, name: 'new' }, tree: '', branch: null },
  };
}

function context(
  deployment: Deployment,
  settings: object = {},
  ports: Partial<GateContext['ports']> = {},
): GateContext {
  const world = new World();
  world.remove();
  return {
    subject: runningSubject(deployment),
    settings: gatesSettingsSchema.parse(settings),
    ports: { ...gatePorts(world.conductor()), ...ports },
  };
}

describe('the gate of coverage', () => {
  const covered = { covered: 799, total: 1000, source: 'lcov.info', changed: { covered: 3, total: 4 } };
  const look = (change: Partial<SuiteState>, limits: object = {}) =>
    coverage.look(context(ran(change), { coverage: limits }));

  it('G1 fails below a minimum of all lines or of the changed ones, and says both', () => {
    expect(look({ coverage: covered }, { minimum: 80 })).toMatchObject({
      status: 'failed',
      detail:
        '79.9 % (799 of 1000) of the lines in unit, 75 % (3 of 4) of the changed lines; 80 % of all are asked for',
    });
    expect(look({ coverage: covered }, { minimum: 79, changed_minimum: 76 })).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('76 % of the changed ones are asked for'),
    });
    expect(look({ coverage: covered }, { minimum: 79.9, changed_minimum: 75 })).toMatchObject({
      status: 'passed',
    });
  });

  it('is not passed where nothing was read or nothing is asked for', () => {
    expect(look({ coverage: covered })).toMatchObject({ status: 'skipped' });
    const problems = ['coverage lcov.info: it is not there'];
    expect(look({ problems }, { minimum: 1 })).toMatchObject({
      status: 'failed',
      detail: 'no coverage could be read: coverage lcov.info: it is not there',
    });
    expect(look({ problems })).toMatchObject({ status: 'skipped' });
  });
});

describe('the gate of performance', () => {
  type Measured = SuiteState['measurements'];
  const row: HistoryRow = {
    id: '',
    environment: 'production',
    kind: 'deploy',
    outcome: 'succeeded',
  } as HistoryRow;
  const look = (now: Measured, past: Measured[]) => {
    const of = (measurements: Measured) => ran(measurements ? { measurements } : {});
    const base = context(of(now));
    const memory: GateContext['ports']['memory'] = {
      ...base.ports.memory,
      history: async () => past.map((_, i) => ({ ...row, id: String(i) })),
      record: async (id) => of(past[Number(id)]),
    };
    return performance.look({ ...base, ports: { ...base.ports, memory } });
  };

  it('G1 fails what is worse than the baseline by more than 10 %, and says by how much', async () => {
    const past = [10, 10.4, 9].map((value) => [{ name: 'p95', value, unit: 'ms' }]);
    expect(await look([{ name: 'p95', value: 11.5, unit: 'ms' }], past)).toMatchObject({
      status: 'failed',
      detail:
        'p95 11.5 ms, before 10: 15 % worse, by the limit alone; against 3 succeeded deployments, 10 % may be lost',
    });
    expect(await look([{ name: 'p95', value: 10.9, unit: 'ms' }], past)).toMatchObject({ status: 'passed' });
  });

  it('takes more for better where the suite says so', async () => {
    const rps = (value: number) => [{ name: 'rps', value, higherIsBetter: true as const }];
    expect(await look(rps(80), [rps(100)])).toMatchObject({ status: 'failed' });
    expect(await look(rps(200), [rps(100)])).toMatchObject({ status: 'passed' });
  });

  it('passes what noise explains, and fails what it does not', async () => {
    const wide = (value: number, spread: number) => [
      { name: 't', value, samples: Array.from({ length: 12 }, (_, i) => value + spread * (i - 5.5)) },
    ];
    expect(await look(wide(112, 20), [wide(100, 20)])).toMatchObject({
      status: 'passed',
      detail: expect.stringContaining('which noise explains'),
    });
    expect(await look(wide(112, 0.5), [wide(100, 0.5)])).toMatchObject({
      status: 'failed',
      detail: expect.not.stringContaining('limit alone'),
    });
  });

  it('is skipped without a baseline, and failed where the suite measured nothing', async () => {
    expect(await look([{ name: 'a', value: 1 }], [])).toMatchObject({ status: 'skipped' });
    expect(await look(undefined, [])).toMatchObject({
      status: 'failed',
      detail: 'unit left no measurements',
    });
  });
});

describe('the gate of secrets', () => {
  let repository: TemporaryRepository;
  afterEach(() => repository.remove());

  const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
  const none: Scanners = {
    secrets: async () => ({ lines: 0, found: [] }),
    dependencies: async () => ({ skipped: 'nothing' }),
  };

  it('G1 names file, line and rule of a secret that is added, never the secret, and none that was there before', async () => {
    repository = await temporaryRepository();
    const base = repository.commit({ 'old.env': `OLD=${token}\n`, 'a.txt': '1\n2\n3\n' });
    const sha = repository.commit({ 'a.txt': `1\n2\n3\nkey=${token}\n`, 'b.txt': 'nothing\n' });
    const found = await scanSecrets(repository.git, base, sha);
    expect(found).toEqual({ lines: 2, found: [{ path: 'a.txt', line: 4, rule: 'github GITHUB_TOKEN' }] });
    const deployment = { ...ran({}, sha), stable: { sha: base, name: 'v1' } };
    const look = (ignore: string[]) =>
      secrets.look(
        context(deployment, { secrets: { ignore } }, { scanners: { ...none, secrets: async () => found } }),
      );
    const refused = await look([]);
    expect(refused).toMatchObject({
      status: 'failed',
      detail: '1 secret in 2 added lines looked at: a.txt:4 (github GITHUB_TOKEN)',
    });
    expect(JSON.stringify([refused, found])).not.toContain(token);
    expect(await look(['a.txt'])).toMatchObject({
      status: 'passed',
      detail: '2 added lines looked at, 1 in what is ignored',
    });
  });

  it('is never passed where the search for them dies', async () => {
    repository = await temporaryRepository();
    const dead = { exitCode: null, signal: 'SIGKILL', timedOut: true, durationMs: 1 };
    const runner: Runner = { shell: async () => dead, program: async () => dead };
    const scanners = createScanners({ git: repository.git, runner, scannerEntry: () => 'scanner.js' });
    await expect(scanners.secrets('a', 'b')).rejects.toThrow('did not end in 120 seconds');
  });

  it('G1 what a package manager cannot be asked is skipped with the reason', async () => {
    repository = await temporaryRepository();
    const answer = (text: string, exitCode: number): Runner => ({
      shell: async () => ({ exitCode, signal: null, timedOut: false, durationMs: 1 }),
      program: async (_, { onOutput }) => {
        onOutput?.(Buffer.from(text));
        return { exitCode, signal: null, timedOut: false, durationMs: 1 };
      },
    });
    const ask = (sha: string, text: string, exitCode = 1) =>
      createScanners({
        git: repository.git,
        runner: answer(text, exitCode),
        scannerEntry: () => '',
      }).dependencies(sha);
    expect(await ask(repository.commit({ 'a.txt': '' }), '')).toMatchObject({
      skipped: expect.stringContaining('no lockfile'),
    });
    const sha = repository.commit({ 'package-lock.json': '{}', 'package.json': '{}' });
    expect(await ask(sha, '', 127)).toEqual({ skipped: 'npm is not installed here' });
    expect(await ask(sha, '{"message":"405 Method Not Allowed","error":{}}')).toMatchObject({
      skipped: expect.stringContaining('npm audit could not ask: exit code 1'),
    });
    const via = [{ title: 'Prototype Pollution' }];
    const vulnerabilities = { lodash: { severity: 'critical', range: '<4.17.12', via } };
    expect(await ask(sha, JSON.stringify({ vulnerabilities }))).toEqual({
      tool: 'npm audit',
      findings: [{ severity: 'critical', title: 'lodash <4.17.12: Prototype Pollution' }],
    });
  });
});

describe('the gates of findings and dependencies', () => {
  const high = { severity: 'high' as const, title: 'X1: sql', place: 'a.js:3' };
  const low = { severity: 'low' as const, title: 'Y' };

  it('G1 fail what is grave enough, and tell the rest', async () => {
    const look = (change: Partial<SuiteState>) => security.look(context(ran(change)));
    expect(look({ findings: [high, low] })).toMatchObject({
      status: 'failed',
      detail: '1 high: X1: sql (a.js:3)',
    });
    expect(look({ findings: [low] })).toMatchObject({ status: 'passed', detail: 'unit: 1 low' });
    expect(look({})).toMatchObject({ status: 'failed' });
    const asked = (answer: Awaited<ReturnType<Scanners['dependencies']>>) => {
      const scanners: Scanners = {
        secrets: async () => ({ lines: 0, found: [] }),
        dependencies: async () => answer,
      };
      return dependencies.look(context(ran({}), {}, { scanners }));
    };
    expect(await asked({ tool: 'npm audit', findings: [high] })).toMatchObject({ status: 'failed' });
    expect(await asked({ tool: 'npm audit', findings: [] })).toMatchObject({
      status: 'passed',
      detail: 'npm audit knows of none',
    });
    expect(await asked({ skipped: 'npm is not installed here' })).toMatchObject({ status: 'skipped' });
  });
});
