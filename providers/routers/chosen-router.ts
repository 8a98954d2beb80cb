import path from 'node:path';
import { z } from 'zod';
import { OrchestraError, exitCode } from '../../src/domain/errors.ts';
import { routerNameSchema, type RouterName } from '../../src/domain/settings.ts';
import type { MetricSource, RouterMissing, RouterNeeds, TrafficRouter } from '../../src/ports/router.ts';
import { findState, writeState } from '../runtime/state-file.ts';
import { folderOf } from './embedded/control-client.ts';
import type { RouterKind } from './registry.ts';

const choiceSchema = z.object({ router: routerNameSchema });

export interface ChosenRouter {
  router: TrafficRouter;
  metrics: MetricSource;
  /** Why this machine cannot run a router of that name, or that router cannot do what is needed; undefined when it can. */
  missing(name: string, needs?: RouterNeeds): Promise<RouterMissing | undefined>;
}

/**
 * The routers as one: each environment's is the kind that `ensure` was last told, kept in its folder as `router.json`. When
 * the kind changes, the one before ends and hands its routes over; users are refused in between, while requests under
 * way finish.
 */
export function createChosenRouter(stateDir: string, open: (name: RouterName) => RouterKind): ChosenRouter {
  const fileOf = (environment: string) => path.join(folderOf(stateDir, environment), 'router.json');

  async function of(environment: string): Promise<RouterKind> {
    const found = await findState(fileOf(environment), choiceSchema);
    return open(found.kind === 'value' ? found.value.router : 'embedded');
  }

  function named(name: string): RouterName {
    const known = routerNameSchema.safeParse(name);
    if (known.success) return known.data;
    throw new OrchestraError('unknown-router', `there is no router "${name}"`, {
      hint: `There are: ${routerNameSchema.options.join(', ')}.`,
      exit: exitCode.config,
    });
  }

  /** The router of another kind that still runs for the environment. */
  async function formerOf(environment: string, name: RouterName): Promise<RouterKind['router'] | undefined> {
    for (const other of routerNameSchema.options) {
      if (other === name) continue;
      const { router } = open(other);
      if (await router.alive(environment)) return router;
    }
    return undefined;
  }

  function cannot(name: RouterName, { cohort }: RouterNeeds): RouterMissing | undefined {
    if (!cohort || open(name).cohorts) return undefined;
    const able = routerNameSchema.options.filter((other) => open(other).cohorts);
    return {
      code: 'router-cannot',
      why: `the router ${name} cannot show a version to a cohort, by a header or a cookie`,
      hint: `Set \`router: ${able.join('` or `')}\` for this environment, or take the strategy canary.`,
    };
  }

  const router: TrafficRouter = {
    async ensure(options) {
      const { environment } = options;
      const name = named(options.kind ?? 'embedded');
      const wanted = open(name).router;
      const missing = (await wanted.alive(environment)) ? undefined : await open(name).missing();
      if (missing) {
        const { why, hint } = missing;
        throw new OrchestraError('router-missing', why, { hint, exit: exitCode.config });
      }
      const former = await formerOf(environment, name);
      // One that hangs has no routes to hand over; the deployment knows what is stable.
      const before = await former?.read(environment).catch(() => undefined);
      await former?.stop(environment);
      try {
        await wanted.ensure(options);
      } catch (error) {
        // Users come before the change: whoever served them goes on. Why the new one failed is what matters.
        await former?.ensure(options).catch(() => undefined);
        throw error;
      }
      await writeState(fileOf(environment), { router: name });
      if (!before) return;
      const { stable, candidate, weight, rollout, fence, cohort } = before;
      // A router that cannot keep the cohort shows the candidate to nobody until it is told anew.
      const kept = cohort && !open(name).cohorts ? { weight: 0 } : { weight, ...(cohort ? { cohort } : {}) };
      await wanted.change(environment, { stable, candidate, ...kept, rollout: rollout?.id ?? null, fence });
    },
    read: async (environment) => (await of(environment)).router.read(environment),
    async change(environment, change) {
      const { router, cohorts } = await of(environment);
      if (change.cohort && !cohorts) {
        throw new OrchestraError('router-cannot', `the router of ${environment} cannot keep a cohort`, {
          hint: 'nothing was changed',
          exit: exitCode.config,
        });
      }
      return router.change(environment, change);
    },
    heartbeat: async (environment, rollout, fence) =>
      (await of(environment)).router.heartbeat(environment, rollout, fence),
    drain: async (environment, sha, timeoutMs, copy) =>
      (await of(environment)).router.drain(environment, sha, timeoutMs, copy),
    alive: async (environment) => (await of(environment)).router.alive(environment),
  };
  return {
    router,
    metrics: {
      read: async (environment) => (await of(environment)).metrics.read(environment),
      routes: async (environment) => (await of(environment)).metrics.routes?.(environment),
    },
    missing: async (name, needs = {}) => (await open(named(name)).missing()) ?? cannot(named(name), needs),
  };
}
