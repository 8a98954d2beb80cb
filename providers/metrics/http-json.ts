import { fillUrl } from '../../src/domain/placeholders.ts';
import type { RawReading } from '../../src/domain/measure-reading.ts';
import type { MeasureSource } from '../../src/ports/measures.ts';
import { getJson } from './bounded-json.ts';
import { readingIn } from './reading-in.ts';

/** An address that answers 2xx with JSON, the number in it at `json_path`. */
export const httpJson: MeasureSource = {
  async read({ measure, context, signal, secret }): Promise<RawReading> {
    const { source } = measure;
    if (source.kind !== 'http') throw new TypeError('not an HTTP measure');
    const token = source.tokenEnv === undefined ? undefined : secret(source.tokenEnv);
    const { status, json } = await getJson(fillUrl(source.url, context), { token, signal });
    if (status < 200 || status >= 300) throw new Error(`it answered ${status}`);
    if (status === 204) return { value: undefined };
    return readingIn(json, source.jsonPath, source.timePath);
  },
};
