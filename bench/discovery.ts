import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSegmentCache } from '../providers/runtime/segment-cache.ts';
import { patternsSchema, preferencesSchema } from '../src/domain/memory.ts';
import { readCommits } from '../src/planning/commit.ts';
import { discover, type DiscoverRequest } from '../src/planning/discover.ts';
import type { Git } from '../src/ports/git.ts';
import { openApart } from './apart.ts';
import { figure, type Figure } from './figure.ts';
import { withLongHistory } from './long-history.ts';
import { median, nothing, peakMemory, timed } from './measure.ts';
import { nameOf, type BenchOptions } from './options.ts';

/** Times each side is measured; they take turns, so that a busy machine slows both. */
const rounds = 3;

const memory = {
  patterns: patternsSchema.parse({ schema: 'orchestra/patterns@1' }),
  preferences: preferencesSchema.parse({ schema: 'orchestra/config@2' }),
};

/** What discovery costs beside the one pass over the same commits in which git counts changed lines. */
export async function bench(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const repository of options.repositories.length > 0 ? options.repositories : ['.'])
    figures.push(...(await measure(repository, options)));
  if (options.repositories.length === 0) figures.push(await atLength(100_000));
  return figures;
}

async function measure(repository: string, options: BenchOptions): Promise<Figure[]> {
  const { git, remove } = await openApart(repository);
  const folder = await mkdtemp(path.join(tmpdir(), 'orchestra-bench-'));
  try {
    const trunk = (await git.text(['rev-list', '--first-parent', options.revision ?? 'HEAD'])).split('\n');
    const units = Math.min(options.units ?? Infinity, trunk.length - 1);
    const [head = '', before = ''] = trunk;
    const base = trunk[units] ?? head;
    const range: Range = { git, base, head };
    const commits = Number(await git.text(['rev-list', '--count', head, `^${base}`]));

    const raw: number[] = [];
    const cold: number[] = [];
    const alone: number[] = [];
    const more: number[] = [];
    const cached: number[] = [];
    const node: number[] = [];
    const messages: number[] = [];
    for (let round = 0; round < rounds; round++) {
      raw.push(await timed(() => rawPass(range)));
      cold.push(await timed(() => look(range)));
      alone.push(await timed(() => look(range, { shards: 1 })));
      const cache = openSegmentCache(path.join(folder, String(round)));
      await look({ ...range, head: before }, { cache });
      more.push(await timed(() => look(range, { cache })));
      node.push(await timed(nothing));
      cached.push(await timed(() => look(range, { cache })));
      messages.push(
        (await timed(() => readCommits(git, { base, head }))) -
          (await timed(() => git.run(['log', '--format=%H%n%B', '-z', head, `^${base}`, '--']))),
      );
    }
    const pass = median(raw);
    const of = `${nameOf(repository)} at ${head.slice(0, 12)}, ${commits} commits in ${units} units`;
    const beside = `git log --numstat over them: ${Math.round(pass)} ms; ${of}`;
    const lockfile = await git.text(['ls-tree', '--name-only', head, ...lockfiles]);
    const name = nameOf(repository);
    return [
      figure('discovery', `${name}: cold, against the raw pass`, median(cold) / pass, beside, {
        atMost: lockfile === '' ? 0.75 : 0.55,
      }),
      figure('discovery', `${name}: cold, one git process alone`, median(alone) / pass, beside, {
        atMost: 1.1,
      }),
      figure('discovery', `${name}: after one more commit`, median(more) / pass, beside, { atMost: 0.05 }),
      figure(
        'discovery',
        `${name}: everything cached, against the start of Node`,
        median(cached) / median(node),
        `node -e 0: ${Math.round(median(node))} ms; ${of}`,
        { atMost: 4 },
      ),
      figure(
        'discovery',
        `${name}: reading messages, µs each`,
        Math.max(0, (1000 * median(messages)) / Math.max(1, commits)),
        `${((100 * Math.max(0, median(messages))) / pass).toFixed(1)} % of the raw pass; ${of}`,
        'none',
      ),
    ];
  } finally {
    await remove();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lockfiles of JavaScript at the root: such histories are mostly lockfile, and are held to a sharper goal. */
const lockfiles = ['yarn.lock', 'pnpm-lock.yaml', 'package-lock.json'];

interface Range {
  git: Git;
  base: string;
  head: string;
}

async function look({ git, base, head }: Range, more: Partial<DiscoverRequest> = {}): Promise<void> {
  await discover(git, { ...memory, base, head, ...more });
}

/** The yardstick; where contents are missing git stops in the middle, so such histories need a shorter range. */
async function rawPass({ git, base, head }: Range): Promise<void> {
  const args = ['log', '--format=%H', '--numstat', '--no-renames', '-z', head, `^${base}`, '--'];
  for await (const _ of git.stream(args));
}

/** Peak memory of the whole program on a made-up history. */
async function atLength(commits: number): Promise<Figure> {
  return withLongHistory(commits, async (dir, base) => {
    const peak = await peakMemory(['-C', dir, 'discover', '--json', '--base', base]);
    return figure(
      'discovery',
      `peak memory at ${commits} waiting commits, MB`,
      peak,
      'the whole program, discover --json on a made-up history',
      { atMost: 150 },
    );
  });
}
