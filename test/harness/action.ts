import type { ActionPlan, ActionPoint } from '../../src/domain/action.ts';

type Hook = Extract<ActionPlan, { kind: 'hook' }>;

/** A hook at one point. */
export function hook(point: ActionPoint, change: Partial<Hook> = {}): Hook {
  return {
    kind: 'hook',
    name: point,
    at: [point],
    timeoutMs: 5000,
    onFailure: 'abort',
    run: 'true',
    env: [],
    ...change,
  };
}

type Smoke = Extract<ActionPlan, { kind: 'smoke' }>;
type HttpTest = Extract<Smoke['test'], { kind: 'http' }>;

/** A smoke test that asks `GET /` before and after the rollout. */
export function smoke(test: Partial<HttpTest> = {}, change: Partial<Smoke> = {}): Smoke {
  return {
    kind: 'smoke',
    name: 'home',
    at: ['before-traffic', 'after-rollout'],
    timeoutMs: 2000,
    onFailure: 'abort',
    test: { kind: 'http', method: 'GET', path: '/', headers: {}, expectHeaders: {}, json: {}, ...test },
    ...change,
  };
}

/** Something at every point there is. */
export function everywhere(): ActionPlan[] {
  return [
    {
      kind: 'configuration-check',
      name: 'app',
      at: ['before-deployment'],
      timeoutMs: 5000,
      onFailure: 'abort',
    },
    smoke(),
    hook('before-deployment'),
    hook('before-phase'),
    hook('after-phase'),
    hook('after-promotion', { onFailure: 'ignore' }),
    hook('after-rollback', { onFailure: 'ignore' }),
  ];
}
