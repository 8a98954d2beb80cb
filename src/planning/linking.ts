import type { DependencyReason, Flags } from '../domain/feature.ts';
import { isGenerated } from './generated-files.ts';
import { ModuleLinks } from './module-links.ts';
import { Ownership } from './ownership.ts';
import type { Unit, UnitChange } from './unit.ts';
import type { UnitFacts } from './unit-facts.ts';

/**
 * Finds for each unit the earlier ones it cannot do without, from the facts of all of them in order: who wrote the
 * lines it replaces, who made what it imports, which migration came before.
 */
export class Linking {
  private readonly ownership = new Ownership();
  private readonly modules = new ModuleLinks(this.ownership);
  /** Folder of migrations → the last waiting unit that added one there. */
  private readonly lastMigration = new Map<string, number>();

  /** The next unit with its facts; units must come oldest first. */
  add({ index, commits }: Unit, facts: UnitFacts): UnitChange {
    const needs = new Map<number, DependencyReason[]>();
    const need = (other: number, reason: DependencyReason) => {
      if (other < 0 || other === index) return;
      const known = needs.get(other);
      if (!known) needs.set(other, [reason]);
      else if (known.length < 5) known.push(reason);
    };
    for (const file of facts.files) {
      if (isGenerated(file.path)) continue;
      for (const [other, reason] of this.ownership.apply(index, file)) need(other, reason);
    }
    for (const [other, reason] of this.modules.apply(index, facts.modules)) need(other, reason);
    for (const [other, reason] of this.migrationsBefore(index, facts)) need(other, reason);
    return { needs, ...describe(commits, facts) };
  }

  /**
   * A unit whose needs are known already: only what later units can rest on is taken in, and of the lines only those of
   * the `hot` files.
   */
  pass({ index }: Unit, facts: UnitFacts, hot: ReadonlySet<string>): void {
    for (const file of facts.files) {
      if (isGenerated(file.path)) continue;
      if (file.status !== 'modified' || hot.has(file.path)) this.ownership.apply(index, file);
    }
    this.modules.note(index, facts.modules);
    for (const { folder } of facts.steps) this.lastMigration.set(folder, index);
  }

  /** Migration tools apply steps in order and refuse, or skip, one that turns up before the last: so order is a need. */
  private *migrationsBefore(index: number, { steps }: UnitFacts): Generator<[number, DependencyReason]> {
    for (const { folder, path } of steps) {
      const last = this.lastMigration.get(folder);
      if (last !== undefined && last !== index) yield [last, { kind: 'migration', path }];
      this.lastMigration.set(folder, index);
    }
  }
}

/** What is told of a unit beside its needs. */
export function describe(commits: Unit['commits'], facts: UnitFacts): Omit<UnitChange, 'needs'> {
  return {
    files: facts.files.map(({ hunks: _hunks, oldPath: _oldPath, binary: _binary, ...file }) => file),
    flags: commits.some(({ message }) => message.breaking) ? broken(facts.flags) : facts.flags,
    offers: facts.offers,
    unknown: facts.unknown,
  };
}

/** A message that says so counts for the interface that changed with it, too. */
function broken(flags: Flags): Flags {
  return { ...flags, breaking: true, ...(flags.api && { api: { ...flags.api, breaking: true } }) };
}
