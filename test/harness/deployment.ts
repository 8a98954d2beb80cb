import type { Deployment, StageState } from '../../src/domain/deployment.ts';
import type { Outcome, ShippedFeature, SuiteResult, Version } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { stages, type Stage } from '../../src/domain/plan.ts';
import { emptyCounts } from '../../src/domain/sample.ts';
import { phase, plan } from './plan.ts';

const requestedAt = '2026-01-31T14:25:00.000Z';
const at = (seconds: number): string => new Date(Date.parse(requestedAt) + seconds * 1000).toISOString();

export const sha = (letter: string): string => letter.repeat(40);
const version = (letter: string): Version => ({ sha: sha(letter), name: letter.repeat(7) });

/** A feature with everything ordinary; `over` says what is not. */
export function shipped(id: string, over: Partial<ShippedFeature> = {}): ShippedFeature {
  return {
    id,
    title: `feat: ${id}`,
    type: 'feature',
    commits: [sha('c')],
    authors: ['Ada'],
    fileCount: 2,
    paths: ['src/cart.ts', 'test/cart.test.ts'],
    additions: 40,
    deletions: 3,
    flags: { breaking: false, testsTouched: true },
    bucket: 'recommended',
    risk: { level: 'low', probability: 0.93, interval: [0.8, 0.98], n: 12, factors: [] },
    pulledIn: false,
    ...over,
  };
}

/** As the journal's first event makes it, taken up by a conductor. */
function requested(id: string): Deployment {
  const base = plan();
  const d = evolve(undefined, {
    seq: 1,
    deployment: id,
    at: requestedAt,
    type: 'deployment.requested',
    environment: 'production',
    kind: 'deploy',
    by: { name: 'Ada', face: 'cli' },
    stable: version('a'),
    source: {
      kind: 'selection',
      base: { ref: 'main', sha: sha('a') },
      head: { ref: 'dev', sha: sha('d') },
      features: [shipped('saved-baskets')],
    },
    plan: plan({
      strategyReason: 'the environment asks for it',
      service: {
        ...base.service,
        name: 'web',
        install: 'npm ci',
        health: { path: '/healthz', intervalMs: 500, timeoutMs: 60_000 },
        stopTimeoutMs: 10_000,
      },
      suites: [
        { name: 'unit', kind: 'unit', run: 'npm test', timeoutMs: 600_000 },
        { name: 'smoke', kind: 'smoke', run: 'npm run smoke', timeoutMs: 60_000 },
      ],
      phases: [5, 25, 50, 100].map((weight) => phase(weight)),
      pauseTimeoutMs: 1_800_000,
      rollback: ['set the weight of the candidate to 0 %', 'stop the candidate'],
      estimates: { earliestPromotionMs: 240_000, longestRollbackMs: 1000 },
      settingsHash: 'f00d',
    }),
    through: 'learning',
    unattended: false,
    risk: { level: 'low', probability: 0.9, interval: [0.78, 0.96], n: 12, factors: [] },
  });
  return { ...d, fence: 1 };
}

/** Builds deployments as their journals would fold to, one fact at a time. */
export class DeploymentBuilder {
  readonly #deployment: Deployment;

  constructor(id = '20260131_142500') {
    this.#deployment = requested(id);
  }

  /** Changes any field by hand. */
  with(change: (deployment: Deployment) => void): this {
    change(this.#deployment);
    return this;
  }

  features(...features: ShippedFeature[]): this {
    return this.with((d) => {
      d.source.features = features;
    });
  }

  /** Every stage up to and with `last` passed; the one after it is active. */
  passed(last: Stage): this {
    return this.with((d) => {
      const end = stages.indexOf(last);
      for (const [i, stage] of stages.entries()) {
        const state: StageState =
          i <= end
            ? { status: 'passed', startedAt: at(i * 10), finishedAt: at(i * 10 + 10), reason: 'done' }
            : i === end + 1
              ? { status: 'active', startedAt: at(i * 10) }
              : { status: 'pending' };
        d.stages[stage] = state;
      }
    });
  }

  built(): this {
    return this.with((d) => {
      d.candidate = { kind: 'built', version: version('b'), tree: sha('e'), branch: `release/${d.id}` };
    }).passed('selection');
  }

  suite(name: string, status: SuiteResult['status'], tail: string[] = []): this {
    return this.with((d) => {
      const exitCode = status === 'passed' ? 0 : status === 'failed' ? 1 : null;
      const kind = d.plan.suites.find((suite) => suite.name === name)?.kind ?? 'unit';
      d.suites.push({ suite: name, kind, status, exitCode, durationMs: 4200, log: `${name}.log`, tail });
    });
  }

  /** Went through `n` phases; the last of them ended with `decision`. */
  phases(n: number, decision: 'continue' | 'roll_back' = 'continue', reason = 'no rule was broken'): this {
    return this.with((d) => {
      for (const [i, state] of d.phases.slice(0, n).entries()) {
        state.startedAt = at(60 + i * 60);
        state.weightAt = at(61 + i * 60);
        state.finishedAt = at(120 + i * 60);
        const bad = decision === 'roll_back' && i === n - 1;
        state.decision = {
          kind: bad ? 'roll_back' : 'continue',
          verdict: {
            kind: bad ? 'failed' : 'passed',
            rule: bad ? 'error-rate' : 'none',
            reason: bad ? reason : 'no rule was broken',
            data: { candidateErrorRate: bad ? 12.5 : 0, requests: 400 },
          },
        };
        d.phase = i;
        d.weight = { wanted: state.weight, actual: state.weight };
        d.samples.push({
          at: at(90 + i * 60),
          weight: state.weight,
          stable: { ...emptyCounts(), requests: 1000, status: [0, 998, 0, 0, 2], latency: { '10': 1000 } },
          candidate: {
            ...emptyCounts(),
            requests: 400,
            status: [0, bad ? 350 : 400, 0, 0, bad ? 50 : 0],
            latency: { '12': 400 },
          },
          health: { healthy: 1, total: 1 },
        });
      }
    });
  }

  /** The outcome is sure, learning is under way. */
  concluding(outcome: Outcome, reason: string): this {
    return this.with((d) => {
      if (d.candidate.kind !== 'none' && outcome === 'succeeded')
        d.candidate = { ...d.candidate, kind: 'promoted', port: 4001, pid: 77 };
      d.verified = outcome === 'succeeded';
      d.restored = outcome === 'rolled_back';
      if (d.restored) d.weight = { wanted: 0, actual: 0 };
      d.status = { kind: 'concluding', outcome, reason };
    });
  }

  finished(outcome: Outcome, reason: string = outcome): this {
    this.concluding(outcome, reason);
    return this.with((d) => {
      d.status = { kind: 'finished', outcome, reason, at: at(400), durationMs: 400_000 };
      d.updatedAt = at(400);
    });
  }

  build(): Deployment {
    return structuredClone(this.#deployment);
  }
}

export const aDeployment = (id?: string): DeploymentBuilder => new DeploymentBuilder(id);

/** One that went well from end to end. */
export function aSuccess(id?: string, ...features: ShippedFeature[]): Deployment {
  const builder = aDeployment(id).built().suite('unit', 'passed').suite('smoke', 'passed');
  if (features.length > 0) builder.features(...features);
  return builder.passed('production').phases(4).finished('succeeded', 'all phases passed').build();
}

/** One that was taken back by a rule in its second phase. */
export function aRollback(id?: string, ...features: ShippedFeature[]): Deployment {
  const builder = aDeployment(id).built().suite('unit', 'passed').suite('smoke', 'passed');
  if (features.length > 0) builder.features(...features);
  return builder
    .passed('testing')
    .phases(2, 'roll_back', 'error rate 12.5 % is over 5 %')
    .finished('rolled_back', 'error rate 12.5 % is over 5 %')
    .build();
}
