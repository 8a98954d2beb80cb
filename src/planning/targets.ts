import type { Revert } from './revert.ts';
import type { Unit } from './unit.ts';

/** What a `fixup!` or a revert speaks of. */
export interface Target {
  /** The unit it is in. */
  index: number;
  /** It is the whole unit, not one of several commits that a merge brought. */
  whole: boolean;
}

/** Shorter words begin too many subjects to say which is meant. */
const shortestSubject = 8;

/** Finds the unit that a `fixup!` or a revert speaks of, among the units before it. */
export class Targets {
  private readonly bySha = new Map<string, Target>();
  private readonly bySubject = new Map<string, Target[]>();
  private readonly byRequest = new Map<number, Target[]>();
  private readonly shas: string[];
  private sorted: string[] | undefined;

  constructor(units: readonly Unit[]) {
    for (const unit of units)
      for (const commit of unit.commits) {
        const whole = commit === unit.commit || unit.commits.length <= 2;
        const target = { index: unit.index, whole };
        const { subject, title, pullRequest } = commit.message;
        this.bySha.set(commit.sha, target);
        note(this.bySubject, subject, target);
        if (title !== subject) note(this.bySubject, title, target);
        if (pullRequest !== undefined) {
          note(this.byRequest, pullRequest, target);
          // Who reverts a merge on a forge quotes the title, which a squash has with its number and a merge without.
          const bare = title.replace(/ \([#!]\d+\)$/u, '');
          if (bare !== title) note(this.bySubject, bare, target);
        }
      }
    this.shas = [...this.bySha.keys()].sort();
  }

  /** The nearest earlier unit with that subject, or whose subject begins with it; or that sha. */
  ofSubject(subject: string, before: number): Target | undefined {
    const exact = nearest(this.bySubject.get(subject), before);
    if (exact !== undefined) return exact;
    if (/^[0-9a-f]{7,64}$/u.test(subject)) return this.ofSha(subject, before);
    if (subject.length < shortestSubject) return undefined;
    this.sorted ??= [...this.bySubject.keys()].sort();
    let best: Target | undefined;
    for (let i = firstFrom(this.sorted, subject); this.sorted[i]?.startsWith(subject); i += 1) {
      const found = nearest(this.bySubject.get(this.sorted[i] ?? ''), before);
      if (found && found.index > (best?.index ?? -1)) best = found;
    }
    return best;
  }

  ofSha(prefix: string, before: number): Target | undefined {
    const sha = this.shas[firstFrom(this.shas, prefix)];
    const target = sha?.startsWith(prefix) ? this.bySha.get(sha) : undefined;
    return target !== undefined && target.index < before ? target : undefined;
  }

  ofRevert({ sha, subject, pullRequest }: Revert, before: number): Target | undefined {
    return (
      (sha === undefined ? undefined : this.ofSha(sha, before)) ??
      (pullRequest === undefined ? undefined : nearest(this.byRequest.get(pullRequest), before)) ??
      (subject === undefined ? undefined : nearest(this.bySubject.get(subject), before))
    );
  }
}

function note<K>(known: Map<K, Target[]>, key: K, target: Target): void {
  const targets = known.get(key);
  if (targets) targets.push(target);
  else known.set(key, [target]);
}

/** The last before `before`, of targets in the order of the history. */
function nearest(targets: readonly Target[] | undefined, before: number): Target | undefined {
  if (!targets) return undefined;
  let [low, high] = [0, targets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((targets[middle]?.index ?? before) < before) low = middle + 1;
    else high = middle;
  }
  return targets[low - 1];
}

/** The place of the first text that is not before `text`, in sorted texts. */
function firstFrom(texts: readonly string[], text: string): number {
  let [low, high] = [0, texts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((texts[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
