import { type ClientRequest, get } from 'node:http';

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
    // A timer of its own: Node 20 may collect a signal made by AbortSignal.any before it fires.
    const timer = setTimeout(() => end(undefined), timeoutMs);
    let asked: ClientRequest | undefined;
    const end = (status: number | undefined) => {
      clearTimeout(timer);
      asked?.destroy();
      resolve(status);
    };
    try {
      asked = get(
        {
          host,
          port,
          path,
          agent: false,
          headers: { 'user-agent': 'orchestra-health' },
          ...(signal ? { signal } : {}),
        },
        (response) => end(response.statusCode),
      );
      asked.on('error', () => end(undefined));
    } catch {
      end(undefined);
    }
  });
}
