import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlainReplay } from '../../../bench/plain-replay.ts';
import { openGit } from '../../../providers/runtime/git.ts';
import type { Discovery } from '../../../src/domain/feature.ts';
import { safeText } from '../../../src/domain/safe-text.ts';
import { closeSelection } from '../../../src/planning/closure.ts';
import { createCandidateBuilder } from '../../../src/planning/candidate.ts';
import { isGenerated } from '../../../src/planning/generated-files.ts';
import { proveSelection } from '../../../src/planning/proof.ts';
import type { Git } from '../../../src/ports/git.ts';
import { discoverIn, sourceOf, noLockfileTools } from '../../harness/planning.ts';
import { Repository } from '../../harness/repository.ts';
import { histories, type History } from './history.ts';
import { writeHistory } from './write-history.ts';

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const runs = number('ORCHESTRA_HISTORIES', 24);
const seed = number('ORCHESTRA_HISTORIES_SEED', 20_260_101);
const most = number('ORCHESTRA_HISTORIES_UNITS', 10);

let repository: Repository;
let git: Git;
let made = 0;

beforeAll(async () => {
  repository = new Repository({ bare: true });
  git = await openGit(repository.dir);
});
afterAll(() => repository.remove());

interface Case {
  base: string;
  head: string;
  /** Trunk commits that wait, oldest first. */
  waiting: string[];
  /** Production has commits of its own, so the base itself can be in the way. */
  apart: boolean;
  discovery: Discovery;
  plain: PlainReplay;
}

async function make(history: History): Promise<Case> {
  made += 1;
  const name = `case-${made}`;
  await git.run(['fast-import', '--quiet', '--force', '--done'], { input: writeHistory(history, name) });
  const [base, head] = [
    await git.resolve(`refs/heads/${name}/main`),
    await git.resolve(`refs/heads/${name}/dev`),
  ];
  const log = await git.text(['rev-list', '--first-parent', '--reverse', head, `^${base}`]);
  const waiting = log.split('\n').filter(Boolean);
  const discovery = await discoverIn(repository, { base, head });
  const fork = await git.text(['merge-base', base, head]);
  return {
    base,
    head,
    waiting,
    apart: fork !== base,
    discovery,
    plain: await PlainReplay.open(git, waiting, base),
  };
}

/** Proves one choice and holds the proof against a replay that shares no code with it. */
async function check(one: Case, ids: readonly string[]): Promise<void> {
  const { discovery, plain, waiting } = one;
  const selection = await proveSelection(git, discovery, ids);
  const { proof, selected } = selection;
  if (!proof) throw new Error('no proof');
  expect(selected).toEqual(expect.arrayContaining([...ids].filter((id) => !heldByBase(discovery, id))));
  expect(closeSelection(discovery.features, selected).selected).toEqual(selected);
  if (!one.apart) expect({ ids, ...proof }).toMatchObject({ ok: true });
  if (!proof.ok) {
    expect(proof.complement.conflicts.length).toBeGreaterThan(0);
    return;
  }
  const again = await proveSelection(await openGit(repository.dir), discovery, selected);
  expect(again.proof).toMatchObject({ ok: true, tree: proof.tree, rounds: 1 });

  const chosen = new Set(selected);
  const ships = new Set(
    discovery.features
      .filter(({ id, onBase }) => chosen.has(id) && !onBase)
      .flatMap(({ commits }) => commits),
  );
  const held = new Set(discovery.features.filter(({ onBase }) => onBase).flatMap(({ commits }) => commits));
  const units = waiting.flatMap((sha, i) => (ships.has(sha) ? [i] : []));
  const rest = waiting.flatMap((sha, i) => (ships.has(sha) || held.has(sha) ? [] : [i]));
  const built = await plain.ship(plain.baseTree, units);
  expect(await plain.differing(built.tree, proof.tree)).toEqual([]);
  if (units.length > 0) {
    const candidate = await createCandidateBuilder(git, noLockfileTools).build(
      `c${made}-${++builds}`,
      sourceOf(discovery, selected),
      null,
    );
    expect(candidate.tree).toBe(proof.tree);
  }
  if (one.apart) return;
  const whole = await plain.ship(proof.tree, rest);
  const wrong = (await plain.differing(whole.tree, plain.headTree)).filter((path) => !isGenerated(path));
  const named = proof.complement.conflicts.map(({ path }) => path);
  expect(named, `the rest after ${ids.join(', ')}`).toEqual(
    expect.arrayContaining(wrong.map((path) => safeText(path, 500))),
  );
}

let builds = 0;
const heldByBase = (discovery: Discovery, id: string) =>
  discovery.features.find((feature) => feature.id === id)?.onBase === true;

describe('generated histories', () => {
  it(
    `N1 hold together however they are taken apart (seed ${seed}, ${runs} histories)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(
          histories(most),
          fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
          async (history, picks) => {
            const one = await make(history);
            const { features } = one.discovery;
            const commits = (await git.text(['rev-list', one.head, `^${one.base}`]))
              .split('\n')
              .filter(Boolean);
            expect(features.flatMap((feature) => feature.commits).toSorted()).toEqual(commits.toSorted());

            const ids = features.map(({ id }) => id);
            const at = (n: number) => ids[n % Math.max(1, ids.length)] ?? '';
            if (ids.length === 0) return;
            const [a = 0, b = 0, c = 0, ...more] = picks;
            const few = closeSelection(features, [at(a)]).selected;
            const many = closeSelection(features, [at(a), at(b)]).selected;
            expect(many).toEqual(expect.arrayContaining(few));
            expect(closeSelection(features, few).selected).toEqual(few);

            await check(one, [at(a)]);
            await check(one, [at(b)]);
            await check(one, [...new Set([c, ...more].map(at))]);
            if (one.apart) return;
            const all = await proveSelection(git, one.discovery, ids);
            expect(all.proof).toMatchObject({ ok: true, tree: one.plain.headTree, complement: { ok: true } });
          },
        ),
        { numRuns: runs, seed, endOnFailure: process.env['ORCHESTRA_HISTORIES_QUICK'] === '1' },
      );
    },
    24 * 60 * 60 * 1000,
  );
});
