import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditEntrySchema, type AuditAct } from '../../src/domain/audit.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { createImproving } from '../../src/engine/improving.ts';
import { openSettingsFile } from '../../src/memory/settings-replace.ts';
import type { AuditTrail } from '../../src/ports/audit.ts';
import type { SettingsFile } from '../../src/ports/settings-file.ts';
import { aDeployment, sha } from '../harness/deployment.ts';
import { temporaryFolder } from '../harness/folder.ts';

const settings = `# ours
version: 1
project: shop
services:
  web:
    start: node server.js
environments:
  production:
    port: 8080
    variables:
      TOKEN: "token=abcdefgh12345"
suites:
  - name: unit
    run: npm test  # quick
`;

/** Deployments whose unit suite passed only at the second run on every third candidate. */
function past(n: number): Deployment[] {
  return Array.from({ length: n }, (_, i) =>
    aDeployment(`202601${String(10 + i)}_142500`)
      .built()
      .suite('unit', 'passed')
      .with((d) => {
        if (d.candidate.kind !== 'none') d.candidate.tree = sha(String(i));
        const [state] = d.suites;
        if (state && i % 3 === 0)
          state.earlier = [{ status: 'failed', exitCode: 1, durationMs: 1000, log: 'unit.log' }];
        d.status = {
          kind: 'finished',
          outcome: 'succeeded',
          reason: 'well',
          at: d.requestedAt,
          durationMs: 1000,
        };
      })
      .build(),
  ).toReversed();
}

const trail: AuditTrail = {
  record: async (act) => {
    acts.push(act);
    return auditEntrySchema.parse({
      schema: 'orchestra/audit@1',
      seq: acts.length,
      at: '2026-01-31T14:25:00.000Z',
      ...act,
      prev: '0'.repeat(64),
      hash: '0'.repeat(64),
    });
  },
  async *entries() {},
  verify: () => Promise.reject(new TypeError('nobody asks')),
};

let dir: string;
let file: string;
const by = { name: 'Ana', face: 'cli' } as const;
const acts: AuditAct[] = [];
let reads = 0;

function improving(deployments = past(12), settingsFile: SettingsFile = openSettingsFile(dir)) {
  const records = new Map(deployments.map((d) => [d.id, d]));
  const rows = deployments.map((d) => historyRowOf(d)).filter((row): row is HistoryRow => row !== undefined);
  return createImproving({
    memory: {
      history: async () => rows,
      record: async (id) => {
        reads += 1;
        return records.get(id);
      },
    },
    settingsFile,
    suitesAtOnce: 2,
    audit: trail,
    tell: () => undefined,
  });
}

beforeEach(() => {
  dir = temporaryFolder();
  file = path.join(dir, 'orchestra.yaml');
  writeFileSync(file, settings);
  acts.length = 0;
  reads = 0;
});

const flaky = async (engine = improving()) => {
  const { improvements } = await engine.improvements();
  const one = improvements.find(({ id }) => id === 'flaky-unit');
  if (!one) throw new TypeError('a flaky suite');
  return one;
};

describe('M4 improvements of orchestra.yaml', () => {
  it('are shown as the difference they make, with what they weaken, and leave the rest of the file as it is', async () => {
    const engine = improving();
    const one = await flaky(engine);
    expect(one.change?.diff.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'gap', text: '' },
      { kind: 'new', text: '    retries: 1' },
    ]);
    expect(one.weakens).toHaveLength(1);
    const applied = await engine.applyImprovement({ id: one.id, hash: one.change?.hash ?? '', by });
    expect(readFileSync(file, 'utf8')).toBe(settings.replace('# quick\n', '# quick\n    retries: 1\n'));
    expect(applied.before).toBe(one.change?.hash);
    expect(acts.map(({ action, subject }) => [action, subject])).toEqual([
      ['improvement.requested', 'flaky-unit'],
      ['improvement.done', 'flaky-unit'],
    ]);
  });

  it('are gone once they are applied, and a second yes to the same does nothing', async () => {
    const engine = improving();
    const one = await flaky(engine);
    const request = { id: one.id, hash: one.change?.hash ?? '', by };
    await engine.applyImprovement(request);
    await expect(engine.applyImprovement(request)).rejects.toMatchObject({ code: 'unknown-improvement' });
    await expect(flaky(engine)).rejects.toThrow('a flaky suite');
  });

  it('are never written over a file that changed since they were shown', async () => {
    const engine = improving();
    const one = await flaky(engine);
    writeFileSync(file, `${settings}# mine\n`);
    await expect(
      engine.applyImprovement({ id: one.id, hash: one.change?.hash ?? '', by }),
    ).rejects.toMatchObject({ code: 'settings-changed', exit: 4 });
    expect(readFileSync(file, 'utf8')).toBe(`${settings}# mine\n`);
    await expect(openSettingsFile(dir).replace(settings, 'other')).rejects.toMatchObject({
      code: 'settings-changed',
    });
  });

  it('are told and not applied where the file may only be read', async () => {
    chmodSync(file, 0o444);
    const engine = improving();
    const one = await flaky(engine);
    expect(one.whyNot).toContain('may only be read');
    await expect(
      engine.applyImprovement({ id: one.id, hash: one.change?.hash ?? '', by }),
    ).rejects.toMatchObject({ code: 'io', exit: 74 });
    expect(readFileSync(file, 'utf8')).toBe(settings);
  });

  it('keep a link a link, and the rights of the file', async () => {
    const real = path.join(dir, 'real.yaml');
    writeFileSync(real, settings, { mode: 0o640 });
    const linked = temporaryFolder();
    symlinkSync(real, path.join(linked, 'orchestra.yaml'));
    await openSettingsFile(linked).replace(settings, '# new\n');
    expect(lstatSync(path.join(linked, 'orchestra.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toBe('# new\n');
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });

  it('say why where the value comes from an alias', async () => {
    const own = openSettingsFile(dir);
    const engine = improving(past(12), {
      ...own,
      edit: (text, edits) => own.edit(`${text}x: *none\n`, edits),
    });
    const one = await flaky(engine);
    expect(one).toMatchObject({ whyNot: 'suites[0].retries cannot be set to 1 by itself' });
    expect(one.change).toBeUndefined();
  });

  it('need a file, and one that is right', async () => {
    writeFileSync(file, 'version: 7\n');
    await expect(improving().improvements()).rejects.toMatchObject({ code: 'bad-config', exit: 78 });
    const none = createImprovingIn(temporaryFolder());
    await expect(none.improvements()).rejects.toMatchObject({ code: 'no-config', exit: 78 });
  });

  it('show no password that stands beside them', async () => {
    writeFileSync(file, settings.replace('suites:', 'suites: # token=abcdefgh12345'));
    const { improvements } = await improving().improvements();
    expect(JSON.stringify(improvements)).not.toContain('abcdefgh12345');
  });

  it('are found from the newest 200 records, each read once', async () => {
    const many = past(12).flatMap((d) =>
      Array.from({ length: 30 }, (_, i) => ({ ...d, id: `${d.id}-${i}` })),
    );
    const engine = improving(many);
    expect((await engine.improvements()).looked).toBe(200);
    await engine.improvements();
    expect(reads).toBe(200);
  });

  it('are unknown by another id, and those of another environment are not found', async () => {
    const engine = improving();
    await expect(engine.applyImprovement({ id: '__proto__', hash: '', by })).rejects.toMatchObject({
      code: 'unknown-improvement',
      exit: 2,
    });
    expect((await engine.improvements({ environment: 'constructor' })).improvements).toEqual([]);
  });
});

function createImprovingIn(folder: string) {
  dir = folder;
  return improving();
}
