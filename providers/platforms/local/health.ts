import { httpStatus } from '../../runtime/http-status.ts';

/** A probe that takes longer has failed; the time a person would call a page hung. */
const timeoutMs = 2000;

/** Whether `GET http://127.0.0.1:<port><path>` answers 2xx. Redirects are not followed, the body is not read. Never throws. */
export async function probe(port: number, path: string, signal?: AbortSignal): Promise<boolean> {
  const status = await httpStatus({ host: '127.0.0.1', port, path, timeoutMs, signal });
  return status !== undefined && status >= 200 && status < 300;
}
