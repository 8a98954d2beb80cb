import type { Patterns } from '../src/domain/memory.ts';
import { sizeOfLines } from '../src/domain/what-counts.ts';
import { figure, type Figure } from './figure.ts';
import { seeded, type Random } from './judge/random.ts';
import type { BenchOptions } from './options.ts';
import { adviceFor, isAdvised } from './teams/advice.ts';
import { live, nothingLearned, waiting } from './teams/life.ts';
import { drawChange, drawHour, isBad, teamsSimulated, type Change, type Team } from './teams/team.ts';
import { interval90, mean } from './teams/statistics.ts';

/** Lives of each team, and how often each is shown new changes to choose from. */
const lives = 6;
const looks = 20;
const checkpoints = [10, 50, 200];
/** Where a cause was known, changes that fail more often than this would be kept out. */
const tolerated = 0.05;

/** Who chooses, without having learned anything. */
type Rule = 'ship all' | 'untrained' | 'under 400 lines' | 'tests touched' | 'who knows the cause';
const rules: readonly Rule[] = [
  'ship all',
  'untrained',
  'under 400 lines',
  'tests touched',
  'who knows the cause',
];
/** Those that anybody could go by. */
const fixedRules = rules.slice(0, -1);

/** How many of the changes that were bad and good somebody let in. */
interface Count {
  bad: number;
  badIn: number;
  good: number;
  goodIn: number;
}

/** What was counted in every life of a team: by those who chose by a rule, and by the product after so many deployments. */
interface Seen {
  team: Team;
  runs: number;
  fixed: ReadonlyMap<Rule, readonly Count[]>;
  learned: ReadonlyMap<number, readonly Count[]>;
}

/**
 * Does the next recommendation get better for what was learned (S6)? Simulated teams ship by the product's own advice,
 * and it learns how each deployment went; then it is shown changes it never saw. Beside it: what ships without it.
 */
export function teams({ runs = lives }: Partial<Pick<BenchOptions, 'runs'>>): Figure[] {
  const seen = teamsSimulated.map((team, place) => watch(team, place, runs));
  const withCause = seen.filter(({ team }) => team.name !== 'none');
  return [
    ...seen.flatMap((one) => checkpoints.flatMap((n) => shares(one, n))),
    ...withCause.map((one) => lead([one], 200, `failures by ${one.team.name}`, ['ship all', 'untrained'])),
    ...checkpoints.map((n) => lead(withCause, n, 'all five causes', fixedRules)),
  ];
}

function watch(team: Team, place: number, runs: number): Seen {
  const learned = new Map(checkpoints.map((n) => [n, [] as Count[]]));
  const fixed = new Map(rules.map((rule) => [rule, [] as Count[]]));
  for (let life = 0; life < runs; life += 1) {
    const seed = 1000 * (place + 1) + life;
    const shown = drawLooks(seeded(seed + 500));
    for (const rule of rules) fixed.get(rule)?.push(count(team, shown, byRule(rule, team)));
    live(team, seeded(seed), checkpoints, (n, patterns) => {
      learned.get(n)?.push(count(team, shown, byAdvice(patterns)));
    });
  }
  return { team, runs, fixed, learned };
}

/** The two shares of a team; where nothing can be learned, nearly all that is good must be let in. */
function shares({ team, runs, fixed, learned }: Seen, n: number): Figure[] {
  const counts = learned.get(n) ?? [];
  const one = (what: string, share: (one: Count) => number, goal: Parameters<typeof figure>[4]) =>
    figure(
      'learning',
      `failures by ${team.name}, after ${n} deployments: ${what}, %`,
      100 * mean(counts.map(share)),
      `${interval90(counts.map(share), [0, 1])}, n=${runs} lives; ${rules
        .map((rule) => `${rule} ${percent(mean((fixed.get(rule) ?? []).map(share)))}`)
        .join(', ')}`,
      goal,
    );
  return team.name === 'none'
    ? [one('good features let in', letIn, n < 50 ? 'none' : { atLeast: 90 })]
    : [one('bad features kept out', keptOut, 'none'), one('good ones let in', letIn, 'none')];
}

/** How far the product is ahead of the best of these rules, one for all of the teams, in both shares together. */
function lead(seen: readonly Seen[], n: number, whose: string, than: readonly Rule[]): Figure {
  const byLife = (counts: (one: Seen) => readonly Count[] | undefined): number[] => {
    const each = seen.map((one) => (counts(one) ?? []).map((count) => keptOut(count) + letIn(count) - 1));
    return (each[0] ?? []).map((_, life) => mean(each.map((leads) => leads[life] ?? 0)));
  };
  const ofRule = (rule: Rule) => mean(byLife(({ fixed }) => fixed.get(rule)));
  const learned = byLife(({ learned }) => learned.get(n));
  return figure(
    'learning',
    `${whose}, after ${n} deployments: kept out and let in together, above ${than.join(', ')}, points`,
    100 * (mean(learned) - Math.max(...than.map(ofRule))),
    `learned ${percent(mean(learned))} (${interval90(learned, [-1, 1])}, n=${learned.length} lives), ${rules.map((rule) => `${rule} ${percent(ofRule(rule))}`).join(', ')}`,
    { atLeast: 0 },
  );
}

/** Changes of which nothing was seen before, with the hour they would ship at. */
function drawLooks(random: Random): { changes: Change[]; hour: number }[] {
  let number = 1_000_000;
  return Array.from({ length: looks }, () => ({
    hour: drawHour(random),
    changes: Array.from({ length: waiting }, () => drawChange(random, ++number)),
  }));
}

type Choose = (changes: readonly Change[], hour: number) => readonly boolean[];

const someDay = Date.UTC(2027, 0, 4);

function byAdvice(patterns: Patterns): Choose {
  return (changes, hour) => adviceFor(changes, patterns, new Date(someDay + hour * 3_600_000)).map(isAdvised);
}

function byRule(rule: Rule, team: Team): Choose {
  switch (rule) {
    case 'ship all':
      return (changes) => changes.map(() => true);
    case 'untrained':
      return byAdvice(nothingLearned);
    case 'under 400 lines':
      return (changes) => changes.map((one) => sizeOfLines(one.additions + one.deletions) !== 'large');
    case 'tests touched':
      return (changes) => changes.map(({ testsTouched }) => testsTouched);
    case 'who knows the cause':
      return (changes, hour) => changes.map((one) => team.chance(one, hour) <= tolerated);
    default:
      return rule satisfies never;
  }
}

function count(team: Team, shown: ReturnType<typeof drawLooks>, choose: Choose): Count {
  const total: Count = { bad: 0, badIn: 0, good: 0, goodIn: 0 };
  for (const { changes, hour } of shown) {
    const chosen = choose(changes, hour);
    for (const [i, change] of changes.entries()) {
      const kind = isBad(team, change, hour) ? 'bad' : 'good';
      total[kind] += 1;
      if (chosen[i]) total[`${kind}In`] += 1;
    }
  }
  return total;
}

const keptOut = ({ bad, badIn }: Count) => (bad === 0 ? 1 : 1 - badIn / bad);
const letIn = ({ good, goodIn }: Count) => goodIn / Math.max(1, good);
const percent = (share: number) => Math.round(1000 * share) / 10;
