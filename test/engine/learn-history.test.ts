import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { openSegmentCache } from '../../providers/runtime/segment-cache.ts';
import type { ChangeLearning } from '../../src/domain/risk/change-learning.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import { learnInTurn } from '../../src/engine/warm-start.ts';
import { learnHistory } from '../../src/engine/learn-history.ts';
import { learnedPast } from '../../src/planning/past/learned-past.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { systemProcesses } from '../../providers/runtime/processes.ts';
import { systemClock } from '../../providers/runtime/clock.ts';
import { discoverIn, featureOf } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

const folders: string[] = [];
afterEach(() => {
  removeRepositories();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const on = (day: number) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString();

/** A change of one line every ten days; every third is put right five days later. */
function grown(r: Repository, from: number, to: number): Repository {
  for (let i = from; i < to; i += 1) {
    const text = (value: string) => ({ 'src/a.js': lines(60, { [1 + (i % 50)]: `set(${i}, ${value})` }) });
    r.commit(`feat: ${i}`, { files: text('wrong'), date: on(i * 10) });
    if (i % 3 === 0) r.commit(`fix: ${i}`, { files: text('right'), date: on(i * 10 + 5) });
  }
  return r;
}

const started = () =>
  repo().commit('chore: start', { files: { 'src/a.js': lines(60), 'src/b.js': lines(9) }, date: on(0) });

async function place(r: Repository) {
  const dir = mkdtempSync(path.join(tmpdir(), 'orchestra-learn-'));
  folders.push(dir);
  const memory = openMemory({ dir: path.join(dir, 'memory'), clock: systemClock });
  const cache = openSegmentCache(path.join(dir, 'cache'));
  const read: number[] = [];
  const learn = async (head = r.sha(), base = head): Promise<ChangeLearning | undefined> => {
    read.length = 0;
    return learnHistory(
      { git: await openGit(r.dir), memory, cache },
      { base, head, progress: (_, of) => read.push(of) },
    );
  };
  return { memory, cache, learn, read, dir };
}

describe('learning from the git history', () => {
  it('N2 reads only what is new, and comes to what one reading comes to', async () => {
    const r = grown(started(), 1, 12);
    const one = await place(r);
    const first = await one.learn();
    expect(first?.labels.fixed).toBe(3);
    expect(await one.learn()).toEqual(first);
    expect(one.read).toEqual([]);

    grown(r, 12, 20);
    const second = await one.learn();
    expect(one.read.at(-1)).toBe(11);
    const other = await place(r);
    expect(second).toEqual(await other.learn());
    expect(await one.memory.changeLearning()).toEqual(second);
  });

  it('N2 a history that was rewritten is learned anew', async () => {
    const r = grown(started(), 1, 8);
    const at = await place(r);
    await at.learn();
    r.git('reset', '-q', '--hard', 'HEAD~3');
    grown(r, 20, 24);
    const again = await at.learn();
    expect(again).toEqual(await (await place(r)).learn());
  });

  it('N2 what was lost of the memory or the cache is learned again', async () => {
    const r = grown(started(), 1, 8);
    const at = await place(r);
    const first = await at.learn();
    rmSync(path.join(at.dir, 'cache'), { recursive: true });
    expect(await at.learn()).toEqual(first);
    rmSync(path.join(at.dir, 'memory'), { recursive: true });
    expect(await at.learn()).toEqual(first);
  });

  it('N2 ended in the middle it leaves nothing that cannot be gone on from', async () => {
    const r = grown(started(), 1, 12);
    const at = await place(r);
    const stop = new AbortController();
    const head = r.sha();
    await expect(
      learnHistory(
        { git: await openGit(r.dir), memory: at.memory, cache: at.cache },
        { base: head, head, signal: stop.signal, progress: () => stop.abort() },
      ),
    ).rejects.toThrow();
    expect(await at.learn()).toEqual(await (await place(r)).learn());
  });

  it('N2 what waits and may still be rewritten is not learned from; its metrics are as of before it', async () => {
    const r = grown(started(), 1, 8);
    const base = r.sha();
    r.branch('dev').commit('feat: waits', {
      files: { 'src/a.js': lines(60, { 3: 'waits()' }), 'src/new.js': 'x\n' },
      date: on(90),
    });
    const at = await place(r);
    const learned = await at.learn(r.sha(), base);
    expect(learned?.learnedTo?.sha).toBe(base);
    const past = await learnedPast(at.cache, learned);
    const seen: unknown[] = [];
    const view = past && {
      ...past,
      view: Object.assign(Object.create(past.view), {
        metricsOf: (candidate: Parameters<typeof past.view.metricsOf>[0]) => {
          const metrics = past.view.metricsOf(candidate);
          seen.push(metrics);
          return metrics;
        },
      }),
    };
    const discovery = await discoverIn(r, { past: view });
    expect(seen).toEqual([expect.objectContaining({ nf: 2, lt: 60, nuc: 12, ndev: 1, exp: 13 })]);
    const { risk } = featureOf(discovery, discovery.features[0]?.id ?? '');
    expect(risk.factors.map(({ name }) => name)).toContain('change');
  });
});

it('who asks while another process learns is told so, in words about learning', async () => {
  const r = started();
  const { memory, cache } = await place(r);
  const busy = async () => {
    throw new OrchestraError('locked', 'history is held by learning for a deployment that is starting', {
      exit: 5,
      hint: 'wait',
    });
  };
  const ports = {
    git: await openGit(r.dir),
    memory,
    cache,
    clock: systemClock,
    processes: systemProcesses,
    warmStart: {
      launch: () => undefined,
      lock: {
        read: async () => undefined,
        acquire: busy,
        assign: busy,
        takeOver: busy,
        holds: async () => false,
        release: async () => undefined,
        free: busy,
      },
    },
  };
  await expect(learnInTurn(ports, { base: r.sha(), head: r.sha() })).rejects.toMatchObject({
    code: 'locked',
    exit: 5,
    message: 'another process learns from this git history now',
  });
});
