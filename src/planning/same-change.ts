import { createHash, type Hash } from 'node:crypto';
import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import { mostBaseCommits } from './base-log.ts';
import { hashPatches } from './patch-hash.ts';
import { readRecords } from './record-stream.ts';

/** A commit's change as its tree entries tell it. */
interface Outline {
  sha: string;
  /** The same for changes of the same files. */
  files: string;
  /** The same for changes from the same contents to the same contents. */
  blobs: string;
  /** Who wrote it and when; a pick keeps both. */
  author: string;
}

/** Patches read at most to tell copies from changes that only touch the same files. */
export const mostPatches = 2000;

/** Waiting commits and the base's commits that make the same change. */
export interface SameChanges {
  /** Waiting commit → commits of the base. */
  copies: Map<string, string[]>;
  /** So many changes touched the same files that not all of them were compared. */
  bounded: boolean;
  /** Objects that the comparison needs are missing. */
  unknown: boolean;
}

/**
 * Finds waiting commits whose change the base made too (equal patch; a merge counts as its diff against its first parent,
 * so a squashed copy of it is found). Tree entries are compared first, and only what touches the same files is diffed:
 * first what has the same author and date, as a pick has, then the rest up to `mostPatches`.
 */
export async function findSameChanges(
  git: Git,
  range: { base: string; fork: string | undefined; head: string },
  signal?: AbortSignal,
): Promise<SameChanges> {
  const result: SameChanges = { copies: new Map(), bounded: false, unknown: false };
  try {
    await compare(git, range, result, signal);
  } catch (error) {
    signal?.throwIfAborted();
    // A partial clone lacks blobs, even trees; what cannot be compared is listed as waiting, which is safe.
    if (!(error instanceof OrchestraError)) throw error;
    result.unknown = true;
  }
  return result;
}

async function compare(
  git: Git,
  range: { base: string; fork: string | undefined; head: string },
  result: SameChanges,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { base, fork, head } = range;
  const { copies } = result;
  const note = (sha: string, copy: string) => copies.set(sha, [...(copies.get(sha) ?? []), copy]);
  const own = new Map<string, Outline[]>();
  const since = [base, ...(fork === undefined ? [] : [`^${fork}`])];
  for await (const outline of readOutlines(git, [`--max-count=${mostBaseCommits}`, ...since], signal)) {
    const same = own.get(outline.files);
    if (same) same.push(outline);
    else own.set(outline.files, [outline]);
  }
  if (own.size === 0) return;

  const sure: [Outline, Outline][] = [];
  const perhaps: [Outline, Outline][] = [];
  for await (const outline of readOutlines(git, [head, `^${base}`], signal))
    for (const other of own.get(outline.files) ?? [])
      if (other.blobs === outline.blobs) note(outline.sha, other.sha);
      else {
        const list = other.author === outline.author ? sure : perhaps;
        if (list.length < mostPatches) list.push([outline, other]);
        else result.bounded = true;
      }

  const wanted = new Set<string>();
  const pairs: [Outline, Outline][] = [];
  for (const pair of [...sure, ...perhaps]) {
    const fresh = pair.filter(({ sha }) => !wanted.has(sha));
    if (wanted.size + fresh.length > mostPatches) {
      result.bounded = true;
      break;
    }
    for (const { sha } of fresh) wanted.add(sha);
    pairs.push(pair);
  }
  if (wanted.size === 0) return;
  const hashes = await hashPatches(git, [...wanted], signal);
  for (const [mine, other] of pairs) {
    const hash = hashes.get(mine.sha);
    if (hash !== undefined && hash === hashes.get(other.sha)) note(mine.sha, other.sha);
  }
}

/** The outline of every commit in a range that changes something. */
async function* readOutlines(
  git: Git,
  range: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Outline> {
  const args = [
    'log',
    '-z',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--root',
    '--diff-merges=first-parent',
    '--ignore-submodules=none',
    '--format=tformat:%H %at %ae',
    ...range,
    '--',
  ];
  let current: { sha: string; author: string; files: Hash; blobs: Hash; any: boolean } | undefined;
  const finish = (): Outline | undefined =>
    current?.any
      ? {
          sha: current.sha,
          author: current.author,
          files: current.files.digest('base64'),
          blobs: current.blobs.digest('base64'),
        }
      : undefined;
  let entry: string | undefined;
  for await (const [text = ''] of readRecords(git.stream(args, signal ? { signal } : {}), 1)) {
    if (entry !== undefined) {
      const [, , , , status = ''] = entry.split(' ');
      current?.files.update(`${status}\0${text}\0`);
      current?.blobs.update(`${entry}\0`);
      if (current) current.any = true;
      entry = undefined;
    } else if (text.startsWith(':') || text.startsWith('\n:')) entry = text.trimStart();
    else {
      const outline = finish();
      if (outline) yield outline;
      const [sha = '', ...author] = text.trimStart().split(' ');
      const [files, blobs] = [createHash('sha1'), createHash('sha1')];
      current = { sha, author: author.join(' '), files, blobs, any: false };
    }
  }
  const last = finish();
  if (last) yield last;
}
