import type { Actor } from './actor.ts';
import type { ChecklistItem, Sight, Tick } from './checklist.ts';
import type { Deployment } from './deployment.ts';

/** An item as it stands now. */
export interface ChecklistRow extends ChecklistItem {
  done: boolean;
  /** Who ticked it, and when; undefined where the program did or nobody has. */
  tick: Tick | undefined;
}

type Seen = Pick<Deployment, 'stages' | 'candidate' | 'suites' | 'verified'>;

/** Whether the program has seen it come true. */
export function isSeen(d: Seen, sight: Sight): boolean {
  switch (sight.kind) {
    case 'discovered':
      return d.stages.discovery.status === 'passed';
    case 'selected':
      return d.stages.selection.status === 'passed';
    case 'built':
      return d.candidate.kind !== 'none';
    case 'suite':
      return d.suites.some(({ suite, status }) => suite === sight.suite && status === 'passed');
    case 'verified':
      return d.verified;
    default:
      return sight satisfies never;
  }
}

/** The deployment's checklist as it stands now; empty before its papers are written, and for those of before. */
export function checklistRows(d: Deployment): ChecklistRow[] {
  return d.checklist.map((item) => {
    const tick = d.ticks.find((t) => t.item === item.id);
    return { ...item, done: item.seen ? isSeen(d, item.seen) : tick !== undefined, tick };
  });
}

/** What of the checklist is open that belongs before production. */
export function openBefore(d: Deployment): ChecklistRow[] {
  return checklistRows(d).filter(({ due, done }) => due === 'before' && !done);
}

/** Why a person cannot tick an item, or take its tick away; undefined where they can. */
export function whyNotTick(d: Deployment, item: string, done: boolean): string | undefined {
  if (d.status.kind === 'finished') return 'it is finished: its checklist is closed';
  if (d.checklist.length === 0) return 'it has no checklist yet';
  const row = checklistRows(d).find(({ id }) => id === item);
  if (!row) return `its checklist has no item ${item}`;
  if (row.seen) return 'the program ticks that one itself, once it has seen it';
  if (done && row.tick) return `${row.tick.by.name} ticked it already`;
  return done || row.tick ? undefined : 'it is not ticked';
}

/** The ticks after a person ticked an item or took its tick away. */
export function ticked(
  d: Deployment,
  change: { item: string; done: boolean; by: Actor; at: string },
): Tick[] {
  const others = d.ticks.filter(({ item }) => item !== change.item);
  return change.done ? [...others, { item: change.item, by: change.by, at: change.at }] : others;
}
