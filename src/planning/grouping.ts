import { isGenerated } from './generated-files.ts';
import { Targets, type Target } from './targets.ts';
import type { Unit } from './unit.ts';
import { isVendored } from './vendored-files.ts';

/** Units that ship together, oldest first; the first one names the feature. */
export interface Group {
  units: Unit[];
  /** `pr-12`, `abc-34`, `issue-34`, by its first unit; undefined when only its commits identify it. */
  key: string | undefined;
  /** Nothing of it is left standing: a change and its revert wait together. */
  reverted: boolean;
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

/** Two commits of one person with one scope and a file in common are one piece of work within this time of the first. */
const burstMs = 3 * 24 * 60 * 60 * 1000;

/** Branch names that many a change has had. */
const anyBranch =
  /^(?:(?:[\w-]+\/)?(?:patch|fix|bugfix|wip|tmp|temp|test|update|changes?|new|feature|branch|docs?|cleanup|refactor)[-_]?\d*)$/iu;

/** A branch's merges are one piece of work within this time of the one before. */
const branchMs = 60 * 24 * 60 * 60 * 1000;

/**
 * Groups units into features, careful rather than eager: a `fixup!` or a revert joins what it belongs to, else units join
 * by pull request, issue key or topic branch; plain commits join only in a burst of one author on one scope and file.
 * A unit only ever joins one group before it, so no later commit changes what a group is called. `filesOf` gives the
 * paths a unit touches; `shipped` are units the base holds: what mends or reverts one of them is a change of its own.
 */
export function groupUnits(
  units: readonly Unit[],
  filesOf: (unit: Unit) => readonly string[],
  shipped: ReadonlySet<number> = new Set(),
): Group[] {
  const targets = new Targets(units);
  const groups: Group[] = [];
  const groupOf: Group[] = [];
  const named = new Map<string, Unit>();
  const bursts = new Bursts();
  const standing = new Standing();
  for (const unit of units) {
    const { index, message } = unit;
    const target = targetOf(unit, targets);
    const apart = target !== undefined && shipped.has(target.index) && !shipped.has(index);
    const names = namesOf(unit);
    let joined = target === undefined || apart ? undefined : target.index;
    for (const name of names) {
      const last = named.get(name);
      if (last && joined === undefined && !(apart && target.index === last.index) && isNear(name, last, unit))
        joined = last.index;
      named.set(name, unit);
    }
    if (names.length === 0 && target === undefined && !message.merge && !message.reverts)
      joined ??= bursts.join(unit, filesOf(unit));
    standing.add(unit, apart ? undefined : target);
    let group = joined === undefined ? undefined : groupOf[joined];
    if (group) group.units.push(unit);
    else {
      group = { units: [unit], key: keyOf(unit), reverted: false };
      groups.push(group);
    }
    groupOf[index] = group;
  }
  for (const group of groups) group.reverted = group.units.length > 1 && standing.isNothing(group.units);
  return groups;
}

function targetOf({ index, message }: Unit, targets: Targets): Target | undefined {
  if (message.fixes !== undefined) return targets.ofSubject(message.fixes, index);
  return message.reverts && targets.ofRevert(message.reverts, index);
}

function keyOf(unit: Unit): string | undefined {
  const { pullRequest, issue } = unit.message;
  return pullRequest === undefined ? issue : `pr-${pullRequest}`;
}

/** What a unit shares with others of its feature. */
function namesOf(unit: Unit): string[] {
  const key = keyOf(unit);
  if (key !== undefined) return [key];
  const { branch } = unit.message;
  return branch === undefined || anyBranch.test(branch) ? [] : [`branch:${branch}`];
}

function isNear(name: string, last: Unit, unit: Unit): boolean {
  return !name.startsWith('branch:') || Math.abs(unit.commit.at - last.commit.at) <= branchMs;
}

/** Finds the piece of work a plain commit goes on with. */
class Bursts {
  private readonly last = new Map<string, { unit: Unit; files: Set<string> }>();

  /** The first unit of the burst that `unit` belongs to; undefined when it begins one. */
  join(unit: Unit, files: readonly string[]): number | undefined {
    const { scope } = unit.message;
    if (scope === undefined || wideScopes.has(scope)) return undefined;
    const own = files.filter((path) => !isGenerated(path) && !isVendored(path));
    const key = `${unit.commit.email}\0${scope}`;
    const last = this.last.get(key);
    if (
      last &&
      Math.abs(unit.commit.at - last.unit.commit.at) <= burstMs &&
      own.some((path) => last.files.has(path))
    ) {
      for (const path of own) last.files.add(path);
      return last.unit.index;
    }
    this.last.set(key, { unit, files: new Set(own) });
    return undefined;
  }
}

/** Which changes still stand, after reverts and reverts of reverts. */
class Standing {
  private readonly fallen = new Set<number>();
  private readonly taken = new Map<number, number>();
  private readonly reverts = new Set<number>();

  add({ index, message }: Unit, target: Target | undefined): void {
    if (!message.reverts || !target) return;
    this.reverts.add(index);
    if (!target.whole) return;
    // A revert of a revert puts the first change back; a revert of that takes it away again.
    const back = this.reverts.has(target.index);
    const first = this.taken.get(target.index) ?? target.index;
    const stood = !this.fallen.has(first);
    this.taken.set(index, first);
    if (back ? !stood : message.reverts.again) this.fallen.delete(first);
    else this.fallen.add(first);
  }

  isNothing(units: readonly Unit[]): boolean {
    return units.every(({ index }) => this.reverts.has(index) || this.fallen.has(index));
  }
}
