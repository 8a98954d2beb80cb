import { seeded } from './random.ts';

/** One simulated rollout: what both sides of it do. */
export interface Scenario {
  /** Requests a second, both sides together, and the candidate's share of them. */
  rps: number;
  share: number;
  seconds: number;
  /** Chance that a request fails at stable and at the candidate. */
  stable: number;
  candidate: number;
  /** Both sides fail this many times as often for a tenth of the time, somewhere. */
  incident?: number;
  /** Failing requests come in groups of this size from one client, all of them at one side in one second. */
  burst?: number;
}

/** The seconds of one rollout in which something failed, and how many requests each side had in each minute. */
export interface Stream {
  seconds: number;
  /** How many entries of the arrays count. */
  length: number;
  second: Int32Array;
  candidateRequests: Int32Array;
  stableRequests: Int32Array;
  /** Failing clients; each sends `burst` failing requests. */
  candidateErrors: Int32Array;
  stableErrors: Int32Array;
  burst: number;
  minuteCandidateRequests: Int32Array;
  minuteStableRequests: Int32Array;
}

/**
 * Draws one rollout. Arrivals are Poisson, so failing and well-served requests of each side are independent Poisson counts
 * (thinning): seconds without a failure are leapt over, exactly, and only their requests are drawn, by the minute.
 */
export function drawStream(scenario: Scenario, seed: number): Stream {
  const { rps, share, seconds, burst = 1 } = scenario;
  const random = seeded(seed);
  const minutes = Math.ceil(seconds / 60);
  const stream: Stream = {
    seconds,
    length: 0,
    second: new Int32Array(seconds),
    candidateRequests: new Int32Array(seconds),
    stableRequests: new Int32Array(seconds),
    candidateErrors: new Int32Array(seconds),
    stableErrors: new Int32Array(seconds),
    burst,
    minuteCandidateRequests: new Int32Array(minutes),
    minuteStableRequests: new Int32Array(minutes),
  };
  const quiet = new Int32Array(minutes).fill(60);
  const incident = scenario.incident ?? 1;
  const incidentSeconds = incident === 1 ? 0 : Math.floor(seconds / 10);
  const begins = incidentSeconds === 0 ? seconds : Math.floor(random.next() * (seconds - incidentSeconds));
  const stretches = [
    { from: 0, to: begins, times: 1 },
    { from: begins, to: begins + incidentSeconds, times: incident },
    { from: begins + incidentSeconds, to: seconds, times: 1 },
  ];
  for (const { from, to, times } of stretches) {
    const candidateRate = rps * share * Math.min(1, scenario.candidate * times);
    const stableRate = rps * (1 - share) * Math.min(1, scenario.stable * times);
    const candidateWell = rps * share - candidateRate;
    const stableWell = rps * (1 - share) - stableRate;
    // Bursts: fewer clients fail, each `burst` times.
    const clients = (candidateRate + stableRate) / burst;
    const ours = candidateRate / (candidateRate + stableRate);
    const any = -Math.expm1(-clients);
    for (let at = from + random.geometric(any); at < to; at += 1 + random.geometric(any)) {
      const i = stream.length;
      stream.length += 1;
      const failing = atLeastOne(random.next(), clients);
      const candidateErrors = random.binomial(failing, ours);
      const stableErrors = failing - candidateErrors;
      stream.second[i] = at;
      stream.candidateErrors[i] = candidateErrors;
      stream.stableErrors[i] = stableErrors;
      stream.candidateRequests[i] = candidateErrors * burst + random.poisson(candidateWell);
      stream.stableRequests[i] = stableErrors * burst + random.poisson(stableWell);
      const minute = Math.floor(at / 60);
      quiet[minute] = (quiet[minute] ?? 0) - 1;
      stream.minuteCandidateRequests[minute] =
        (stream.minuteCandidateRequests[minute] ?? 0) + (stream.candidateRequests[i] ?? 0);
      stream.minuteStableRequests[minute] =
        (stream.minuteStableRequests[minute] ?? 0) + (stream.stableRequests[i] ?? 0);
    }
  }
  for (let minute = 0; minute < minutes; minute += 1) {
    const silent = quiet[minute] ?? 0;
    stream.minuteCandidateRequests[minute] =
      (stream.minuteCandidateRequests[minute] ?? 0) +
      random.poisson(silent * rps * share * (1 - scenario.candidate));
    stream.minuteStableRequests[minute] =
      (stream.minuteStableRequests[minute] ?? 0) +
      random.poisson(silent * rps * (1 - share) * (1 - scenario.stable));
  }
  return stream;
}

/** A Poisson draw known not to be 0, by inversion of `u`. */
function atLeastOne(u: number, mean: number): number {
  let term = mean / Math.expm1(mean);
  let sum = term;
  let n = 1;
  while (u > sum && n < 100_000) {
    n += 1;
    term *= mean / n;
    sum += term;
  }
  return n;
}
