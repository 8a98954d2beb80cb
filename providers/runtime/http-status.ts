import { get } from 'node:http';

export interface StatusRequest {
  host: string;
  port: number;
  path: string;
  /** Milliseconds until the answer's head must be there. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * The status with which `GET http://host:port/path` is answered, on a connection of its own; undefined when it is not
 * answered in time or at all. Redirects are not followed, the body is not read. Never throws.
 */
export function httpStatus(request: StatusRequest): Promise<number | undefined> {
  const { host, port, path, timeoutMs, signal } = request;
  return new Promise((resolve) => {
    try {
      const asked = get(
        {
          host,
          port,
          path,
          agent: false,
          headers: { 'user-agent': 'orchestra-health' },
          signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
        },
        (response) => {
          response.destroy();
          resolve(response.statusCode);
        },
      );
      asked.on('error', () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}
