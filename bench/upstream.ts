import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A bare application: answers its own name, and tells on request when the last request came (milliseconds since 1970). */
const source = `
import http from 'node:http';
const name = process.argv[1];
let last = 0, seen = 0;
const server = http.createServer((request, response) => {
  if (request.url === '/last') return response.end(JSON.stringify({ last, seen }));
  last = performance.timeOrigin + performance.now(); seen++;
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': name.length });
  response.end(name);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(server.address().port + '\\n'));
process.on('disconnect', () => process.exit(0));
`;

export interface Upstream {
  name: string;
  port: number;
  /** When the last ordinary request came, in milliseconds since 1970, and how many came. */
  last(): Promise<{ last: number; seen: number }>;
  stop(): void;
}

/** Starts a bare application in a process of its own; it ends with this one. */
export async function startUpstream(name: string): Promise<Upstream> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source, name], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (!child.stdout) throw new Error('no output to read the port from');
  const [line] = await once(child.stdout, 'data');
  const port = Number(String(line).trim());
  return {
    name,
    port,
    async last() {
      const response = await fetch(`http://127.0.0.1:${port}/last`);
      const value: unknown = await response.json();
      if (typeof value !== 'object' || value === null || !('last' in value) || !('seen' in value)) {
        throw new Error('the application did not say when it was last asked');
      }
      return { last: Number(value.last), seen: Number(value.seen) };
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
