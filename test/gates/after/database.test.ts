import { describe, expect, it } from 'vitest';
import type { ActionPlan } from '../../../src/domain/action.ts';
import { database } from '../../../src/gates/after/database.ts';
import type { ActionOutcome } from '../../../src/ports/actions.ts';
import { rolledOut, type RolledOutOptions } from '../../harness/rolled-out.ts';

const dependency = (name: string): ActionPlan => ({
  kind: 'dependency-check',
  name,
  at: ['before-deployment', 'before-phase'],
  timeoutMs: 1000,
  onFailure: 'abort',
  target: { kind: 'tcp', address: 'db:5432' },
  tolerate: 1,
  intervalMs: 10,
});
const good: ActionOutcome = { passed: true, detail: 'db:5432 takes connections', durationMs: 1, output: [] };
const bad: ActionOutcome = { ...good, passed: false, detail: 'it took no connection: ECONNREFUSED' };

async function look(names: string[], outcome: ActionOutcome, options: RolledOutOptions = {}) {
  const asked: ActionPlan[] = [];
  const found = await database.look(
    rolledOut({
      ...options,
      plan: { actions: names.map(dependency) },
      running: { attempt: async (action) => (asked.push(action), outcome) },
    }),
  );
  return { found, asked };
}

describe('the gate of the database', () => {
  it('G3 asks the dependency that is a database once more, and passes where it answers', async () => {
    const { found, asked } = await look(['mailer', 'orders-db'], good);
    expect(asked.map(({ name }) => name)).toEqual(['orders-db']);
    expect(found).toEqual({ status: 'passed', detail: 'orders-db: db:5432 takes connections' });
  });

  it('G3 fails where it does not answer', async () => {
    const { found } = await look(['database'], bad);
    expect(found).toMatchObject({
      status: 'failed',
      detail: 'database: it took no connection: ECONNREFUSED',
    });
  });

  it('knows a database of one of several services', async () => {
    const { asked } = await look(['postgres of api', 'rubydb-like of api'], good);
    expect(asked.map(({ name }) => name)).toEqual(['postgres of api']);
  });

  it('is skipped where none is named', async () => {
    const { found, asked } = await look(['mailer'], bad);
    expect(asked).toEqual([]);
    expect(found).toMatchObject({ status: 'skipped' });
  });

  it('asks the one that the settings name', async () => {
    const settings = { database: { requires: 'store' } };
    const { asked } = await look(['store', 'database'], good, { settings });
    expect(asked.map(({ name }) => name)).toEqual(['store']);
    const { found } = await look(['database'], good, { settings });
    expect(found).toMatchObject({ status: 'failed', detail: expect.stringContaining('names store') });
  });

  it('runs the environment’s own command instead', async () => {
    const settings = { database: { run: 'pg_isready', env: ['PGHOST'], timeout: '2s' } };
    const { asked, found } = await look(['database'], good, { settings });
    expect(asked).toMatchObject([
      { name: 'database', timeoutMs: 2000, target: { kind: 'command', run: 'pg_isready', env: ['PGHOST'] } },
    ]);
    expect(found).toMatchObject({ status: 'passed' });
  });
});
