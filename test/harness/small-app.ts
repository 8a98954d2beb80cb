import type { ServicePlan } from '../../src/domain/plan.ts';

/** A service in one file: `/healthz`, `/env` (what it was started with), `/name`. */
export const healthyApp = `
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const name = readFileSync('name.txt', 'utf8').trim();
createServer((request, response) => {
  if (request.url === '/env') response.end(JSON.stringify(process.env));
  else if (request.url === '/name') response.end(name);
  else response.writeHead(request.url === '/healthz' ? 200 : 404).end();
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
`;

/** How a version with \`app.mjs\` is run. */
export function smallService(changes: Partial<ServicePlan> = {}): ServicePlan {
  return {
    name: 'shop',
    start: `'${process.execPath}' app.mjs`,
    portEnv: 'PORT',
    health: { path: '/healthz', intervalMs: 50, timeoutMs: 20_000 },
    variables: {},
    stopTimeoutMs: 2000,
    ...changes,
  };
}

/** The body of a GET on the app's port; undefined when nothing answers. */
export async function ask(port: number, path: string): Promise<string | undefined> {
  try {
    return await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  } catch {
    return undefined;
  }
}
