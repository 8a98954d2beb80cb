import { get } from 'node:http';

/** A probe that takes longer has failed; the time a person would call a page hung. */
const probeTimeoutMs = 2000;

/** Whether `GET http://127.0.0.1:<port><path>` answers 2xx. Redirects are not followed, the body is not read. Never throws. */
export function probe(port: number, path: string, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const request = get(
        {
          host: '127.0.0.1',
          port,
          path,
          agent: false,
          headers: { 'user-agent': 'orchestra-health' },
          signal: AbortSignal.any([AbortSignal.timeout(probeTimeoutMs), ...(signal ? [signal] : [])]),
        },
        (response) => {
          const status = response.statusCode ?? 0;
          response.destroy();
          resolve(status >= 200 && status < 300);
        },
      );
      request.on('error', () => resolve(false));
    } catch {
      resolve(false);
    }
  });
}
