import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../../src/domain/deployment.ts';
import type { SignOff } from '../../../src/domain/sign-off.ts';
import { environment } from '../../../src/gates/before/environment.ts';
import { migrations } from '../../../src/gates/before/migrations.ts';
import { otherDeployment } from '../../../src/gates/before/other-deployment.ts';
import { quality } from '../../../src/gates/before/quality.ts';
import { rollbackPlan } from '../../../src/gates/before/rollback-plan.ts';
import { signOffs } from '../../../src/gates/before/sign-offs.ts';
import { staging } from '../../../src/gates/before/staging.ts';
import { tests } from '../../../src/gates/before/tests.ts';
import { variables } from '../../../src/gates/before/variables.ts';
import { aDeployment, aSuccess, shipped } from '../../harness/deployment.ts';
import { gatedPlan, looked, suiteRun } from '../../harness/gates.ts';
import { candidate, stable } from '../../harness/world.ts';

const suite = (name: string) => ({ name, kind: 'unit' as const, run: `run ${name}`, timeoutMs: 1000 });
const ran = (plan: Deployment['plan'], ...suites: Deployment['suites']): Deployment => ({
  ...aDeployment().built().build(),
  plan,
  suites,
});
const status = (name: 'passed' | 'failed' | 'skipped', detail: string) => ({
  status: name,
  detail: expect.stringContaining(detail),
});

describe('G1 tests', () => {
  const plan = gatedPlan({}, { suites: [suite('unit')] });

  it('passes, fails and is skipped by what the suites of the candidate did', async () => {
    expect(await looked(tests, { plan, deployment: ran(plan, suiteRun('unit', 'passed')) })).toMatchObject(
      status('passed', '1 suite passed'),
    );
    expect(await looked(tests, { plan, deployment: ran(plan, suiteRun('unit', 'timed_out')) })).toMatchObject(
      {
        ...status('failed', 'unit timed out'),
        fix: expect.stringContaining('mend'),
      },
    );
    expect(await looked(tests, { plan })).toMatchObject(status('skipped', 'once it is built'));
    expect(await looked(tests)).toMatchObject(status('skipped', 'names no suites'));
  });

  it('passes for a candidate that is only planned where the very same tree was tested before', async () => {
    const past = { ...aSuccess(), plan, suites: [suiteRun('unit', 'passed')] };
    if (past.candidate.kind === 'none') throw new Error('a success has a candidate');
    const memory = {
      history: async () => [{ id: past.id }],
      record: async () => past,
    } as unknown as Parameters<typeof tests.look>[0]['ports']['memory'];
    expect(await looked(tests, { plan, tree: past.candidate.tree }, { memory })).toMatchObject(
      status('passed', past.id),
    );
    expect(await looked(tests, { plan, tree: 'another' }, { memory })).toMatchObject({ status: 'skipped' });
  });
});

describe('G1 quality', () => {
  const plan = gatedPlan({}, { suites: [suite('unit'), suite('quality')] });

  it('is what the suite of that name did, and nothing of the tests', async () => {
    const bad = ran(plan, suiteRun('unit', 'passed'), suiteRun('quality', 'failed'));
    expect(await looked(quality, { plan, deployment: bad })).toMatchObject(status('failed', 'exit code 1'));
    expect(await looked(tests, { plan, deployment: bad })).toMatchObject({ status: 'passed' });
    const good = ran(plan, suiteRun('unit', 'failed'), suiteRun('quality', 'passed'));
    expect(await looked(quality, { plan, deployment: good })).toMatchObject({ status: 'passed' });
    expect(await looked(quality)).toMatchObject(status('skipped', 'no command is named'));
  });
});

describe('G1 migrations', () => {
  const feature = shipped('users', {
    flags: {
      breaking: false,
      testsTouched: true,
      schema: { kind: 'sql', destructive: false, paths: ['db/0002_add.sql'] },
    },
  });
  const source = {
    kind: 'selection' as const,
    base: { ref: 'main', sha: stable.sha },
    head: { ref: 'dev', sha: candidate.sha },
    features: [feature],
  };
  const base = gatedPlan();
  const plan = { ...base, service: { ...base.service, migrate: 'npm run migrate' } };
  const git = (names: string) =>
    ({ run: async () => ({ stdout: Buffer.from(names), stderr: '', exitCode: 0 }) }) as unknown as Parameters<
      typeof migrations.look
    >[0]['ports']['git'];

  it('need a command that runs them', async () => {
    expect(await looked(migrations, { source })).toMatchObject(status('failed', 'db/0002_add.sql'));
    expect(await looked(migrations, { source, plan }, { git: git('0001_a.sql\0') })).toMatchObject(
      status('passed', 'npm run migrate'),
    );
    expect(await looked(migrations)).toMatchObject(status('skipped', 'an existing revision'));
  });

  it('come after those that ran already', async () => {
    expect(
      await looked(migrations, { source, plan }, { git: git(['0001_a.sql', 'README.md', ''].join('\0')) }),
    ).toMatchObject(status('passed', 'db/0002'));
    expect(
      await looked(migrations, { source, plan }, { git: git(['0001_a.sql', '0010_b.sql', ''].join('\0')) }),
    ).toMatchObject(status('failed', 'sorts before 0010_b.sql'));
  });

  it('have a person’s word where they take data away', async () => {
    const destructive = { ...plan, destructive: ['drops column users.email'] };
    const ports = { git: git('') };
    expect(await looked(migrations, { source, plan: destructive }, ports)).toMatchObject(
      status('failed', 'takes data away'),
    );
    expect(
      await looked(migrations, { source, plan: destructive, allowDestructive: true }, ports),
    ).toMatchObject({ status: 'passed' });
  });
});

describe('G1 variables', () => {
  const base = gatedPlan();
  const plan = {
    ...base,
    service: { ...base.service, variables: { URL: 'db://${DB_HOST}:${PORT}', KEY: '${API_KEY}' } },
  };
  const machine = (...set: string[]) => ({
    hasVariable: (name: string) => set.includes(name),
    listens: async () => false,
  });

  it('names what is missing and where it is needed', async () => {
    const found = await looked(variables, { plan }, { machine: machine('DB_HOST') });
    expect(found).toMatchObject(status('failed', 'API_KEY (for KEY of app)'));
    expect(found.detail).not.toContain('PORT');
  });

  it('passes with all of them, and is skipped where none is needed', async () => {
    const all = { machine: machine('DB_HOST', 'API_KEY') };
    expect(await looked(variables, { plan }, all)).toMatchObject(status('passed', '2 of 2'));
    expect(await looked(variables)).toMatchObject({ status: 'skipped' });
  });
});

describe('G1 environment', () => {
  const platform = (healthy: boolean) => ({
    running: async () => [{ version: stable, pid: 1, startTime: '1', port: 1, log: '' }],
    healthy: async () => healthy,
  });

  it('passes beside a healthy stable, fails beside a sick one', async () => {
    expect(await looked(environment, {}, { platform: platform(true) })).toMatchObject(status('passed', 'v1'));
    expect(await looked(environment, {}, { platform: platform(false) })).toMatchObject(
      status('failed', '1 of 1 copy of v1 not healthy'),
    );
  });

  it('lets what serves already be started again however it is', async () => {
    const again = { sha: stable.sha };
    expect(await looked(environment, again, { platform: platform(false) })).toMatchObject({
      status: 'passed',
    });
  });

  it('fails where another program has the port, or the router’s is missing', async () => {
    const router = { alive: async () => false, read: () => Promise.reject(new Error('not read')) };
    const machine = { hasVariable: () => true, listens: async () => true };
    expect(await looked(environment, {}, { router, machine })).toMatchObject(
      status('failed', 'taken by another program'),
    );
    const missingRouter = async () => ({ why: 'haproxy is not installed', hint: 'install it' });
    expect(await looked(environment, {}, { missingRouter })).toMatchObject({
      ...status('failed', 'haproxy'),
      fix: 'install it',
    });
  });
});

describe('G1 other deployment', () => {
  const held = {
    environment: 'production',
    deployment: 'd1',
    owner: { name: 'Bo', face: 'cli' as const },
    reason: 'deploy',
    since: '2026-01-31T14:25:00.000Z',
    face: { pid: 1, startTime: '1' },
    conductor: null,
    fence: 1,
  };
  const journals = { current: async () => ['d1'] };

  it('fails while another holds the environment, and passes for its own', async () => {
    const lock = { read: async () => held };
    expect(await looked(otherDeployment, {}, { lock, journals })).toMatchObject(
      status('failed', 'held by Bo'),
    );
    const own = { ...aDeployment().build(), id: 'd1' };
    expect(await looked(otherDeployment, { deployment: own }, { lock, journals })).toMatchObject({
      status: 'passed',
    });
    expect(await looked(otherDeployment)).toMatchObject(status('passed', 'nothing else'));
  });
});

describe('G1 staging', () => {
  const after = (comesAfter: { before: string } | { none: string }) => {
    const plan = gatedPlan();
    return { plan: { ...plan, gates: plan.gates && { ...plan.gates, comesAfter } } };
  };

  it('passes where the very same candidate served there, fails where another did', async () => {
    const served = (version: typeof stable) => ({ served: async () => [{ deployment: 'd0', version }] });
    const asked = after({ before: 'staging' });
    expect(await looked(staging, asked, served(candidate))).toMatchObject(status('passed', 'd0'));
    expect(await looked(staging, asked, served(stable))).toMatchObject({
      ...status('failed', 'staging runs v1'),
      fix: expect.stringContaining('--from staging'),
    });
    expect(await looked(staging, after({ none: 'nothing has to come before' }))).toMatchObject(
      status('skipped', 'nothing has to come before'),
    );
  });
});

describe('G1 sign-offs', () => {
  const given = (name: string, by: string, tree = 't'): SignOff => ({
    name,
    tree,
    by: { name: by, face: 'cli' },
    at: '2026-01-31T14:25:00.000Z',
  });
  const plan = (...all: SignOff[]) =>
    gatedPlan({ sign_offs: { names: ['qa', 'docs'], by_another: true } }, { signOffs: all });

  it('pass once every name has one for this very candidate', async () => {
    expect(await looked(signOffs, { plan: plan(given('qa', 'Bo'), given('docs', 'Cy')) })).toMatchObject(
      status('passed', 'qa by Bo at 2026-01-31 14:25Z'),
    );
    expect(await looked(signOffs)).toMatchObject(status('skipped', 'none is asked for'));
  });

  it('do not count for another candidate, nor by who asked where another has to', async () => {
    const found = await looked(signOffs, { plan: plan(given('qa', 'Bo', 'other'), given('docs', 'Ana')) });
    expect(found).toMatchObject(status('failed', 'missing for this candidate: qa'));
    expect(found.detail).toContain('docs was signed off by who asked');
  });
});

describe('G1 rollback plan', () => {
  it('passes with the paper, fails without it, is skipped before there are papers', async () => {
    const with_ = (papers: string[]) => ({ deployment: { ...aDeployment().build(), papers } });
    expect(await looked(rollbackPlan, with_(['current/x/ROLLBACK.md']))).toMatchObject({ status: 'passed' });
    expect(await looked(rollbackPlan, with_(['current/x/GUIDE.md']))).toMatchObject({ status: 'failed' });
    expect(await looked(rollbackPlan)).toMatchObject({ status: 'skipped' });
  });
});
