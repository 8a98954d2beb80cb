import type { Revert } from '../revert.ts';
import type { PastUnit } from './past-unit.ts';

/** More changes than this are not looked up by their words: what is taken back is taken back soon. */
const mostRemembered = 50_000;

/** Finds the change that a revert is about, by the commit, the pull request or the words it names. */
export class TakeBacks {
  private readonly bySha = new Map<string, number>();
  private readonly byRequest = new Map<number, number>();
  private readonly byWords = new Map<string, number>();

  /** Remembers a change under all that a revert may call it by. */
  add(change: number, { commits, message }: Pick<PastUnit, 'commits' | 'message'>): void {
    for (const sha of commits) remember(this.bySha, sha.slice(0, 12), change);
    if (message.pullRequest !== undefined) remember(this.byRequest, message.pullRequest, change);
    for (const words of [message.subject, message.title])
      if (words !== '') remember(this.byWords, words, change);
  }

  /** The change taken back; undefined where it is not known. One that puts something back in takes nothing back. */
  find({ sha, subject, pullRequest, again }: Revert): number | undefined {
    if (again) return undefined;
    return (
      (sha === undefined ? undefined : this.bySha.get(sha.slice(0, 12))) ??
      (pullRequest === undefined ? undefined : this.byRequest.get(pullRequest)) ??
      (subject === undefined ? undefined : this.byWords.get(subject))
    );
  }

  /** As plain numbers and texts, the newest last. */
  toJSON(): [shas: [string, number][], requests: [number, number][], words: [string, number][]] {
    return [[...this.bySha], [...this.byRequest], [...this.byWords]];
  }

  static from([shas, requests, words]: ReturnType<TakeBacks['toJSON']>): TakeBacks {
    const found = new TakeBacks();
    for (const [key, change] of shas) found.bySha.set(key, change);
    for (const [key, change] of requests) found.byRequest.set(key, change);
    for (const [key, change] of words) found.byWords.set(key, change);
    return found;
  }
}

function remember<K>(map: Map<K, number>, key: K, change: number): void {
  map.delete(key);
  map.set(key, change);
  if (map.size <= mostRemembered) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
