import http from 'node:http';
import type { Route } from '../../../src/ports/router.ts';

/** Statuses by which a server says that it cannot serve at all. */
const unavailable = new Set([502, 503, 504]);

/** Whether something behind `route` answers HTTP within `timeoutMs`; any answer but "unavailable" will do, for no path is known to exist. */
export function answersHttp(route: Route, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.request(
      { host: route.host, port: route.port, path: '/', agent: false, headers: { Connection: 'close' } },
      (response) => {
        clearTimeout(timer);
        resolve(!unavailable.has(response.statusCode ?? 503));
        response.destroy();
      },
    );
    const timer = setTimeout(() => request.destroy(new Error('timed out')), timeoutMs);
    request.on('error', () => {
      clearTimeout(timer);
      resolve(false);
    });
    request.end();
  });
}
