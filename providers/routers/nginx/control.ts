import http from 'node:http';

const answerMs = 2_000;
const largestAnswer = 4_096;

/** Asks nginx over its control socket; undefined when nothing answers 200 within 2 s. */
export function askNginx(socketPath: string, path: '/number' | '/status'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = http.get({ socketPath, path, agent: false, timeout: answerMs }, (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > largestAnswer) request.destroy();
      });
      response.on('end', () => resolve(response.statusCode === 200 ? text : undefined));
      response.on('close', () => resolve(undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

export interface Running {
  /** Of the table that its configuration was made from. */
  number: number;
  host: string;
  port: number;
}

/** What the worker that answers was told; undefined when none does. */
export async function runningAt(socket: string): Promise<Running | undefined> {
  const said = await askNginx(socket, '/number');
  const [, number, host = '', port] = /^(\d+) (\S+) (\d+)$/.exec(said ?? '') ?? [];
  return number === undefined ? undefined : { number: Number(number), host, port: Number(port) };
}

/** Users' connections that are kept open and idle; 0 when nobody says. */
export async function idleUsers(socket: string): Promise<number> {
  return Number(/Waiting: (\d+)/.exec((await askNginx(socket, '/status')) ?? '')?.[1] ?? 0);
}
