import type { RouterName } from '../../src/domain/settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { MetricSource, RouterMissing, TrafficRouter } from '../../src/ports/router.ts';
import { createEmbeddedMetrics } from '../metrics/embedded.ts';
import { createHaproxyMetrics } from '../metrics/haproxy.ts';
import { createNginxMetrics } from '../metrics/nginx.ts';
import { createEmbeddedRouter } from './embedded/router.ts';
import { whyNoHaproxy } from './haproxy/program.ts';
import { createHaproxyRouter } from './haproxy/router.ts';
import { whyNoNginx } from './nginx/program.ts';
import { createNginxRouter } from './nginx/router.ts';

export interface RouterOptions {
  /** Where the environments' folders lie; absolute. */
  stateDir: string;
  clock: Clock;
  /** The bundled program of the embedded proxy; absolute. */
  proxyEntry: string;
}

/** One kind of router with its own numbers. */
export interface RouterKind {
  router: TrafficRouter & {
    /** Ends the environment's router for good: its listener closes, requests under way may finish. */
    stop(environment: string): Promise<void>;
  };
  metrics: MetricSource;
  /** Whether it can show the candidate to a cohort: requests with a header, visitors by a cookie. */
  cohorts: boolean;
  /** Why this machine cannot run it; undefined when it can. */
  missing(): Promise<RouterMissing | undefined>;
}

/** Every router there is, by its name in `orchestra.yaml`. */
export const routerKinds: Readonly<Record<RouterName, (options: RouterOptions) => RouterKind>> =
  Object.freeze({
    embedded: (options) => ({
      router: createEmbeddedRouter(options),
      metrics: createEmbeddedMetrics(options),
      cohorts: true,
      missing: () => Promise.resolve(undefined),
    }),
    haproxy: (options) => ({
      router: createHaproxyRouter(options),
      metrics: createHaproxyMetrics(options),
      cohorts: false,
      missing: whyNoHaproxy,
    }),
    nginx: (options) => ({
      router: createNginxRouter(options),
      metrics: createNginxMetrics(options),
      cohorts: false,
      missing: whyNoNginx,
    }),
  });
