import type { Triggers } from '../src/domain/plan.ts';
import { thresholdsSchema } from '../src/domain/settings.ts';
import { triggersOf } from '../src/strategies/plan.ts';
import { type Figure, figure } from './figure.ts';
import { drawStream, type Scenario, type Stream } from './judge/errors-stream.ts';
import { judgeLatency } from './judge/latency.ts';
import { seeded } from './judge/random.ts';
import { byEvidence, type Found, judgeStream } from './judge/rules.ts';
import { median } from './measure.ts';
import type { BenchOptions } from './options.ts';

const quietRuns = 4000;
const latencyRuns = 120;
/** Where most of the figures are taken: 50 requests a second, 5 % of them the candidate's, for an hour. */
const usual: Scenario = { rps: 50, share: 0.05, seconds: 3600, stable: 0.005, candidate: 0.005 };

/** Is the judge right, and how soon? Simulated rollouts, looked at every second, beside the rules others go by. */
export function bench(options: BenchOptions): Promise<Figure[]> {
  const runs = options.runs ?? quietRuns;
  const some = Math.max(1, Math.ceil(runs / 4));
  return Promise.resolve([
    ...quiet(runs),
    ...bursts(runs),
    ...found(some),
    ...power(some),
    ...latency(Math.min(latencyRuns, runs)),
  ]);
}

function quiet(runs: number): Figure[] {
  const cases: [text: string, change: Partial<Scenario>][] = [
    ...[0.001, 0.005, 0.009, 0.02].map((rate): [string, Partial<Scenario>] => [
      `${percent(rate)} errors on both sides`,
      { stable: rate, candidate: rate },
    ]),
    ['an incident on both sides, 8 × 0.5 %', { incident: 8 }],
  ];
  return cases.map(([text, change]) => {
    const seen = run({ ...usual, ...change }, runs);
    return figure(
      'judge',
      `false rollbacks at ${text}, %`,
      share(seen, 'evidence'),
      `${others((rule) => `${round(share(seen, rule))} %`)}; ${runs} rollouts`,
      { atMost: 0.1 },
    );
  });
}

function bursts(runs: number): Figure[] {
  const seen = run({ ...usual, burst: 5 }, runs);
  const against = `${others((rule) => `${round(share(seen, rule))} %`)}; ${runs} rollouts`;
  return [
    figure(
      'judge',
      'false rollbacks with bursts of five, a client counted once, %',
      share(seen, 'evidence'),
      against,
      { atMost: 0.1 },
    ),
    figure(
      'judge',
      'false rollbacks with bursts of five, each counted singly, %',
      share(seen, 'singly'),
      against,
      'none',
    ),
  ];
}

function found(runs: number): Figure[] {
  const goals: [rate: number, requests: number][] = [
    [1, 6],
    [0.2, 25],
    [0.05, 140],
    [0.02, 700],
  ];
  return goals.map(([candidate, atMost]) => {
    const scenario = { ...usual, candidate };
    const requests: number[] = [];
    const seen = run(scenario, runs, (stream, { evidence }, seed) =>
      requests.push(candidateRequests(scenario, stream, evidence, seed)),
    );
    const seconds = (rule: keyof Found) => {
      const missed = 100 - share(seen, rule);
      const at = median(seen.map((one) => one[rule]));
      return `${at === Number.POSITIVE_INFINITY ? 'never' : `${at} s`}${missed > 0 ? ` (${round(100 - missed)} % found)` : ''}`;
    };
    return figure(
      'judge',
      `candidate requests until ${percent(candidate)} errors are found, median`,
      median(requests),
      `${seconds('evidence')}; ${others(seconds)}; stable 0.5 %, ${runs} rollouts`,
      { atMost },
    );
  });
}

function power(runs: number): Figure[] {
  const twice = { ...usual, candidate: 0.01 };
  const seen = run(twice, runs);
  const rare: Scenario = { ...usual, stable: 0.001, candidate: 0.002 };
  const needed = trafficFor(rare, 90, Math.min(400, runs));
  const at = median(seen.map((one) => one.evidence));
  return [
    figure(
      'judge',
      'found within the hour at twice a baseline of 0.5 %, %',
      share(seen, 'evidence'),
      `median ${at} s; ${others((rule) => `${round(share(seen, rule))} %`)}; ${runs} rollouts`,
      { atLeast: 90 },
    ),
    figure(
      'judge',
      'found within the hour at twice a baseline of 0.1 %, %',
      powerOf(rare, runs),
      `50 requests/s, ${runs} rollouts`,
      'none',
    ),
    figure(
      'judge',
      'requests/s with which 90 % are found at twice a baseline of 0.1 %',
      needed,
      '5 % of them the candidate’s, for an hour',
      'none',
    ),
  ];
}

function latency(runs: number): Figure[] {
  const triggers: Triggers = triggersOf(thresholdsSchema.parse({}), 5);
  const all = (candidate: number, both: number, from: number) =>
    Array.from({ length: runs }, (_, i) => judgeLatency({ candidate, both, triggers }, from + i));
  const slow = all(1.5, 1, 10_000);
  const never = (of: number[]) => of.filter((second) => second !== Number.POSITIVE_INFINITY).length;
  const alarms = (text: string, seen: ReturnType<typeof all>) =>
    figure(
      'judge',
      `latency: false alarms ${text}, of ${runs}`,
      never(seen.map((one) => one.evidence)),
      `a minute’s p95 1.5 × stable’s: ${never(seen.map((one) => one.threshold))} of ${runs}`,
      { atMost: 0 },
    );
  return [
    figure(
      'judge',
      'latency: × 1.5 found, median s',
      median(slow.map((one) => one.evidence)),
      `a minute’s p95 1.5 × stable’s: ${median(slow.map((one) => one.threshold))} s; log-normal, p50 80 ms, p95 182 ms, ${runs} rollouts`,
      { atMost: 60 },
    ),
    alarms('while nothing changes', all(1, 1, 20_000)),
    alarms('while both sides take × 2 for ten minutes', all(1, 2, 30_000)),
  ];
}

/** Draws and judges; seeds count from 1, so that each run of the bench sees the same rollouts. */
function run(
  scenario: Scenario,
  runs: number,
  each: (stream: Stream, found: Found, seed: number) => void = () => {},
): Found[] {
  return Array.from({ length: runs }, (_, i) => {
    const stream = drawStream(scenario, i + 1);
    const seen = judgeStream(stream);
    each(stream, seen, i + 1);
    return seen;
  });
}

function powerOf(scenario: Scenario, runs: number): number {
  let hits = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    if (byEvidence(drawStream(scenario, seed), 1) !== Number.POSITIVE_INFINITY) hits += 1;
  }
  return (100 * hits) / runs;
}

/** The least traffic, to a few percent, with which `wanted` percent are found. */
function trafficFor(scenario: Scenario, wanted: number, runs: number): number {
  let low = scenario.rps;
  let high = scenario.rps;
  while (powerOf({ ...scenario, rps: high }, runs) < wanted) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 5; i += 1) {
    const middle = (low + high) / 2;
    if (powerOf({ ...scenario, rps: middle }, runs) < wanted) low = middle;
    else high = middle;
  }
  return Math.round(high);
}

/** How many requests the candidate had had by then: those of seconds with a failure, and those drawn for the others. */
function candidateRequests(scenario: Scenario, stream: Stream, second: number, seed: number): number {
  if (second === Number.POSITIVE_INFINITY) return second;
  let requests = 0;
  let seconds = 0;
  for (; seconds < stream.length && (stream.second[seconds] ?? 0) < second; seconds += 1) {
    requests += stream.candidateRequests[seconds] ?? 0;
  }
  const well = scenario.rps * scenario.share * (1 - scenario.candidate);
  return requests + seeded(seed + 1_000_000).poisson((second - seconds) * well);
}

function share(seen: readonly Found[], rule: keyof Found): number {
  return (100 * seen.filter((one) => one[rule] !== Number.POSITIVE_INFINITY).length) / seen.length;
}

function others(text: (rule: keyof Found) => string): string {
  return `over 1 % a minute: first ${text('firstFailure')}, five in all ${text('fiveInAll')}, five in a row ${text('fiveInARow')}; Mann-Whitney every 5 min ${text('mannWhitney')}`;
}

function percent(rate: number): string {
  return `${round(100 * rate)} %`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
