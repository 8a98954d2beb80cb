import { z } from 'zod';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Measurement } from '../../src/domain/suite-result.ts';
import { NotRead, readWrittenJson } from './written-file.ts';

const maxBytes = 20 * 1024 * 1024;
const mostMeasurements = 100;
/** More readings say nothing that these do not, and all of them stay in the journal. */
const mostSamples = 200;

const number = z.number();

/** The product's own format, documented in docs/suites.md. */
const ownSchema = z.object({
  measurements: z
    .array(
      z.object({
        name: z.string().min(1),
        value: number.optional(),
        unit: z.string().optional(),
        higherIsBetter: z.boolean().optional(),
        samples: z.array(number).max(1_000_000).optional(),
      }),
    )
    .min(1),
});

/** `k6 run --summary-export=FILE`, and the object of `handleSummary`, which has them under `values`. */
const k6Schema = z.object({
  metrics: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** `autocannon --json`. */
const autocannonSchema = z.object({
  latency: z.object({ average: number, p50: number, p97_5: number, p99: number }),
  requests: z.object({ average: number }),
});

/** `hyperfine --export-json FILE`; seconds. */
const hyperfineSchema = z.object({
  results: z
    .array(z.object({ command: z.string(), mean: number, median: number, times: z.array(number) }))
    .min(1),
});

/** Which numbers of k6 are compared: how long requests and rounds took, and how many were done in a second. */
const k6Times = ['med', 'p(90)', 'p(95)', 'p(99)'];
const k6Rates = new Set(['http_reqs', 'iterations']);

/** What a performance suite measured, from whichever of the known formats it is. Throws `NotRead`. */
export async function readMeasurements(
  root: string,
  path: string,
  before: string | undefined,
): Promise<Measurement[]> {
  const json = await readWrittenJson(root, path, before, maxBytes);
  const read = own(json) ?? hyperfine(json) ?? autocannon(json) ?? k6(json);
  if (!read || read.length === 0)
    throw new NotRead('it is none of the formats that are known: see docs/suites.md');
  return read
    .filter(({ value }) => Number.isFinite(value))
    .slice(0, mostMeasurements)
    .map((one) => ({
      ...one,
      name: safeText(one.name, 100),
      ...(one.unit === undefined ? {} : { unit: safeText(one.unit, 20) }),
      ...(one.samples === undefined ? {} : { samples: spread(one.samples.filter(Number.isFinite)) }),
    }));
}

/** So many of them, taken evenly. */
function spread(samples: readonly number[]): number[] {
  if (samples.length <= mostSamples) return [...samples];
  return Array.from(
    { length: mostSamples },
    (_, i) => samples[Math.floor((i * samples.length) / mostSamples)] ?? 0,
  );
}

function median(samples: readonly number[]): number | undefined {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)];
}

function own(json: unknown): Measurement[] | undefined {
  const parsed = ownSchema.safeParse(json);
  return parsed.data?.measurements.flatMap(({ name, value, unit, higherIsBetter, samples }) => {
    const middle = value ?? median(samples ?? []);
    if (middle === undefined) return [];
    return [
      {
        name,
        value: middle,
        ...(unit !== undefined && { unit }),
        ...(higherIsBetter === true && { higherIsBetter }),
        ...(samples && { samples }),
      },
    ];
  });
}

function hyperfine(json: unknown): Measurement[] | undefined {
  return hyperfineSchema.safeParse(json).data?.results.map(({ command, median: value, times }) => ({
    name: command,
    value,
    unit: 's',
    samples: times,
  }));
}

function autocannon(json: unknown): Measurement[] | undefined {
  const parsed = autocannonSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { latency, requests } = parsed.data;
  return [
    { name: 'latency p50', value: latency.p50, unit: 'ms' },
    { name: 'latency p97.5', value: latency.p97_5, unit: 'ms' },
    { name: 'latency p99', value: latency.p99, unit: 'ms' },
    { name: 'requests', value: requests.average, unit: '1/s', higherIsBetter: true },
  ];
}

function k6(json: unknown): Measurement[] | undefined {
  const parsed = k6Schema.safeParse(json);
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data.metrics).flatMap(([name, metric]): Measurement[] => {
    const inner = z.record(z.string(), z.unknown()).safeParse(metric['values']);
    const values = inner.data ?? metric;
    const at = (key: string) => number.safeParse(Object.hasOwn(values, key) ? values[key] : undefined).data;
    const rate = at('rate');
    if (k6Rates.has(name))
      return rate === undefined ? [] : [{ name, value: rate, unit: '1/s', higherIsBetter: true }];
    if (name === 'http_req_failed') {
      const share = rate ?? at('value');
      return share === undefined ? [] : [{ name, value: share }];
    }
    if (name !== 'http_req_duration' && name !== 'iteration_duration') return [];
    return k6Times.flatMap((key) => {
      const value = at(key);
      return value === undefined ? [] : [{ name: `${name} ${key}`, value, unit: 'ms' }];
    });
  });
}
