import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git } from '../ports/git.ts';
import type { CommitDiff } from './diff.ts';
import { DiffFeed } from './diff-feed.ts';
import { diffArguments, DiffParser, patchArguments } from './diff-stream.ts';
import { lockfileNames } from './generated-files.ts';
import { OutOfPatience, Patience } from './patience.ts';
import { findIncomplete, type Incomplete } from './missing-objects.ts';

export interface DiffPass {
  git: Git;
  /** Commits in the order in which their diffs are wanted. */
  shas: readonly string[];
  /** Whose added and removed lines are kept as text. */
  wantsLines: (path: string) => boolean;
  /** Git processes side by side; 1 or more. */
  shards: number;
  /** How long a shard waits for git's careful diff before it takes the quick one, in ms; `usualPatience` unless said. */
  patience?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Long waits of a shard, in ms, over all its commits: ordinary histories never wait so. */
const usualPatience = 4000;

interface Pass extends Omit<DiffPass, 'patience'> {
  /** A file of attributes that says which files are not worth diffing: lockfiles can be most of a history's lines. */
  attributes: string;
  /** What its shard has left: which lines correspond is told as git's merges tell it, unless that takes too long. */
  patience: Patience;
}

/** Neighbours that one process reads together. Small enough that the others have work, too. */
const block = 64;
/** Fewer commits than this are not worth a second process. */
const worthSharding = 128;
/** More stretches than this between commits with and without their content, and content is given up on altogether. */
const mostStretches = 200;

/**
 * The diffs of commits against their first parents, in order, each exactly once. Work is dealt to several processes in
 * blocks and read back in order. Where contents are missing from the object store (a partial clone) those files have
 * `binary` set and count as `unknown`, and a commit whose folders are missing has no files and one `unknown`: git alone
 * would stop there. Throws what git throws for anything else.
 */
export async function* readDiffs(pass: DiffPass): AsyncGenerator<CommitDiff> {
  const { shas } = pass;
  if (shas.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-attributes-'));
  try {
    const attributes = join(folder, 'attributes');
    await writeFile(attributes, lockfileNames.map((name) => `${name} -diff\n`).join(''));
    yield* deal({ ...pass, attributes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* deal(pass: DiffPass & { attributes: string }): AsyncGenerator<CommitDiff> {
  const { shas } = pass;
  const shards = shas.length < worthSharding ? 1 : Math.max(1, pass.shards);
  const dealt: string[][] = Array.from({ length: shards }, () => []);
  for (let at = 0; at < shas.length; at += block)
    dealt[(at / block) % shards]?.push(...shas.slice(at, at + block));
  const feeds = dealt.map(
    (part) =>
      new DiffFeed(
        readShard({ ...pass, shas: part, patience: new Patience(pass.patience ?? usualPatience) }),
      ),
  );
  try {
    for (let i = 0; i < shas.length; i++) {
      const diff = await feeds[Math.floor(i / block) % shards]?.next();
      if (!diff) throw new Error(`git gave no diff for ${shas[i] ?? ''}`);
      yield diff;
    }
  } finally {
    await Promise.all(feeds.map((feed) => feed.close()));
  }
}

/** One process's share; where it stops at a missing object, the rest is read in stretches with and without contents. */
async function* readShard(pass: Pass): AsyncGenerator<CommitDiff> {
  let done = 0;
  try {
    for await (const diff of readPatches(pass, pass.shas)) {
      done += 1;
      yield diff;
    }
    return;
  } catch (error) {
    pass.signal?.throwIfAborted();
    const rest = pass.shas.slice(done);
    const incomplete = await findIncomplete(pass.git, rest, pass.signal);
    if (incomplete.contents.size + incomplete.folders.size === 0) throw error;
    yield* readStretches(pass, rest, incomplete);
  }
}

/** What is read of a commit: all, all but the contents of some files, or nothing. */
type Extent = 'all' | 'around' | 'nothing';

async function* readStretches(
  pass: Pass,
  shas: readonly string[],
  { contents, folders }: Incomplete,
): AsyncGenerator<CommitDiff> {
  const stretches: { extent: Extent; shas: string[] }[] = [];
  for (const sha of shas) {
    const extent = folders.has(sha) ? 'nothing' : contents.has(sha) ? 'around' : 'all';
    const last = stretches.at(-1);
    if (last?.extent === extent) last.shas.push(sha);
    else stretches.push({ extent, shas: [sha] });
  }
  const named = stretches.length > mostStretches;
  for (const stretch of stretches) {
    if (stretch.extent === 'nothing') for (const sha of stretch.shas) yield { sha, files: [], unknown: 1 };
    else if (named) yield* readNames(pass, stretch.shas);
    else if (stretch.extent === 'all') yield* readPatches(pass, stretch.shas);
    else for (const sha of stretch.shas) yield* readAround(pass, sha, contents.get(sha) ?? new Set());
  }
}

/** More missing files than this in one commit, and none of its files is looked into. */
const mostAround = 100;

/** One commit some of whose contents are missing: the others are read. */
async function* readAround(
  pass: Pass,
  sha: string,
  missing: ReadonlySet<string>,
): AsyncGenerator<CommitDiff> {
  for await (const named of readNames(pass, [sha])) {
    if (missing.size > mostAround) {
      yield named;
      return;
    }
    const around = [...missing].map((path) => `:(exclude,top,literal)${path}`);
    const files: CommitDiff['files'] = [];
    try {
      for await (const diff of readPatches(pass, [sha], [':(top)', ...around])) files.push(...diff.files);
    } catch {
      // A name that is not UTF-8 cannot be left out by name.
      pass.signal?.throwIfAborted();
      yield named;
      return;
    }
    const absent = named.files.filter((file) => missing.has(file.path));
    yield { sha, files: [...files, ...absent], unknown: absent.length };
  }
}

/** Diffs without any content: which files, and which contents before and after. */
async function* readNames(pass: Pass, shas: readonly string[]): AsyncGenerator<CommitDiff> {
  for await (const diff of parse(pass, [...diffArguments, '--no-renames'], shas, undefined)) {
    for (const file of diff.files) file.binary = true;
    yield { ...diff, unknown: diff.files.length };
  }
}

/** Diffs with their lines: careful ones, and from where git takes too long over one, quick ones. */
async function* readPatches(
  pass: Pass,
  shas: readonly string[],
  paths: readonly string[] = [],
): AsyncGenerator<CommitDiff> {
  const args = [...diffArguments, ...patchArguments];
  let done = 0;
  try {
    for await (const diff of parse(pass, [...args, '--', ...paths], shas, pass.patience)) {
      done += 1;
      yield diff;
    }
    return;
  } catch (error) {
    if (!(error instanceof OutOfPatience)) throw error;
  }
  const quick = [...args, '--diff-algorithm=myers', '--', ...paths];
  for await (const diff of parse(pass, quick, shas.slice(done), undefined)) yield { ...diff, hasty: true };
}

async function* parse(
  pass: Pass,
  args: readonly string[],
  shas: readonly string[],
  patience: Patience | undefined,
): AsyncGenerator<CommitDiff> {
  if (shas.length === 0) return;
  const parser = new DiffParser(pass.wantsLines);
  const input = `${shas.join('\n')}\n`;
  const stop = new AbortController();
  const signal = pass.signal ? AbortSignal.any([pass.signal, stop.signal]) : stop.signal;
  const output = pass.git.stream(['-c', `core.attributesFile=${pass.attributes}`, ...args], {
    input,
    signal,
  });
  const chunks = output[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<Buffer>> | undefined;
  try {
    for (;;) {
      pending = chunks.next();
      const { done, value } = await (patience ? patience.wait(pending) : pending);
      pending = undefined;
      if (done) break;
      yield* parser.push(value);
    }
    yield* parser.end();
  } finally {
    stop.abort();
    await pending?.catch(() => undefined);
    await chunks.return?.().catch(() => undefined);
  }
}
