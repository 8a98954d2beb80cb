import type { FeatureType } from '../../src/domain/feature.ts';
import { sizeOfLines } from '../../src/domain/what-counts.ts';
import type { Random } from '../judge/random.ts';

/** A change that waits, as a team wrote it. */
export interface Change {
  id: string;
  commits: string[];
  type: FeatureType;
  additions: number;
  deletions: number;
  files: number;
  testsTouched: boolean;
  dependencies: boolean;
  config: boolean;
  author: string;
  /** Drawn once, in 0 … 1: it is bad where the team's chance of that is more. What nobody can see. */
  luck: number;
}

/** A simulated team: what its failures come from, which the product is never told. */
export interface Team {
  name: string;
  /** The chance that a change fails in production when it is deployed at this hour of the day, UTC. */
  chance: (change: Change, hour: number) => number;
}

/** How many of a team's changes fail for reasons that nobody could have known. */
const chanceful = 0.01;
const because = (cause: boolean, chance: number) => (cause ? chance : chanceful);

const isLarge = (change: Change) => sizeOfLines(change.additions + change.deletions) === 'large';
/** When this team's users are busiest. */
const busy = new Set([15, 16, 17]);

/** Teams by where their failures come from; the last has no cause that could be learned. */
export const teamsSimulated: readonly Team[] = [
  { name: 'type', chance: ({ type }) => because(type === 'perf', 0.4) },
  { name: 'size', chance: (change) => because(isLarge(change), 0.4) },
  { name: 'hour', chance: (_, hour) => because(busy.has(hour), 0.15) },
  { name: 'missing tests', chance: ({ testsTouched }) => because(!testsTouched, 0.2) },
  {
    name: 'two causes',
    chance: (change) => because(change.type === 'refactor' && !change.testsTouched, 0.6),
  },
  { name: 'none', chance: () => 0.02 },
];

export const isBad = (team: Team, change: Change, hour: number): boolean =>
  change.luck < team.chance(change, hour);

/** Kinds of change that somebody waits for; the others are put off whatever is known of them. */
const types: readonly [FeatureType, number][] = [
  ['feature', 0.35],
  ['fix', 0.3],
  ['refactor', 0.2],
  ['perf', 0.15],
];

const authors = ['ada', 'bo', 'cem', 'dana', 'eve', 'finn'];

/** A standard normal draw (Box and Muller). */
const normal = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** A change as teams write them: most are small, two of three touch a test. Its `number` makes it one of its kind. */
export function drawChange(random: Random, number: number): Change {
  let left = random.next();
  const type = types.find(([, share]) => (left -= share) < 0)?.[0] ?? 'feature';
  const lines = Math.max(1, Math.round(80 * Math.exp(1.3 * normal(random))));
  const deletions = Math.floor(lines * random.next() * 0.4);
  return {
    id: `pr-${number}`,
    commits: [number.toString(16).padStart(40, '0')],
    type,
    additions: lines - deletions,
    deletions,
    files: 1 + Math.floor((lines / 60) * random.next() * 2),
    testsTouched: random.next() < 0.65,
    dependencies: random.next() < 0.08,
    config: random.next() < 0.08,
    author: authors[Math.floor(random.next() * authors.length)] ?? 'ada',
    luck: random.next(),
  };
}

/** Working hours, all as likely. */
export const drawHour = (random: Random): number => 8 + Math.floor(random.next() * 11);
