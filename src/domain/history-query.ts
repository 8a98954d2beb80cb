import type { Outcome } from './event.ts';
import { type HistoryFilter, parseInstant } from './history-filter.ts';

/** Spelled out, so that the first frame of the screen need not load the schemas. */
const outcomes: readonly Outcome[] = [
  'succeeded',
  'rolled_back',
  'failed',
  'blocked',
  'halted',
] as const satisfies Outcome[];

/** The fields that may be named in a search of the history, as people type them. */
export const queryFields = ['feature', 'status', 'env', 'strategy', 'since', 'until'] as const;
type Field = (typeof queryFields)[number];

export interface HistoryQuery {
  filter: HistoryFilter;
  /** What of it is not understood yet, and what would be; that part narrows nothing. */
  problems: readonly string[];
}

/** The names that occur in the history: what a beginning is completed to. */
export interface KnownNames {
  environments: readonly string[];
  strategies: readonly string[];
}

/**
 * A search as people type it: words, and `field:value` with the meaning that `history --field value` has on the command
 * line. A value that is only the beginning of a known one stands for that, so that it narrows while it is typed.
 */
export function parseHistoryQuery(text: string, known: KnownNames): HistoryQuery {
  const filter: HistoryFilter = {};
  const problems: string[] = [];
  const words: string[] = [];
  for (const term of text.split(/\s+/).filter(Boolean)) {
    const colon = term.indexOf(':');
    const name = term.slice(0, Math.max(0, colon)).toLowerCase();
    const field = queryFields.find((one) => one === name);
    if (!field) words.push(term);
    else take(field, term.slice(colon + 1));
  }
  if (words.length > 0) filter.search = words.join(' ');
  return { filter, problems };

  function take(field: Field, value: string): void {
    // The field's name alone is the beginning of a condition, and none yet.
    if (value === '') return;
    switch (field) {
      case 'feature':
        filter.feature = value;
        return;
      case 'env':
        filter.environment = completed(value, known.environments);
        return;
      case 'strategy':
        filter.strategy = completed(value, known.strategies);
        return;
      case 'status': {
        const name = completed(value.toLowerCase().replaceAll('-', '_'), outcomes);
        const outcome = outcomes.find((one) => one === name);
        if (outcome) filter.status = outcome;
        else problems.push(`status is one of ${outcomes.join(', ')}`);
        return;
      }
      case 'since':
      case 'until':
        if (parseInstant(value, field) === undefined) problems.push(`${field} is a day such as 2026-01-31`);
        else filter[field] = value;
        return;
      default:
        field satisfies never;
    }
  }
}

function completed(value: string, known: readonly string[]): string {
  return known.includes(value) ? value : (known.find((name) => name.startsWith(value)) ?? value);
}
