import type { DependencyReason } from '../domain/feature.ts';
import type { Cache } from '../ports/cache.ts';
import { analysisVersion } from './analysis-version.ts';
import { describe, Linking } from './linking.ts';
import type { Unit, UnitChange } from './unit.ts';
import { isLasting, type UnitFacts } from './unit-facts.ts';

/** What a unit needs follows from it and the base alone: the units between the two are its ancestors. */
const needsKind = `needs-${analysisVersion}`;

type NeedsCode = [index: number, because: DependencyReason[]][];

/**
 * Each unit's change, its needs among them, from the facts of all of them in order. The needs of units that were linked
 * before on the same base come from the cache; then only the files that the others touch are followed line by line.
 */
export async function linkUnits(
  units: readonly Unit[],
  facts: AsyncIterable<UnitFacts>,
  base: string,
  cache: Cache | undefined,
): Promise<UnitChange[]> {
  const keyOf = ({ commit }: Unit) => `${base}:${commit.sha}`;
  const kept = (await cache?.load(needsKind, new Set(units.map(keyOf)))) ?? new Map<string, Buffer>();
  let linked = 0;
  for (let unit = units[0]; unit && kept.has(keyOf(unit)); unit = units[linked]) linked += 1;

  const changes: UnitChange[] = [];
  const passed: UnitFacts[] = [];
  const fresh = new Map<string, string>();
  let linking: Linking | undefined;
  let lasting = true;
  const open: { unit: Unit; facts: UnitFacts }[] = [];
  const link = (unit: Unit, of: UnitFacts) => {
    linking ??= new Linking();
    const change = linking.add(unit, of);
    // Needs rest on all that came before.
    lasting &&= isLasting(of);
    if (cache && lasting) fresh.set(keyOf(unit), JSON.stringify([...change.needs]));
    changes.push(change);
  };
  for await (const of of facts) {
    const unit = units[changes.length + open.length];
    if (!unit) break;
    const line = unit.index < linked ? kept.get(keyOf(unit)) : undefined;
    if (line) {
      const needs = new Map(JSON.parse(line.toString('utf8')) as NeedsCode);
      changes.push({ needs, ...describe(unit.commits, of) });
      if (linked < units.length) passed.push(of);
    } else if (linked === 0) link(unit, of);
    else open.push({ unit, facts: of });
  }
  if (open.length > 0) {
    linking = new Linking();
    const hot = pathsBehind(open, passed);
    for (const [i, of] of passed.entries()) {
      const unit = units[i];
      if (unit) linking.pass(unit, of, hot);
    }
    for (const { unit, facts } of open) link(unit, facts);
  }
  await cache?.save(needsKind, fresh);
  return changes;
}

/** The files that these units touch, under every name they had before. */
function pathsBehind(
  open: readonly { facts: UnitFacts }[],
  passed: readonly UnitFacts[],
): ReadonlySet<string> {
  const hot = new Set(
    open.flatMap(({ facts }) => facts.files.flatMap(({ path, oldPath }) => [path, oldPath])),
  );
  for (const { files } of passed.toReversed())
    for (const { path, oldPath } of files) if (oldPath !== path && hot.has(path)) hot.add(oldPath);
  return hot;
}
