import type { FoundImprovement } from '../../domain/improvement.ts';
import { byHand } from './by-hand.ts';
import type { Finder, Past } from './finder.ts';
import { flakySuites } from './flaky-suites.ts';
import { idlePhases } from './idle-phases.ts';
import { slowSuites } from './slow-suites.ts';
import { thresholds } from './thresholds.ts';
import { waitingApprovals } from './waiting-approvals.ts';

const finders: readonly Finder[] = [
  slowSuites,
  flakySuites,
  idlePhases,
  waitingApprovals,
  byHand,
  thresholds,
];

/**
 * What past deployments say could be done better, most time saved first. Of two that would set the same value the first one
 * found stays: they are the same advice. Pure.
 */
export function findImprovements(past: Past): FoundImprovement[] {
  const taken = new Set<string>();
  return finders
    .flatMap((find) => find(past))
    .filter(({ edits }) => {
      const places = edits.map(({ path }) => JSON.stringify(path));
      if (places.some((place) => taken.has(place))) return false;
      for (const place of places) taken.add(place);
      return true;
    })
    .sort((a, b) => (b.savesMs ?? 0) - (a.savesMs ?? 0) || b.n - a.n || (a.id < b.id ? -1 : 1));
}
