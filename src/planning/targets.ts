import type { Commit } from './commit.ts';
import type { Message } from './message.ts';
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

/**
 * Finds the unit that a `fixup!` or a revert speaks of, among the units before it. Only what some unit asks for is
 * looked up, so that a long history costs no index of itself.
 */
export class Targets {
  private readonly bySha = new Map<string, Target>();
  private readonly bySubject = new Map<string, Target[]>();
  private readonly byRequest = new Map<number, Target[]>();
  private sorted: { subject: string; target: Target }[] | undefined;

  constructor(private readonly units: readonly Unit[]) {
    const wanted = new Wanted(units);
    if (wanted.isEmpty()) return;
    for (const [commit, target] of this.all()) {
      for (const sha of wanted.namesOf(commit.sha)) this.bySha.set(sha, target());
      for (const subject of subjectsOf(commit.message))
        if (wanted.subjects.has(subject)) note(this.bySubject, subject, target());
      const { pullRequest } = commit.message;
      if (pullRequest !== undefined && wanted.requests.has(pullRequest))
        note(this.byRequest, pullRequest, target());
    }
  }

  /** The nearest earlier unit with that subject, or whose subject begins with it; or that sha. */
  ofSubject(subject: string, before: number): Target | undefined {
    const exact = nearest(this.bySubject.get(subject), before);
    if (exact !== undefined) return exact;
    if (isSha(subject)) return this.ofSha(subject, before);
    if (subject.length < shortestSubject) return undefined;
    this.sorted ??= this.sortSubjects();
    let best: Target | undefined;
    for (let i = firstFrom(this.sorted, subject); this.sorted[i]?.subject.startsWith(subject); i += 1) {
      const found = this.sorted[i]?.target;
      if (found && found.index < before && found.index > (best?.index ?? -1)) best = found;
    }
    return best;
  }

  ofRevert({ sha, subject, pullRequest }: Revert, before: number): Target | undefined {
    return (
      (sha === undefined ? undefined : this.ofSha(sha, before)) ??
      (pullRequest === undefined ? undefined : nearest(this.byRequest.get(pullRequest), before)) ??
      (subject === undefined ? undefined : nearest(this.bySubject.get(subject), before))
    );
  }

  private ofSha(prefix: string, before: number): Target | undefined {
    const target = this.bySha.get(prefix);
    return target !== undefined && target.index < before ? target : undefined;
  }

  private sortSubjects(): { subject: string; target: Target }[] {
    const subjects = [...this.all()].map(([{ message }, target]) => ({
      subject: message.subject,
      target: target(),
    }));
    return subjects.sort((a, b) => (a.subject < b.subject ? -1 : Number(a.subject > b.subject)));
  }

  private *all(): Generator<[Commit, () => Target]> {
    for (const { index, commit: last, commits } of this.units)
      for (const commit of commits)
        yield [commit, () => ({ index, whole: commit === last || commits.length <= 2 })];
  }
}

/** What the units speak of. */
class Wanted {
  readonly subjects = new Set<string>();
  readonly requests = new Set<number>();
  private readonly shas = new Set<string>();
  private readonly lengths = new Set<number>();

  constructor(units: readonly Unit[]) {
    for (const { message } of units) {
      const { fixes, reverts } = message;
      if (fixes !== undefined) this.subjects.add(fixes);
      if (reverts?.subject !== undefined) this.subjects.add(reverts.subject);
      if (reverts?.pullRequest !== undefined) this.requests.add(reverts.pullRequest);
      for (const sha of [reverts?.sha, fixes])
        if (sha !== undefined && isSha(sha)) {
          this.shas.add(sha);
          this.lengths.add(sha.length);
        }
    }
  }

  isEmpty(): boolean {
    return this.subjects.size + this.requests.size + this.shas.size === 0;
  }

  /** The forms, cut short or whole, in which a sha was spoken of. */
  namesOf(sha: string): string[] {
    const names: string[] = [];
    for (const length of this.lengths) {
      const name = sha.slice(0, length);
      if (this.shas.has(name)) names.push(name);
    }
    return names;
  }
}

/** What a commit may be quoted by; who reverts a merge on a forge quotes the title, without a squash's number. */
function subjectsOf({ subject, title, pullRequest }: Message): string[] {
  const names = title === subject ? [subject] : [subject, title];
  const bare = pullRequest === undefined ? title : title.replace(/ \([#!]\d+\)$/u, '');
  return bare === title ? names : [...names, bare];
}

const isSha = (text: string) => /^[0-9a-f]{7,64}$/u.test(text);

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

/** The place of the first subject that is not before `text`. */
function firstFrom(sorted: readonly { subject: string }[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.subject ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
