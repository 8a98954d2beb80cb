import { isGenerated } from './generated-files.ts';
import { readMessage } from './message.ts';
import type { Unit } from './unit.ts';

/** Units that ship together, oldest first; the first one names the feature. */
export interface Group {
  units: Unit[];
  /** `pr-12`, `abc-34`, `issue-34`; undefined when only its commits identify it. */
  key: string | undefined;
}

/** Scopes that name a kind of work rather than a piece of the product. */
const wideScopes = new Set([
  'deps',
  'deps-dev',
  'dev-deps',
  'dependencies',
  'ci',
  'release',
  'docs',
  'test',
  'tests',
  'lint',
  'build',
  'security',
]);

/** Two commits of one person with one scope and a file in common are one piece of work within this time. */
const burstMs = 3 * 24 * 60 * 60 * 1000;

/**
 * Groups units into features, careful rather than eager: by pull request, issue key, topic branch; a `fixup!` or a revert
 * joins what it belongs to; plain commits join only in a burst of one author on one scope and file. `filesOf` gives the
 * paths a unit touches.
 */
export function groupUnits(units: readonly Unit[], filesOf: (unit: Unit) => readonly string[]): Group[] {
  const parent = units.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    for (let up = parent[root] ?? root; up !== root; up = parent[root] ?? root) root = up;
    parent[i] = root;
    return root;
  };
  const join = (a: number, b: number) => {
    const [low, high] = [find(a), find(b)].sort((x, y) => x - y);
    if (low !== undefined && high !== undefined) parent[high] = low;
  };

  const targets = new Targets(units);
  const byKey = new Map<string, number>();
  const bursts = new Map<string, { unit: Unit; files: Set<string> }>();
  for (const unit of units) {
    const { message } = unit;
    const target =
      message.fixes !== undefined
        ? targets.ofSubject(message.fixes, unit.index)
        : message.reverts && targets.ofRevert(message.reverts, unit.index);
    if (target !== undefined) join(target, unit.index);
    const key = keyOf(unit);
    const name = key ?? (message.branch === undefined ? undefined : `branch:${message.branch}`);
    if (name !== undefined) {
      const first = byKey.get(name);
      if (first === undefined) byKey.set(name, unit.index);
      else join(first, unit.index);
    } else if (target === undefined) joinBurst(unit, filesOf(unit), bursts, join);
  }

  const groups = new Map<number, Unit[]>();
  for (const unit of units) {
    const root = find(unit.index);
    const members = groups.get(root);
    if (members) members.push(unit);
    else groups.set(root, [unit]);
  }
  return [...groups.values()].map((members) => ({
    units: members,
    key: members.map(keyOf).find((key) => key !== undefined),
  }));
}

function keyOf(unit: Unit): string | undefined {
  const { pullRequest, issue } = unit.message;
  return pullRequest === undefined ? issue : `pr-${pullRequest}`;
}

function joinBurst(
  unit: Unit,
  files: readonly string[],
  bursts: Map<string, { unit: Unit; files: Set<string> }>,
  join: (a: number, b: number) => void,
): void {
  const { scope, merge, reverts } = unit.message;
  if (scope === undefined || merge || reverts || wideScopes.has(scope)) return;
  const own = files.filter((path) => !isGenerated(path));
  const key = `${unit.commit.email}\0${scope}`;
  const last = bursts.get(key);
  const apart = last ? Math.abs(Date.parse(unit.commit.at) - Date.parse(last.unit.commit.at)) : Infinity;
  if (last && apart <= burstMs && own.some((path) => last.files.has(path))) {
    join(last.unit.index, unit.index);
    bursts.set(key, { unit, files: new Set([...last.files, ...own]) });
  } else bursts.set(key, { unit, files: new Set(own) });
}

/** Finds the unit that a `fixup!` or a revert speaks of, among the units before it. */
class Targets {
  private readonly bySha = new Map<string, number>();
  private readonly bySubject = new Map<string, number[]>();
  private readonly shas: string[];

  constructor(units: readonly Unit[]) {
    for (const unit of units)
      for (const commit of unit.commits) {
        this.bySha.set(commit.sha, unit.index);
        const subject = commit.message.split('\n', 1)[0]?.trim() ?? '';
        this.note(subject, unit.index);
        const title =
          commit === unit.commit
            ? unit.message.title
            : readMessage(commit.message, commit.parents.length).title;
        if (title !== subject) this.note(title, unit.index);
      }
    this.shas = [...this.bySha.keys()].sort();
  }

  private note(subject: string, index: number): void {
    const known = this.bySubject.get(subject);
    if (known) known.push(index);
    else this.bySubject.set(subject, [index]);
  }

  /** The nearest earlier unit with that subject, or whose subject begins with it; or that sha. */
  ofSubject(subject: string, before: number): number | undefined {
    const exact = this.bySubject
      .get(subject)
      ?.filter((i) => i < before)
      .at(-1);
    if (exact !== undefined) return exact;
    if (/^[0-9a-f]{7,64}$/u.test(subject)) return this.ofSha(subject, before);
    if (subject.length < 8) return undefined;
    let best: number | undefined;
    for (const [known, indexes] of this.bySubject)
      if (known.startsWith(subject)) for (const i of indexes) if (i < before && i > (best ?? -1)) best = i;
    return best;
  }

  ofSha(prefix: string, before: number): number | undefined {
    let [low, high] = [0, this.shas.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.shas[middle] ?? '') < prefix) low = middle + 1;
      else high = middle;
    }
    const sha = this.shas[low];
    const index = sha?.startsWith(prefix) ? this.bySha.get(sha) : undefined;
    return index !== undefined && index < before ? index : undefined;
  }

  ofRevert(
    reverts: { sha: string | undefined; subject: string | undefined },
    before: number,
  ): number | undefined {
    const bySha = reverts.sha === undefined ? undefined : this.ofSha(reverts.sha, before);
    if (bySha !== undefined || reverts.subject === undefined) return bySha;
    return this.bySubject
      .get(reverts.subject)
      ?.filter((i) => i < before)
      .at(-1);
  }
}
