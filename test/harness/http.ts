import http, { type IncomingHttpHeaders } from 'node:http';
import net from 'node:net';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
  text: string;
}

export interface Question {
  port: number;
  path?: string;
  method?: string;
  headers?: http.OutgoingHttpHeaders | readonly string[];
  body?: string | Buffer;
  agent?: http.Agent | false;
}

/** One request and its whole answer; rejects when the answer breaks off. */
export function ask(question: Question): Promise<Answer> {
  const { port, path = '/', method = 'GET', headers, body, agent = false } = question;
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          body: whole,
          text: whole.toString('utf8'),
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends bytes as they are and gives all that comes back until the other side closes, or `until` is found in it. */
export function sendRaw(port: number, text: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = net.connect({ port, host: '127.0.0.1' }, () => socket.write(text, 'latin1'));
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (until !== undefined && received.includes(until)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

export interface Load {
  /** Answers by status and body, `200 stable`; a request without a whole answer counts as `failed`. */
  tally: Map<string, number>;
  /** Ends the load once every request under way has its answer. */
  stop(): Promise<Map<string, number>>;
}

/** Users: `clients` kept-alive connections, each asking again as soon as it was answered, until stopped or `total` was asked. */
export function startLoad(port: number, clients: number, total = Number.POSITIVE_INFINITY): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const tally = new Map<string, number>();
  let left = total;
  const user = async () => {
    while (left-- > 0) {
      const key = await ask({ port, agent }).then(
        (answer) => `${answer.status} ${answer.text}`,
        () => 'failed',
      );
      tally.set(key, (tally.get(key) ?? 0) + 1);
    }
  };
  const users = Promise.all(Array.from({ length: clients }, user));
  return {
    tally,
    async stop() {
      if (total === Number.POSITIVE_INFINITY) left = 0;
      await users;
      agent.destroy();
      return tally;
    },
  };
}

/** Looks again and again until `condition` holds; fails after about `patienceMs`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = 10_000,
): Promise<void> {
  for (let tries = 0; tries < patienceMs / 20; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  throw new Error(`never came true: ${what}`);
}
