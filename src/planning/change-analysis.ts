import type { DependencyReason } from '../domain/feature.ts';
import { detectFlags } from './detectors/registry.ts';
import { isMigrationStep, migrationKind } from './detectors/migration-kind.ts';
import type { CommitDiff, FileDiff } from './diff.ts';
import { isGenerated, isOwnMemory } from './generated-files.ts';
import { Imports } from './imports.ts';
import { Ownership } from './ownership.ts';
import type { Unit, UnitChange } from './unit.ts';

/**
 * Reads the units' diffs in order and keeps of each what planning needs: files, flags, and which earlier units it
 * cannot do without. Diffs are dropped once read, so memory stays small however long the history is.
 */
export class ChangeAnalysis {
  private readonly ownership = new Ownership();
  private readonly imports = new Imports(this.ownership);
  /** Folder of migrations → the last waiting unit that added one there. */
  private readonly lastMigration = new Map<string, number>();

  /** The next unit's diff; units must come oldest first. */
  async add(unit: Unit, diff: CommitDiff): Promise<UnitChange> {
    const needs = new Map<number, DependencyReason[]>();
    const need = (index: number, reason: DependencyReason) => {
      if (index < 0 || index === unit.index) return;
      const known = needs.get(index);
      if (!known) needs.set(index, [reason]);
      else if (known.length < 5) known.push(reason);
    };
    const files = diff.files.filter((file) => !isOwnMemory(file.path));
    for (const file of files) {
      if (isGenerated(file.path)) continue;
      for (const [index, reason] of this.ownership.apply(unit.index, file)) need(index, reason);
    }
    for (const [index, reason] of this.imports.apply(unit.index, files)) need(index, reason);
    for (const [index, reason] of this.migrationsBefore(unit, files)) need(index, reason);
    return {
      files: files.map(({ path, status, additions, deletions }) => ({
        path,
        status,
        additions,
        deletions,
      })),
      flags: await detectFlags({
        files,
        breaking: unit.message.breaking || unit.commits.some(saysBreaking),
        text: () => undefined,
      }),
      needs,
    };
  }

  /** Migration tools apply steps in order and refuse, or skip, one that turns up before the last: so order is a need. */
  private *migrationsBefore(unit: Unit, files: readonly FileDiff[]): Generator<[number, DependencyReason]> {
    for (const file of files) {
      if (file.status !== 'added' || !isMigrationStep(file.path)) continue;
      const kind = migrationKind(file.path, () => file.added.map((line) => line.text).join('\n'));
      if (kind === undefined) continue;
      const folder = migrationFolder(file.path);
      const last = this.lastMigration.get(folder);
      if (last !== undefined && last !== unit.index) yield [last, { kind: 'migration', path: file.path }];
      this.lastMigration.set(folder, unit.index);
    }
  }
}

/** Prisma keeps each step in a folder of its own; the sequence is the folder above. */
function migrationFolder(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return /\/migrations\/[^/]+$/u.test(folder) && path.endsWith('/migration.sql')
    ? folder.slice(0, folder.lastIndexOf('/'))
    : folder;
}

function saysBreaking(commit: { message: string }): boolean {
  return (
    /^BREAKING[ -]CHANGES?:/mu.test(commit.message) || /^\w[\w-]*(?:\([^)\n]*\))?!: /u.test(commit.message)
  );
}
