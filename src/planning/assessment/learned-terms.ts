import { formatInterval, wilson } from '../../domain/interval.ts';
import type { Patterns, Tally } from '../../domain/memory.ts';
import { outcomeInputs, type OutcomeInput } from '../../domain/risk/outcome-inputs.ts';
import type { OutcomeJudgement } from '../../domain/risk/outcome-model.ts';
import type { Term } from './shape.ts';

/** Outcomes of one kind needed before their rate is spoken of. */
const smallest = 3;

/** In log-odds: what is learned of one kind and moves less than this is told together with the rest. */
const negligible = 0.02;

const none: Tally = { succeeded: 0, failed: 0 };

/** A kind of change that something was learned of. */
interface Kind {
  name: string;
  /** As the subject of a sentence. */
  what: string;
  tally: Tally;
}

/**
 * What past deployments taught of a change like this, beyond what it looks like, each with its evidence; what all of them
 * taught comes first, with what is too little to be told by itself.
 */
export function learnedTerms(
  { learned }: OutcomeJudgement,
  patterns: Patterns,
  at: Date | undefined,
): Term[] {
  const kinds = new Map<string, Kind & { change: number }>();
  let rest = 0;
  for (const [place, input] of outcomeInputs.entries()) {
    const change = learned[place] ?? 0;
    if (change === 0 || told.has(input)) continue;
    const kind = input === 'any' ? undefined : kindOf(input, patterns, at);
    if (!kind) {
      rest += change;
      continue;
    }
    const known = kinds.get(kind.name);
    kinds.set(kind.name, { ...kind, change: change + (known?.change ?? 0) });
  }
  const all = rateOf(patterns.deployments);
  const terms: Term[] = [];
  for (const { name, what, tally, change } of kinds.values()) {
    if (Math.abs(change) < negligible) rest += change;
    else terms.push({ name, change, text: sentence(what, tally, change, all) });
  }
  if (Math.abs(rest) < 1e-6) return terms;
  const { deployments } = patterns;
  const n = deployments.succeeded + deployments.failed;
  return [{ name: 'record', change: rest, text: `deployments here ${evidence(deployments, n)}` }, ...terms];
}

/** Told with what the change looks like. */
const told: ReadonlySet<OutcomeInput> = new Set(['expected', 'change', 'history']);

function kindOf(input: OutcomeInput, patterns: Patterns, at: Date | undefined): Kind | undefined {
  const row = (table: Patterns['byType'], key: string) =>
    Object.hasOwn(table, key) ? (table[key] ?? none) : none;
  if (input.startsWith('type-')) {
    const type = input.slice('type-'.length);
    return { name: 'type', what: `${type} changes`, tally: row(patterns.byType, type) };
  }
  if (input.startsWith('hour-'))
    return (
      at && { name: 'time', what: `deployments around ${hourOf(at)}:00 UTC`, tally: around(patterns, at) }
    );
  switch (input) {
    case 'size-medium':
    case 'size-large':
    case 'lines': {
      // The lines say how much of one: below 50 nothing.
      const size = input === 'lines' ? undefined : input.slice('size-'.length);
      return {
        name: 'size-record',
        what: size === undefined ? 'larger changes' : `${size} changes`,
        tally: size === undefined ? none : row(patterns.bySize, size),
      };
    }
    case 'no-tests':
      return {
        name: 'tests-record',
        what: 'changes that touch no test',
        tally: row(patterns.byFlag, 'no-tests'),
      };
    case 'spread':
      return { name: 'spread-record', what: 'changes spread over many folders', tally: none };
    case 'newcomer':
      return { name: 'author-record', what: 'changes of people who are new here', tally: none };
    case 'old-hand':
      return { name: 'author-record', what: 'changes of people who know it long', tally: none };
    case 'fixes':
      return { name: 'fixes-record', what: 'changes of files that were fixed lately', tally: none };
    case 'friday':
      return { name: 'day', what: 'deployments on a Friday', tally: none };
    case 'weekend':
      return { name: 'day', what: 'deployments at a weekend', tally: none };
    case 'any':
    case 'expected':
    case 'change':
    case 'history':
      return undefined;
    default:
      return { name: `${input}-record`, what: `changes of ${input}`, tally: row(patterns.byFlag, input) };
  }
}

const hourOf = (at: Date) => String(at.getUTCHours()).padStart(2, '0');

/** An hour of the day with the one before it and the one after it. */
function around({ byHour }: Patterns, at: Date): Tally {
  const hour = at.getUTCHours();
  return [23, 0, 1].reduce((sum, by) => {
    const key = String((hour + by) % 24).padStart(2, '0');
    const tally = Object.hasOwn(byHour, key) ? byHour[key] : undefined;
    return {
      succeeded: sum.succeeded + (tally?.succeeded ?? 0),
      failed: sum.failed + (tally?.failed ?? 0),
    };
  }, none);
}

const rateOf = ({ succeeded, failed }: Tally) =>
  succeeded + failed > 0 ? succeeded / (succeeded + failed) : 1;

function evidence(tally: Tally, n: number): string {
  return `went well in ${tally.succeeded} of ${n} (${formatInterval(wilson(tally.succeeded, n))})`;
}

/** The evidence in words; where the rate alone would say otherwise, that it does not. */
function sentence(what: string, tally: Tally, change: number, all: number): string {
  const n = tally.succeeded + tally.failed;
  const better = change > 0 ? 'better' : 'worse';
  if (n < smallest) return `${what} went ${better} here than they look (not enough history for a rate)`;
  const agrees = change > 0 ? rateOf(tally) >= all : rateOf(tally) <= all;
  return `${what} ${evidence(tally, n)}${agrees ? '' : `; ${better} than what shipped with them`}`;
}
