import type { Deployment } from '../../src/domain/deployment.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Event, EventBody, Source } from '../../src/domain/event.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { Counts, Sample } from '../../src/domain/sample.ts';
import { phase, plan } from './plan.ts';

export const v1 = { sha: '1111111111111111111111111111111111111111', name: 'v1' };
export const v2 = { sha: '2222222222222222222222222222222222222222', name: 'release/20261121_101500' };
const epoch = Date.parse('2026-11-21T10:15:00.000Z');

/** The plan of a canary in four phases, with two suites. */
export function canaryPlan(part: Partial<Plan> = {}): Plan {
  const base = plan();
  return plan({
    strategyReason: 'HIGH RISK: a schema change',
    service: {
      ...base.service,
      name: 'shop',
      health: { path: '/healthz', intervalMs: 500, timeoutMs: 10_000 },
      stopTimeoutMs: 5000,
    },
    suites: [
      { name: 'unit', kind: 'unit', run: 'npm test', timeoutMs: 60_000 },
      { name: 'smoke', kind: 'smoke', run: 'npm run smoke', timeoutMs: 60_000 },
    ],
    phases: [5, 25, 50, 100].map((weight) => phase(weight, { bakeMs: 10_000, extendToMs: 60_000 })),
    pauseTimeoutMs: 1_800_000,
    risk: 'high',
    rollback: ['traffic back to stable'],
    estimates: { earliestPromotionMs: 40_000, longestRollbackMs: 1000 },
    notes: ['The migration 002.sql runs before the candidate starts.'],
    settingsHash: 'abc',
    ...part,
  });
}

export function counts(requests: number, errors = 0, bucket = 15): Counts {
  return {
    requests,
    status: [0, requests - errors, 0, 0, errors],
    failures: 0,
    latency: { [bucket]: requests },
  };
}

/** One reading, `second` seconds after the journal's beginning. */
export function sample(second: number, weight: number, stable: Counts, candidate: Counts): Sample {
  return {
    at: new Date(epoch + second * 1000).toISOString(),
    weight,
    stable,
    candidate,
    health: { healthy: 1, total: 1 },
  };
}

const source: Source = {
  kind: 'selection',
  base: { ref: 'main', sha: 'b'.repeat(40) },
  head: { ref: 'dev', sha: 'd'.repeat(40) },
  features: [],
};

/** Writes a journal event by event, numbered and a second apart. */
export class JournalBuilder {
  readonly events: Event[] = [];
  readonly id: string;

  constructor(id = '20261121_101500') {
    this.id = id;
  }

  add(...bodies: EventBody[]): this {
    for (const body of bodies) {
      const seq = this.events.length + 1;
      this.events.push({ seq, deployment: this.id, at: new Date(epoch + seq * 1000).toISOString(), ...body });
    }
    return this;
  }

  /** What the events come to. */
  fold(): Deployment | undefined {
    return this.events.reduce<Deployment | undefined>(evolve, undefined);
  }

  requested(part: Partial<Extract<EventBody, { type: 'deployment.requested' }>> = {}): this {
    return this.add({
      type: 'deployment.requested',
      environment: 'production',
      kind: 'deploy',
      by: { name: 'Ada', face: 'ui' },
      stable: v1,
      source,
      plan: canaryPlan(),
      through: 'staging',
      unattended: false,
      ...part,
    });
  }

  /** Through the built candidate and its papers, waiting for the tests. */
  staged(): this {
    const effect = `${this.id}/staging/build/1`;
    return this.add(
      { type: 'stage.started', stage: 'staging' },
      { type: 'effect.started', effect: { kind: 'build-candidate', id: effect } },
      { type: 'candidate.built', effect, version: v2, tree: 'c'.repeat(40), branch: v2.name, commits: 4 },
      { type: 'papers.written', effect, files: ['guide.md', 'test-plan.md', 'rollback.md'] },
      {
        type: 'stage.finished',
        stage: 'staging',
        status: 'passed',
        reason: 'candidate and papers are there',
      },
      { type: 'deployment.waiting', after: 'staging' },
    );
  }

  /** A person's word to go on. */
  advance(through: 'testing' | 'learning'): this {
    return this.add({
      type: 'command.received',
      request: `r${this.events.length}`,
      command: { kind: 'advance', through },
      by: { name: 'Ada', face: 'ui' },
    });
  }

  /** Through passed suites, waiting for the rollout. */
  tested(): this {
    return this.add(
      { type: 'stage.started', stage: 'testing' },
      ...['unit', 'smoke'].map((suite): EventBody => ({
        type: 'suite.finished',
        effect: `${this.id}/testing/${suite}/1`,
        result: {
          suite,
          kind: suite,
          status: 'passed',
          exitCode: 0,
          durationMs: 1200,
          log: `${suite}.log`,
          tail: [`${suite}: all 12 passed`],
        },
      })),
      { type: 'tests.reported', effect: 'report', file: 'test_report.html' },
      { type: 'stage.finished', stage: 'testing', status: 'passed', reason: '2 of 2 suites passed' },
      { type: 'deployment.waiting', after: 'testing' },
    );
  }

  /** Into the canary's phase `phase`, with a reading of both sides. */
  rollingOut(phase = 0): this {
    const weight = canaryPlan().phases[phase]?.weight ?? 5;
    this.add(
      { type: 'stage.started', stage: 'production' },
      { type: 'phase.started', phase, name: `canary ${weight} %`, weight },
      { type: 'weight.set', effect: 'w', phase, wanted: weight, actual: weight },
    );
    const second = this.events.length;
    return this.add({
      type: 'measured',
      phase,
      sample: sample(second + 1, weight, counts(12_345, 12), counts(617, 0, 16)),
    });
  }

  finished(outcome: 'succeeded' | 'rolled_back' = 'succeeded'): this {
    return this.add(
      {
        type: 'stage.finished',
        stage: 'production',
        status: outcome === 'succeeded' ? 'passed' : 'failed',
        reason: 'it is over',
      },
      { type: 'deployment.concluding', outcome, reason: 'every phase passed' },
      { type: 'stage.started', stage: 'learning' },
      { type: 'learned', effect: 'l', lessons: ['feature success 0.80 → 0.83 (n=24)'] },
      { type: 'stage.finished', stage: 'learning', status: 'passed', reason: 'one lesson' },
      {
        type: 'deployment.finished',
        outcome,
        reason: 'every phase passed',
        environment: 'production',
        version: outcome === 'succeeded' ? v2 : v1,
        durationMs: 61_000,
      },
    );
  }
}
