import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configV1Schema } from '../../src/domain/config-v1.ts';
import { progressV1Schema } from '../../src/domain/progress-v1.ts';
import { progressSchema } from '../../src/domain/progress.ts';
import { configSchema } from '../../src/memory/config-document.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { broughtDown, broughtUp, schemaOf } from '../../src/memory/schema-versions.ts';
import { stoppedClock } from '../harness/clock.ts';
import { count } from '../harness/counts.ts';
import { aRollback, aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const open = (dir: string) => openMemory({ dir, clock: stoppedClock() });
const documents = 10_000;
const run = { numRuns: documents, seed: 20260131 };

/** What a person may have added: any keys, those of the prototype and of version 2 too. */
const own = fc.dictionary(
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      'blocked',
      'halted',
      'v1_blocked',
      'v1_v1_halted',
      'v1_',
      '__proto__',
      'constructor',
      '7',
    ),
  ),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 4 },
);
const int = fc.integer({ min: 0, max: 1e9 });
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.tuple(own, fc.record(model, { requiredKeys: [] })).map(([more, known]) => ({ ...more, ...known }));

const configV1 = some({
  user_preferences: some({
    max_features_per_deployment: int.map((n) => n + 1),
    require_staging: fc.boolean(),
    auto_rollback_threshold: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
  statistics: some({ deployments: int, succeeded: int, rolled_back: int, failed: int }),
}).map((document) => ({ ...document, schema: 'orchestra/config@1' }));

const words = fc.constantFrom('in_progress', 'completed', 'failed', 'staging', 'production', 'unknown', '');
const share = fc.integer({ min: 0, max: 100 });
const progressV1 = some({
  version: fc.constant(1 as const),
  deployment: fc.string(),
  environment: fc.string(),
  stage: words,
  percent: share,
  startedAt: fc.oneof(fc.string(), fc.constant('2026-01-31T14:25:00Z')),
  agent: fc.string(),
  tasks: fc.array(some({ id: fc.string(), name: words, status: words, percent: share, progress: share }), {
    maxLength: 4,
  }),
}).map((document) => ({ ...document, schema: 'orchestra/progress@1', status: 'in_progress' }));

describe('a document of an earlier version', () => {
  it('M10 of progress goes up and comes back the same', () => {
    let gone = 0;
    fc.assert(
      fc.property(progressV1, (generated) => {
        const v1: unknown = JSON.parse(JSON.stringify(generated));
        fc.pre(progressV1Schema.safeParse(v1).success);
        const { data: v2, from } = broughtUp(v1, 'orchestra/progress@2');
        expect(from).toBe('orchestra/progress@1');
        expect(progressSchema.safeParse(v2).success).toBe(true);
        expect(JSON.stringify(broughtDown(v2, 'orchestra/progress@1'))).toBe(JSON.stringify(v1));
        gone += 1;
      }),
      run,
    );
    count('progress 1 → 2 → 1', { documents: gone, different: 0 });
    expect(gone).toBe(documents);
  });

  it('M9 goes up and comes back the same, whatever else it has', () => {
    fc.assert(
      fc.property(configV1, (generated) => {
        // As the file has it: -0 and undefined are not in JSON.
        const v1: unknown = JSON.parse(JSON.stringify(generated));
        fc.pre(configV1Schema.safeParse(v1).success);
        const { data: v2, from } = broughtUp(v1, 'orchestra/config@2');
        expect(from).toBe('orchestra/config@1');
        expect(schemaOf(v2)).toBe('orchestra/config@2');
        expect(configSchema.safeParse(v2).success).toBe(true);
        expect(JSON.stringify(broughtDown(v2, 'orchestra/config@1'))).toBe(JSON.stringify(v1));
      }),
      run,
    );
    count('config 1 → 2 → 1', { documents, different: 0 });
  });

  it('M9 is read as one of today, and reading writes nothing', async () => {
    const dir = folder();
    const text = '{"schema":"orchestra/config@1","statistics":{"failed":3},"team":"shop"}';
    writeFileSync(path.join(dir, 'config.json'), text);
    const memory = open(dir);
    expect(await memory.preferences()).toMatchObject({
      schema: 'orchestra/config@2',
      statistics: { failed: 3, blocked: 0, halted: 0 },
      team: 'shop',
    });
    expect(readdirSync(dir)).toEqual(['config.json']);
    expect(readFileSync(path.join(dir, 'config.json'), 'utf8')).toBe(text);
    expect(memory.takeWarnings()).toEqual([]);
  });

  it('M9 is kept byte for byte by the first write, and that is said once', async () => {
    const dir = folder();
    const text = '\uFEFF{"schema":"orchestra/config@1",  "team":"shop"}\r\n';
    writeFileSync(path.join(dir, 'config.json'), text);
    const memory = open(dir);
    await memory.archive(aSuccess('20260131_142500'));
    await memory.archive(aRollback('20260201_142500'));
    expect(readFileSync(path.join(dir, 'config.json.backup'), 'utf8')).toBe(text);
    expect(JSON.parse(readFileSync(path.join(dir, 'config.json'), 'utf8'))).toMatchObject({
      schema: 'orchestra/config@2',
      team: 'shop',
      statistics: { deployments: 2, succeeded: 1, rolled_back: 1 },
    });
    expect(memory.takeWarnings()).toEqual([
      'config.json was of an earlier version, orchestra/config@1, and is orchestra/config@2 now; the file of before is kept as config.json.backup',
    ]);
  });

  it('M9 never takes the place of an earlier copy, and needs no second one of itself', async () => {
    const dir = folder();
    const v1 = '{"schema":"orchestra/config@1"}';
    for (const [name, text] of Object.entries({ 'config.json.backup': 'another', 'config.json': v1 }))
      writeFileSync(path.join(dir, name), text);
    await open(dir).archive(aSuccess('20260131_142500'));
    writeFileSync(path.join(dir, 'config.json'), v1);
    await open(dir).archive(aSuccess('20260201_142500'));
    expect(
      readdirSync(dir)
        .filter((name) => name.startsWith('config.json'))
        .sort(),
    ).toEqual(['config.json', 'config.json.backup', 'config.json.backup-2', 'config.json.last-good']);
    expect(readFileSync(path.join(dir, 'config.json.backup'), 'utf8')).toBe('another');
    expect(readFileSync(path.join(dir, 'config.json.backup-2'), 'utf8')).toBe(v1);
  });

  it('has no way back to what it never was', () => {
    expect(() => broughtDown({ schema: 'orchestra/config@2' }, 'orchestra/patterns@1')).toThrow(
      expect.objectContaining({ code: 'no-way-back', exit: 78 }),
    );
    expect(() => broughtDown([], 'orchestra/config@1')).toThrow(
      expect.objectContaining({ code: 'no-way-back' }),
    );
  });
});
