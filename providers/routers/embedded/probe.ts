import type { Address } from '../../../src/ports/router.ts';
import { httpStatus } from '../../runtime/http-status.ts';

/** Statuses by which a server says that it cannot serve at all. */
const unavailable = new Set([502, 503, 504]);

/** Whether something at an address answers HTTP within `timeoutMs`; any answer but "unavailable" will do, for no path is known to exist. */
export async function answersHttp({ host, port }: Address, timeoutMs: number): Promise<boolean> {
  const status = await httpStatus({ host, port, path: '/', timeoutMs });
  return status !== undefined && !unavailable.has(status);
}
