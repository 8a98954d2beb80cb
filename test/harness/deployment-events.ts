import type { Deployment } from '../../src/domain/deployment.ts';
import type { Event, EventBody } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { emptyCounts, bucketOf, type Counts, type Sample } from '../../src/domain/sample.ts';
import { plan } from './plan.ts';

const start = Date.parse('2026-03-02T10:00:00.000Z');

/** The moment `seconds` after a test's deployment began. */
export function at(seconds: number): string {
  return new Date(start + seconds * 1000).toISOString();
}

export function counts(requests: number, errors = 0, ms = 10): Counts {
  return {
    ...emptyCounts(),
    requests,
    status: [0, requests - errors, 0, 0, errors],
    latency: { [bucketOf(ms)]: requests },
  };
}

/** Readings once a second from `from`, both sides growing by a fixed rate. */
export function readings(
  seconds: number,
  rates: {
    candidate: number;
    errors?: number;
    ms?: number;
    stable?: number;
    stableMs?: number;
    healthy?: boolean;
  },
  from = 0,
): Sample[] {
  return Array.from({ length: seconds + 1 }, (_, i) => ({
    at: at(from + i),
    weight: 5,
    stable: counts((rates.stable ?? rates.candidate * 19) * i, 0, rates.stableMs ?? 10),
    candidate: counts(rates.candidate * i, Math.round((rates.errors ?? 0) * i), rates.ms ?? 10),
    health: { healthy: rates.healthy === false ? 0 : 1, total: 1 },
  }));
}

export function requested(
  change: Partial<Extract<EventBody, { type: 'deployment.requested' }>> = {},
): EventBody {
  return {
    type: 'deployment.requested',
    environment: 'production',
    kind: 'deploy',
    by: { name: 'Ana', face: 'cli' },
    stable: { sha: 'a'.repeat(40), name: 'v1' },
    source: { kind: 'version', ref: 'v2', sha: 'b'.repeat(40), features: [] },
    plan: plan(),
    through: 'learning',
    unattended: false,
    ...change,
  };
}

/** A deployment's fold that grows event by event, each a second later. */
export class Fold {
  d: Deployment;
  readonly events: Event[] = [];

  constructor(first: EventBody = requested()) {
    this.d = evolve(undefined, this.#place(first));
  }

  add(...bodies: EventBody[]): this {
    for (const body of bodies) this.d = evolve(this.d, this.#place(body));
    return this;
  }

  #place(body: EventBody): Event {
    const seq = this.events.length + 1;
    const event: Event = { seq, deployment: '20260302_100000', at: at(seq), ...body };
    this.events.push(event);
    return event;
  }
}
