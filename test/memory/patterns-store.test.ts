import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Outcome } from '../../src/domain/event.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import { mostAgain, openPatterns } from '../../src/memory/patterns-store.ts';
import { stoppedClock } from '../harness/clock.ts';
import { aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { learn } from '../harness/past.ts';

const folder = temporaryFolders();

/** Deployments in the order of their ends, which is not that of their beginnings. */
const deployments = fc
  .array(
    fc.record({
      outcome: fc.constantFrom<Outcome>('succeeded', 'rolled_back', 'failed', 'blocked', 'halted'),
      features: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
      begun: fc.integer({ min: 0, max: 59 }),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ outcome, features, begun }, i): Deployment => {
      const minute = String(begun).padStart(2, '0');
      const d = aSuccess(`20260131_14${minute}00-${i + 2}`, ...features.map((name) => shipped(name)));
      if (d.status.kind === 'finished') d.status.outcome = outcome;
      d.lessons = [];
      d.concludedAt = new Date(Date.UTC(2026, 1, 1, 0, i)).toISOString();
      return d;
    }),
  );

function store(past: Deployment[]) {
  const dir = folder();
  const file = path.join(dir, 'deployment_patterns.json');
  const said: string[] = [];
  const rows = async () => past.flatMap((d) => historyRowOf(d) ?? []).sort((a, b) => (a.id < b.id ? 1 : -1));
  const record = async (id: string) => past.find((d) => d.id === id);
  const context = { clock: stoppedClock(), warn: (line: string) => said.push(line) };
  return {
    dir,
    file,
    said,
    patterns: openPatterns({ file, current: `${dir}/current` }, context, { rows, record }, learn),
  };
}

it('M1 damaged patterns are learned again from the past, and are what learning one by one gave', async () => {
  await fc.assert(
    fc.asyncProperty(deployments, async (ended) => {
      const past: Deployment[] = [];
      const { dir, file, said, patterns } = store(past);
      for (const deployment of ended) {
        await patterns.update((before) => learn(before, deployment));
        past.push(deployment);
      }
      const before = await patterns.read();
      writeFileSync(file, '{"schema":"orchestra/patterns@1","deploy');
      expect(await patterns.read()).toEqual(before);
      expect(said).toEqual([expect.stringMatching(/rebuilt from the other records$/)]);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject(before);
      expect(readdirSync(dir).filter((name) => name.includes('.corrupt-'))).toHaveLength(1);
    }),
    { numRuns: 40, seed: 20260131 },
  );
});

it('M1 lost patterns are learned again once, and written', async () => {
  const d = aSuccess('20260131_142500', shipped('a'));
  d.lessons = [];
  const { file, patterns, said } = store([d]);
  expect((await patterns.read()).learned).toEqual([d.id]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ learned: [d.id] });
  expect(said).toEqual([]);
});

it('M9 what ended while a later version had the file is learned from by the next one', async () => {
  const past: Deployment[] = [];
  const { file, patterns } = store(past);
  const at = (id: string, minute: number) => {
    const d = aSuccess(id, shipped('a'));
    d.lessons = [];
    d.concludedAt = new Date(Date.UTC(2026, 1, 1, 0, minute)).toISOString();
    return d;
  };
  const [first, second, third] = [
    at('20260131_142500', 1),
    at('20260131_142600', 2),
    at('20260131_142700', 3),
  ];
  await patterns.update((before) => learn(before, first));
  past.push(first);
  const mine = readFileSync(file, 'utf8');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '{"schema":"orchestra/patterns@2"}');
  await expect(patterns.update((before) => learn(before, second))).rejects.toMatchObject({
    code: 'newer-schema',
    exit: 78,
  });
  past.push(second);
  writeFileSync(file, mine);
  await patterns.update((before) => learn(before, third));
  expect((await patterns.read()).learned).toEqual([first, second, third].map(({ id }) => id));
});

it('S6 what patterns of before the models were kept lack is learned from the past, once, and nothing twice', async () => {
  const past = [
    aSuccess('20260131_142500', shipped('a')),
    aRollback('20260201_142500', shipped('b', { commits: [sha('1')], type: 'fix' })),
  ].map((d) => ({ ...d, lessons: [] }));
  const { file, patterns } = store(past);
  for (const d of past) await patterns.update((before) => learn(before, d));
  const whole = await patterns.read();
  expect(whole.outcome).toBeDefined();
  const { outcome: _outcome, together: _together, ...before } = whole;
  const asBefore = () => {
    const { checksum: _checksum, ...text } = JSON.parse(JSON.stringify(before)) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify(text));
  };
  asBefore();
  expect(await patterns.read()).toEqual(whole);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ outcome: whole.outcome });
  asBefore();
  const next = { ...aSuccess('20260202_142500', shipped('c', { commits: [sha('2')] })), lessons: [] };
  await patterns.update((known) => learn(known, next));
  expect(await patterns.read()).toEqual(learn(whole, next));
});

/** So many deployments, an hour apart, that went well. */
function many(count: number): Deployment[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2020, 0, 1, i)).toISOString();
    const d = aSuccess(at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_'), shipped(`f${i}`));
    return { ...d, lessons: [], concludedAt: at };
  });
}

it('M1 of more records than it learns again from, the newest are, and that is said', async () => {
  const past = many(mostAgain + 3);
  const { patterns, said } = store(past);
  const { deployments, learned } = await patterns.read();
  expect(deployments).toEqual({ succeeded: mostAgain, failed: 0 });
  expect(learned.at(-1)).toBe(past.at(-1)?.id);
  expect(said).toEqual([
    `deployment_patterns.json is learned again from the newest 2000 deployments of 2003`,
  ]);
}, 60_000);

it('M1 learning again leaves others their turn', async () => {
  const { patterns } = store(many(40));
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  await patterns.read();
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

it('M1 lost patterns that cannot be written are learned again once, and not at every look', async () => {
  const past = many(3);
  const dir = folder();
  let taught = 0;
  const patterns = openPatterns(
    { file: path.join(dir, 'deployment_patterns.json'), current: `${dir}/current` },
    { clock: stoppedClock(), warn: () => undefined, onlyLooks: true },
    {
      rows: async () => past.flatMap((d) => historyRowOf(d) ?? []).reverse(),
      record: async (id) => past.find((d) => d.id === id),
    },
    (known, deployment) => {
      taught += 1;
      return learn(known, deployment);
    },
  );
  const first = await patterns.read();
  expect(await patterns.read()).toEqual(first);
  expect(taught).toBe(3);
  past.push(...many(4).slice(3));
  expect((await patterns.read()).learned).toHaveLength(4);
});
