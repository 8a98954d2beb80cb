import { spawn } from 'node:child_process';
import { once } from 'node:events';

const listen = `
const listening = (server) => server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'));
process.on('disconnect', () => process.exit(0));
const target = process.argv[1];
`;
const agent = `new http.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1024 })`;

/** The proxies to beat, each as its own documentation sets it up, with connections to the application that are kept. */
const sources = {
  httpxy: `
import http from 'node:http';
import { createProxyServer } from 'httpxy';
${listen}
const proxy = createProxyServer({ target, agent: ${agent} });
listening(http.createServer((request, response) => void proxy.web(request, response)));
`,
  'http-proxy-3': `
import http from 'node:http';
import { createProxyServer } from 'http-proxy-3';
${listen}
const proxy = createProxyServer({ target, agent: ${agent} });
listening(http.createServer((request, response) => proxy.web(request, response)));
`,
  '@fastify/reply-from': `
import Fastify from 'fastify';
import replyFrom from '@fastify/reply-from';
${listen}
const app = Fastify();
app.register(replyFrom, { base: target, undici: { connections: 128, pipelining: 1 } });
app.all('/*', (request, reply) => reply.from(request.url));
await app.ready();
listening(app.server);
`,
} as const;
export type RivalName = keyof typeof sources;
export const rivalNames = Object.keys(sources) as RivalName[];

/** Starts one in a process of its own in front of the application at `port`; it ends with this process. */
export async function startRival(
  name: RivalName,
  port: number,
): Promise<{ port: number; pid: number | undefined; stop: () => void }> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', sources[name], `http://127.0.0.1:${port}`],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  if (!child.stdout) throw new Error('no output to read the port from');
  const [line] = await once(child.stdout, 'data');
  return { port: Number(String(line).trim()), pid: child.pid, stop: () => void child.kill('SIGKILL') };
}
