import { z } from 'zod';
import { fillQuery } from '../../src/domain/placeholders.ts';
import type { RawReading } from '../../src/domain/measure-reading.ts';
import type { MeasureSource } from '../../src/ports/measures.ts';
import { getJson } from './bounded-json.ts';

/** A moment (seconds) and the number as a text. */
const pointSchema = z.tuple([z.number(), z.string()]);

/** Prometheus's HTTP API, `GET /api/v1/query`. */
const answerSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    warnings: z.array(z.string()).optional(),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: pointSchema })) }),
      z.object({ resultType: z.literal('scalar'), result: pointSchema }),
      z.object({ resultType: z.enum(['matrix', 'string']), result: z.unknown() }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string().optional(), error: z.string().optional() }),
]);

/** A Prometheus server: one instant query, which must give one number; no series is no data, several are an error. */
export const prometheus: MeasureSource = {
  async read({ measure, context, signal, secret }): Promise<RawReading> {
    const { source } = measure;
    if (source.kind !== 'prometheus') throw new TypeError('not a Prometheus measure');
    const url = new URL(`${source.address.replace(/\/+$/u, '')}/api/v1/query`);
    url.searchParams.set('query', fillQuery(source.query, context));
    url.searchParams.set('timeout', `${measure.timeoutMs}ms`);
    const token = source.tokenEnv === undefined ? undefined : secret(source.tokenEnv);
    const { status, json } = await getJson(url.href, { token, signal });
    const parsed = answerSchema.safeParse(json);
    if (!parsed.success) throw new Error(`it answered ${status}, and not as Prometheus does`);
    const answer = parsed.data;
    if (answer.status === 'error')
      throw new Error(`it refused the query: ${answer.error ?? answer.errorType ?? `status ${status}`}`);
    // Hints about the query's style begin with "PromQL"; the rest says that data is missing from the answer.
    const doubt = answer.warnings?.find((warning) => !warning.startsWith('PromQL '));
    if (doubt !== undefined) throw new Error(`it doubts its answer: ${doubt}`);
    return readingOf(answer.data);
  },
};

type Data = Extract<z.infer<typeof answerSchema>, { status: 'success' }>['data'];

function readingOf(data: Data): RawReading {
  switch (data.resultType) {
    case 'scalar':
      return { at: data.result[0], value: data.result[1] };
    case 'vector': {
      const [first, ...more] = data.result;
      if (more.length > 0)
        throw new Error(
          `the query gave ${data.result.length} series; sum() or a narrower selector makes it one`,
        );
      return first ? { at: first.value[0], value: first.value[1] } : { value: undefined };
    }
    case 'matrix':
    case 'string':
      throw new Error(`the query gave a ${data.resultType}, not a number`);
    default:
      return data satisfies never;
  }
}
